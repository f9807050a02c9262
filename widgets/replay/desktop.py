"""The process of a replay: one window on the past of one plant, which lives at the instant that it shows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.database import DatabaseError
from app.model import clock
from app.model.plant import Plant
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from widgets.desktop import OFF_SCREEN_SIZE, Desktop, PagesOf, Services
from widgets.feed import Feed
from widgets.off_screen import OffScreenRun
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.replay.plant_past import PlantPast, plant_at
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.window import ReplayWindow

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplayStart:
    """From when on (int64 ns UTC), how many times as fast as it was, and whether it runs at once."""

    instant: int
    speed: int = 1
    is_playing: bool = True


class ReplayDesktop(Desktop):
    """Shows a plant's past; its collector is found or started as by any window, for the bar tells of the present."""

    def __init__(
        self,
        app: QApplication,
        services: Services,
        *,
        catalogue: PlantCatalogue,
        start: ReplayStart,
        pages: PagesOf = pages_of,
        on_feed: Callable[[Feed], object] | None = None,
        run: OffScreenRun | None = None,
    ) -> None:
        super().__init__(app, services, catalogue=catalogue, pages=pages, on_feed=on_feed, run=run)
        self.start = start
        self._live: Feed | None = None
        self._is_turning = False

    def close(self) -> None:
        """Close the window, let go of the collector, and live in the present again."""
        super().close()
        if self._live is not None:
            self._live.close()
            self._live = None
        clock.live_at(None)

    def resize(self, folder: PlantFolder, plant: Plant, steps: int) -> None:
        """Draw everything larger by so many steps, and go on where the replay is."""
        if isinstance(self.window, ReplayWindow) and self.window.playhead is not None:
            head = self.window.playhead
            self.start = ReplayStart(head.wanted, head.speed, is_playing=head.is_playing)
        super().resize(folder, plant, steps)

    def _past_of(self, folder: PlantFolder, plant: Plant) -> PlantPast:
        """Return how the plant was configured where the replay begins."""
        try:
            return plant_at(folder, plant, self.start.instant)
        except DatabaseError as error:  # the bar says so too, as long as the history cannot be read
            log.warning("replay.configuration_unknown %s", error)
            return PlantPast(plant, is_known=False)

    def _follow(self, folder: PlantFolder, playhead: Playhead, past: PlantPast) -> None:
        """Build the window anew where the replay comes to a time in which the plant was configured otherwise."""
        if past.covers(playhead.shown) or self._is_turning:
            return
        self._is_turning = True
        self.start = ReplayStart(playhead.wanted, playhead.speed, is_playing=playhead.is_playing)
        QTimer.singleShot(0, self, lambda: self._turn(folder))

    def _turn(self, folder: PlantFolder) -> None:
        self._is_turning = False
        if self.window is not None:
            self.open(folder)

    def _show_plant(self, folder: PlantFolder, plant: Plant) -> None:
        self.close()
        past = self._past_of(folder, plant)
        plant = replace(past.plant, is_read_only=True)
        playhead = Playhead(self.start.instant, speed=self.start.speed, parent=self)
        clock.live_at(lambda: playhead.shown)
        source = ReplaySource(folder, plant, playhead)
        feed = Feed(plant, folder, source=source, parent=self)
        self._live = Feed(plant, folder, ensure_collector=lambda: self._ensure_collector(folder), parent=self)
        self.preferences = own_preferences(self._catalogue.home)
        window = ReplayWindow(
            feed,
            self._live,
            source,
            preferences=self.preferences,
            pages=lambda acknowledgement: self._pages(folder, acknowledgement),
        )
        window.closed.connect(feed.close)
        window.note_past(past)
        playhead.moved.connect(lambda: self._follow(folder, playhead, past))
        window.size_asked.connect(lambda steps: self.resize(folder, plant, steps), Qt.ConnectionType.QueuedConnection)
        if self._run is not None:
            window.resize(*OFF_SCREEN_SIZE)
            self._run.watch(feed, window)
        self.window = window
        window.show()
        if self._on_feed is not None:
            self._on_feed(feed)
        feed.start()
        self._live.start()
        if self.start.is_playing:
            playhead.play()


def own_preferences(home: Path) -> Preferences:
    """Return a replay's own copy of what the live window remembers: it begins like that one, and leaves it alone."""
    path = home / "replay.ini"
    source = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    copy = QSettings(str(path), QSettings.Format.IniFormat)
    for key in source.allKeys():
        copy.setValue(key, source.value(key))
    copy.sync()
    return Preferences(path)
