"""The demo plant as it runs, and the real window on it in the process of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThread
from PySide6.QtWidgets import QApplication

from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.system.station import Station
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.preference import Preferences

TIME_FACTOR = 600
"""The fastest the demo plant runs: its first faults are alarmed and foreseen within half a minute."""


@contextmanager
def running_plant(home: Path) -> Iterator[PlantFolder]:
    """Run the demo plant and its collector; the folder is there once the collector runs."""
    with Station(home, "demo", "--without-window", f"--time-factor={TIME_FACTOR}") as station:
        folder = PlantFolder(home / "plants" / "demo")
        ready = station.until(folder.history.exists, timeout_s=60)
        assert ready, "\n".join(station.lines[-15:])
        yield folder


@contextmanager
def live_window(folder: PlantFolder, settings: Path) -> Iterator[MainWindow]:
    """Show the window on a plant whose collector runs."""
    feed = Feed(read_plant(folder.configuration), folder)
    preferences = Preferences(settings)
    preferences.language = "en"
    window = MainWindow(feed, preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    window.show()
    feed.start()
    try:
        yield window
    finally:
        window.close()
        feed.close()
        window.deleteLater()


def wait_until(fact: Callable[[], bool], *, timeout_s: float) -> bool:
    """Let the window live until something holds; return whether it came to hold."""
    longest = QDeadlineTimer(int(1000 * timeout_s))
    while not fact() and not longest.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QThread.msleep(5)
    return fact()
