"""A process picture of 2,000 live elements, all of which change: what a frame costs, and opening and closing one.

Beside it stands a QGraphicsView of as many items, rectangles that change their height and texts that are set, without
quality, unit, alarm or name. Beside 1,000 values alone stands PyDM. Processor time counts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QGraphicsScene, QGraphicsSimpleTextItem, QGraphicsView

from app.model import clock, status
from app.model.block import block_of
from app.model.picture import Picture, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.live import LatestValues
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run
from tests.benchmarks.pydm_screen import PydmScreen
from tests.benchmarks.screen_time import application, costs, shown, timed
from widgets.feed import Feed, ValuesChanged
from widgets.picture.view import PictureView
from widgets.theme import SEMIBOLD, TextSize, theme

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

ELEMENTS = 2_000
COLUMNS = 25
VESSEL_PX, CELL = 14, (64, 22)
"""Each cell holds a vessel and the value beside it, which has to have room: what has none is not painted."""
WIDTH, HEIGHT = 1_600, 900
HERTZ = 10
FRAMES = 4
"""In one turn of ours, which is then as long as one of the peer's single frame, and meets as cold a cache.

What a frame costs that comes alone, each tenth of a second, is told as a share of a core.
"""
VALUES = 1_000
PICTURE_SIZE = (COLUMNS * CELL[0], ELEMENTS // 2 // COLUMNS * CELL[1])
TEXT_SIZE: TextSize = "large"
"""Of the letters of both: the picture writes in it where a unit of it takes a px."""


def measure(options: Options) -> Iterator[Figure]:
    """Yield the cost of a frame beside the peer's, and of opening and closing."""
    application()
    turns, budget_s = (5, 12.0) if options.quick else (21, 90.0)
    with tempfile.TemporaryDirectory(prefix="foreshift-picture-") as name:
        ours, peer = LivePicture(Path(name), ELEMENTS), SceneOfItems()
        own, theirs = costs([timed(ours.frame, times=FRAMES), timed(peer.frame)], turns=turns, budget_s=budget_s)
        (lone,) = costs([timed(ours.frame)], turns=turns, budget_s=budget_s / 4)
        text = f"{ELEMENTS:,} elements that all change"
        yield Figure(f"{text}, a frame", "ms", own * 1_000, theirs * 1_000, "QGraphicsView", "ratio <= 0.2")
        yield Figure(f"{text} at {HERTZ} Hz, share of a core", "%", lone * HERTZ * 100, goal="ours <= 10")
        yield from _beside_pydm(ours, turns=turns, budget_s=budget_s / 2)
        ours.close()


def _beside_pydm(ours: LivePicture, *, turns: int, budget_s: float) -> Iterator[Figure]:
    """Yield what opening, changing and closing 1,000 values costs, PyDM beside it where that can run."""
    opened, fed, closed = OpenedPicture(ours), FedPicture(ours), ClosedPicture(ours)
    closed.prepare(turns + 1)
    contestants = {
        "opening": [timed(opened.open)],
        "a change of all": [timed(fed.feed)],
        "closing": [timed(closed.close)],
    }
    goals = {"opening": "ours <= 0.5", "closing": "ours <= 0.1"}
    with ExitStack() as closing:
        try:
            pydm = closing.enter_context(PydmScreen(VALUES))
            for deed, turn in zip(contestants, (pydm.open, pydm.feed, pydm.close), strict=True):
                contestants[deed].append(turn)
        except pytest.skip.Exception as reason:
            say_not_run(str(reason))
        for deed, both in contestants.items():
            own, *theirs = costs(both, turns=turns, budget_s=budget_s)
            peer, name = (theirs[0], "PyDM") if theirs else (None, "")
            yield Figure(f"{VALUES:,} values, {deed}", "s", own, peer, name, goals.get(deed, ""))


class LivePicture:
    """A view of vessels with levels and of readouts, on a plant without a collector."""

    def __init__(self, folder: Path, elements: int) -> None:
        tags = tuple(
            TagDefinition(handle, f"T{handle:04}", "E", LocalText("level"), "c", "a", unit="%", low=0.0, high=100.0)
            for handle in range(elements)
        )
        self.feed = Feed(Plant("picture", LocalText("picture"), (), (), tags), PlantFolder(folder))
        self.feed.is_linked = True
        self.picture = Picture(
            "p",
            LocalText("picture"),
            "E",
            PICTURE_SIZE,
            symbols=tuple(
                Symbol("tank", _place(tag.handle, VESSEL_PX / 2), (VESSEL_PX - 2, CELL[1] * 0.8), level=tag.name)
                for tag in tags[: elements // 2]
            ),
            readouts=tuple(
                Readout(tag.name, _place(tag.handle - elements // 2, (VESSEL_PX + CELL[0]) / 2))
                for tag in tags[elements // 2 :]
            ),
        )
        self._chance = np.random.default_rng(20_263)
        self._handles = np.arange(elements)  # samples come as columns
        self.receive()
        self.view = PictureView(self.feed)
        self.view.show_picture(self.picture)
        shown(self.view, WIDTH, HEIGHT)

    def receive(self) -> None:
        """Take a new value of every tag."""
        number, now = len(self.feed.plant.tags), clock.now_ns()
        values, good = self._chance.random(number) * 100, np.full(number, status.GOOD, np.uint32)
        latest = LatestValues(np.full(number, now), values, good)
        self.feed.receive_values(ValuesChanged(block_of(self._handles, now, values, status.GOOD), latest))

    def frame(self, number: int) -> None:
        """Take a new value of every element and paint the picture."""
        del number
        self.receive()
        self.view.refresh()
        QApplication.processEvents()

    def close(self) -> None:
        """Let go of it."""
        self.view.close()
        self.feed.close()


class OpenedPicture:
    """Opens a picture of 1,000 values, and leaves it open."""

    def __init__(self, live: LivePicture) -> None:
        self._live = live
        self._kept: list[PictureView] = []

    def open(self, number: int) -> None:
        """Make a view, show it and paint every value."""
        del number
        self._kept.append(opened_view(self._live))


class FedPicture:
    """A picture of 1,000 values that stays open and gets others."""

    def __init__(self, live: LivePicture) -> None:
        self._live = live
        self._view = opened_view(live)

    def feed(self, number: int) -> None:
        """Change and paint every value."""
        del number
        self._live.receive()
        self._view.refresh()
        QApplication.processEvents()


class ClosedPicture:
    """Closes pictures of 1,000 values that were opened before."""

    def __init__(self, live: LivePicture) -> None:
        self._live = live
        self._open: list[PictureView] = []

    def prepare(self, number: int) -> None:
        """Open so many."""
        self._open = [opened_view(self._live) for _ in range(number)]

    def close(self, number: int) -> None:
        """Close one of them for good."""
        del number
        view = self._open.pop()
        view.close()
        view.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def opened_view(live: LivePicture) -> PictureView:
    """Return a new view in which 1,000 values have been painted."""
    view = PictureView(live.feed)
    view.show_picture(Picture("v", LocalText("values"), "E", PICTURE_SIZE, readouts=live.picture.readouts[:VALUES]))
    shown(view, WIDTH, HEIGHT)
    return view


class SceneOfItems:
    """As many items in a QGraphicsView, which is painted as a whole: with all of them changing the quickest way."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(20_263)
        self._scene = QGraphicsScene(0, 0, *PICTURE_SIZE)
        self._rects = [self._rect(number) for number in range(ELEMENTS // 2)]
        self._texts = [self._text(number) for number in range(ELEMENTS // 2, ELEMENTS)]
        self._view = QGraphicsView(self._scene)
        self._view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        shown(self._view, WIDTH, HEIGHT)

    def frame(self, number: int) -> None:
        """Set every item anew and paint them."""
        del number
        values = self._chance.random(ELEMENTS) * 100
        for rect, value in zip(self._rects, values, strict=False):
            rect.setRect(0, 0, VESSEL_PX - 2, CELL[1] * 0.8 * value / 100)
        for text, value in zip(self._texts, values[ELEMENTS // 2 :], strict=True):
            text.setText(f"{value:.1f}")
        QApplication.processEvents()

    def _rect(self, number: int) -> QGraphicsRectItem:
        item = self._scene.addRect(0, 0, VESSEL_PX - 2, CELL[1] * 0.8, QPen(theme().color("line")), QColor("gray"))
        item.setPos(*_place(number, 0))
        return item

    def _text(self, number: int) -> QGraphicsSimpleTextItem:
        item = self._scene.addSimpleText("0.0", theme().font(TEXT_SIZE, weight=SEMIBOLD))
        item.setPos(*_place(number - ELEMENTS // 2, VESSEL_PX))
        return item


def _place(number: int, x: float) -> tuple[float, float]:
    return number % COLUMNS * CELL[0] + x, (number // COLUMNS + 0.5) * CELL[1]
