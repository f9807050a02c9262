"""A run of the window without a display: it lasts for a while and leaves pictures of what it showed."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from widgets.display import PLATFORM, off_screen_displays
from widgets.every_screen import DISPLAYS, take_every_screen
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pictures import most_telling_tag, take_pictures
from widgets.prediction.foreseen import Foreseen

log = logging.getLogger(__name__)

FORESEEN, END = "foreseen", "end"


@dataclass(frozen=True, slots=True)
class OffScreen:
    """How long it lasts, s (0: until it is ended), and the folder for its pictures (None: it leaves none).

    `every_screen`: at the end of every panel and dialog too, in every size, and none before; `is_whole`: in every look
    at every size.
    """

    seconds: float = 0.0
    pictures: Path | None = None
    every_screen: bool = False
    is_whole: bool = False


@contextmanager
def displays_of(plan: OffScreen | None) -> Iterator[None]:
    """Let the QApplication that is made within draw off screen as planned; None: on what displays there are."""
    if plan is None:
        yield
    elif plan.every_screen:
        with off_screen_displays(DISPLAYS):
            yield
    else:
        os.environ["QT_QPA_PLATFORM"] = PLATFORM
        yield


class OffScreenRun(QObject):
    """Takes two sets of pictures: once an alarm and a forecast stand for one equipment, and at the end.

    The window lives on while they are taken: its feed, its clocks and its summary run.
    """

    def __init__(self, app: QApplication, plan: OffScreen) -> None:
        super().__init__(app)
        self._app = app
        self._plan = plan
        self._is_ending = False
        if plan.seconds > 0:
            QTimer.singleShot(int(plan.seconds * 1000), self, self.end)

    def end(self) -> None:
        """End the event loop, not by `quit`: it would close the window, and with it its feed, before the pictures."""
        self._is_ending = True
        self._app.exit()

    def watch(self, feed: Feed, window: MainWindow) -> None:
        """Take the first set once its moment has come."""
        if self._plan.pictures is not None and not self._plan.every_screen:
            moment = Foreseen(feed)
            # the pictures take seconds, in which events are handled: not from within the handling of one
            moment.happened.connect(lambda tag: QTimer.singleShot(0, window, lambda: self._take(window, FORESEEN, tag)))

    def finish(self, window: MainWindow) -> None:
        """Take the last set, of the equipment that has most to tell."""
        self._is_ending = False
        if self._plan.every_screen and self._plan.pictures is not None:
            plan, pictures = self._plan, self._plan.pictures
            for path in take_every_screen(window, pictures, is_whole=plan.is_whole, is_ending=lambda: self._is_ending):
                log.info("picture.written file=%s", path)
            return
        self._take(window, END, most_telling_tag(window.feed))

    def _take(self, window: MainWindow, moment: str, tag: str) -> None:
        if self._plan.pictures is None:
            return
        for path in take_pictures(
            window, self._plan.pictures, moment=moment, tag=tag, is_ending=lambda: self._is_ending
        ):
            log.info("picture.written file=%s", path)
