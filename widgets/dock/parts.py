"""The keyboard's way between the page and the panels, also over the windows that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from widgets.dock.panel import Panel

if TYPE_CHECKING:
    from widgets.dock.docks import Docks


class Parts(QObject):
    """Goes round: the page, then each panel in the order in which they were opened."""

    def __init__(self, docks: Docks) -> None:
        super().__init__(docks)
        self._docks = docks
        self._present: Panel | None = None

    @property
    def present(self) -> Panel | None:
        """Return the panel that has the keyboard, None where the page has it."""
        return self._present if self._present in self._docks.panels else None

    def look(self) -> Panel | None:
        """See where the keyboard is: None for the page."""
        self._notice()
        return self.present

    def go(self, step: int) -> None:
        """Bring the keyboard to the next part, or to the one before (-1)."""
        parts: list[Panel | None] = [None, *self._docks.panels]
        self._notice()
        self.enter(parts[(parts.index(self.present) + step) % len(parts)])

    def enter(self, panel: Panel | None) -> None:
        """Bring the keyboard to a panel, None: to the page, where it was there last."""
        self._present = panel
        if panel is None:
            page = self._docks.pages
            last: QWidget | None = page.focusWidget()
            (last or first_reachable(page) or page).setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            panel.content.take_focus()
        window = (panel or self._docks.pages).window()
        if not window.isActiveWindow() and window.isVisible():
            window.raise_()
            window.activateWindow()

    def _notice(self) -> None:
        """See where the keyboard has gone by itself: by a click, or with Tab."""
        for panel in self._docks.panels:
            focused: QWidget | None = panel.window().focusWidget()
            if panel.window().isActiveWindow() and focused is not None and panel.isAncestorOf(focused):
                self._present = panel
                return
        if self._docks.pages.window().isActiveWindow():
            self._present = None


def first_reachable(part: QWidget) -> QWidget | None:
    """Return the first widget within that Tab reaches; None where there is none."""
    each: QWidget | None = part
    while each is not None:
        each = each.nextInFocusChain()
        if each is None or each is part:
            break
        if part.isAncestorOf(each) and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisibleTo(part):
            return each
    return None
