"""How an operator gets the help: F1, the question mark in the head of the window, a link, or the search."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from widgets.dock.kinds import HELP
from widgets.help.button import mark_help, open_help_of
from widgets.help.topics import HasHelp, link_of_dialog, topic_of_page, topic_of_panel
from widgets.keyboard.shortcut import bind
from widgets.target import Target
from widgets.translation import language, tr

if TYPE_CHECKING:
    from widgets.main_window import MainWindow

_ATTENDED = "hasHelp"


class Helping(QObject):
    """Of one window: opens the help as a panel beside the page, at what is in front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        bind("window.help", window, self.open_here)
        window.header.help_asked.connect(self.open_here)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._attend)
        window.status.help_asked.connect(self.open)
        window.navigation.help_asked.connect(self.open)

    def open_here(self) -> None:
        """Open the help for the panel that has the keyboard, else for the page in view."""
        panel = self._window.docks.present()
        link = topic_of_panel(panel.kind) if panel is not None else ""
        page = self._window.docks.pages
        if not link and isinstance(page, HasHelp):
            link = page.help_link()
        self.open(link or topic_of_page(self._window.navigation.page))

    def open(self, link: str) -> None:
        """Open the help at a link such as `trouble#disk`."""
        from widgets.dock.help_content import HelpContent  # noqa: PLC0415 - read when somebody asks for it

        panel = self._window.docks.open(HELP)
        if panel is not None and isinstance(panel.content, HelpContent):
            panel.content.view.open_link(link)

    def _attend(self, _: QWidget | None, now: QWidget | None) -> None:
        """Let F1 work in a dialog too: what waits for an answer holds back the keys of the window behind it."""
        dialog = now.window() if now is not None else None
        if not isinstance(dialog, QDialog) or dialog.property(_ATTENDED):
            return
        dialog.setProperty(_ATTENDED, True)
        if link_of_dialog(type(dialog).__module__):
            mark_help(dialog)
            bind("window.help", dialog, partial(open_help_of, dialog))

    def targets(self) -> list[Target]:
        """Return what the search of the window finds: every heading of the help, in both languages."""
        return list(self._targets())

    def _targets(self) -> Iterator[Target]:
        from widgets.help.book import places  # noqa: PLC0415 - read when somebody searches, not at the start

        kind, is_english = tr("Help"), language() == "en"
        for english, chinese in zip(places("en"), places("zh"), strict=True):
            shown = english if is_english else chinese
            keys = (f"help/{shown.link}", english.title, chinese.title)
            detail = shown.chapter if shown.number else ""
            yield Target(kind, shown.title, detail, keys, partial(self.open, shown.link))
