"""Where the keyboard goes when a page comes into view: to what was worked with there last, else to its main part."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QAbstractItemModel, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QScrollArea, QWidget
from shiboken6 import isValid

from widgets.navigation import page_keys

if TYPE_CHECKING:
    from widgets.main_window import MainWindow


@runtime_checkable
class HasMainPart(Protocol):
    """A page that knows by itself where work on it begins."""

    def main_part(self) -> QWidget:
        """Return what gets the keyboard when the page is opened."""
        ...


class PageFocus(QObject):
    """Of one window: binds the keys of its pages, and lets the keyboard follow the page that they bring into view.

    Who walks through the tree, or works in a panel, stays there while a page changes beside it. Made before the window
    shows pages: it looks where the keyboard was before the page in view goes.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last: dict[QWidget, QWidget] = {}
        for page, sequence in page_keys(window.pages).items():
            QShortcut(QKeySequence(sequence), window).activated.connect(partial(self._open, page))
        window.navigation.page_changed.connect(self._leave)
        window.stack.currentChanged.connect(self._follow)

    def enter(self) -> None:
        """Give the page in view the keyboard, where it was on it last."""
        page = self._page()
        if page is None:
            return
        last = self._last.get(page)
        is_there = last is not None and isValid(last) and last.isVisibleTo(page) and last.isEnabled()
        part = last if is_there else main_part(page)
        (page if part is None else part).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _page(self) -> QWidget | None:
        page: QWidget | None = self._window.stack.currentWidget()
        return page

    def _open(self, key: str) -> None:
        self._window.navigation.open_page(key)
        page = self._page()
        focused: QWidget | None = self._window.focusWidget()
        if page is not None and not page.isAncestorOf(focused or page):
            self.enter()

    def _leave(self, _: str) -> None:
        """Remember what was worked with on the page in view, before another one comes."""
        page = self._page()
        focused: QWidget | None = self._window.focusWidget()
        if page is not None and focused is not None and page.isAncestorOf(focused):
            self._last[page] = focused

    def _follow(self, _: int) -> None:
        """Enter the page that has come into view, unless somebody works beside it."""
        stack = self._window.stack
        focused: QWidget | None = self._window.focusWidget()
        beside = (self._window.tree, *self._window.docks.panels)
        if not any(each.isVisible() and each.isAncestorOf(focused or stack) for each in beside):
            self.enter()


def main_part(part: QWidget) -> QWidget | None:
    """Return where work begins in a page: at its first list with rows, else at the first thing that Tab reaches."""
    if isinstance(part, HasMainPart):
        return part.main_part()
    reached = _reached(part)
    lists = [each for each in reached if isinstance(each, QAbstractItemView) and _has_rows(each)]
    others = [each for each in reached if not isinstance(each, QScrollArea | QLineEdit)]
    return next(iter([*lists, *others, *reached]), None)


def _reached(part: QWidget) -> list[QWidget]:
    """Return what Tab reaches in a page, in its order."""
    found: list[QWidget] = []
    each: QWidget | None = part.nextInFocusChain()
    while each is not None and each is not part:
        if part.isAncestorOf(each) and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            is_there = each.isVisibleTo(part) and each.isEnabled() and each.focusProxy() is None
            found += [each] if is_there else []
        each = each.nextInFocusChain()
    return found


def _has_rows(view: QAbstractItemView) -> bool:
    model: QAbstractItemModel | None = view.model()
    return model is not None and model.rowCount() > 0
