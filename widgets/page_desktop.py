"""The process of a further window: one page of one plant, on a screen of its own, beside the first window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.plant.catalogue import PlantCatalogue
from widgets.desktop import Desktop, PagesOf, Services
from widgets.feed import Feed
from widgets.off_screen import OffScreenRun
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.sound.annunciator import MUTE


class PageDesktop(Desktop):
    """Begins with `page` whenever it is opened, remembers its own place, and is silent: the first window sounds."""

    def __init__(
        self,
        app: QApplication,
        services: Services,
        *,
        catalogue: PlantCatalogue,
        page: str,
        pages: PagesOf = pages_of,
        on_feed: Callable[[Feed], object] | None = None,
        run: OffScreenRun | None = None,
    ) -> None:
        super().__init__(app, services, catalogue=catalogue, pages=pages, on_feed=on_feed, run=run)
        self.preferences = page_preferences(catalogue.home, page)


def page_preferences(home: Path, page: str) -> Preferences:
    """Return what the window of a page remembers; at first what the first window does, but for its place."""
    path = home / f"window-{page}.ini"
    if not path.exists():
        source = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        copy = QSettings(str(path), QSettings.Format.IniFormat)
        for key in source.allKeys():
            if not key.startswith("window/geometry"):
                copy.setValue(key, source.value(key))
        copy.sync()
    preferences = Preferences(path)
    preferences.page = page
    preferences.set_on(MUTE, is_on=True)
    return preferences
