"""What of a window can be pressed, how large it is for a finger in a glove, and what Tab and the arrows come to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTableView,
    QWidget,
)

from widgets.control.keypad import Keypad
from widgets.dock.head import PanelHead
from widgets.finder import Finder

PRESSED = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSpinBox, QPlainTextEdit)
ANSWERS = ("mousePressEvent", "mouseReleaseEvent", "mouseDoubleClickEvent")
PULLED = (PanelHead,)
"""What is pulled with the mouse, and does nothing that keys and buttons beside it do not."""
FOR_FINGERS = (Keypad,)
"""What stands for a keyboard: its keys type into the field that keeps the focus, as those of a keyboard do."""
MOST_STEPS, IN_VAIN = 600, 40
"""Tab goes from part to part of a field of date and time, and over all buttons of a group in which none is chosen."""


def targets(root: QWidget) -> list[QWidget]:
    """Return what can be pressed or typed into; the inner parts of Qt's own fields and lists belong to those."""
    every = [root, *root.findChildren(QWidget)]
    return [each for each in every if each.window() is root.window() and _is_shown(each) and _is_pressed(each)]


def too_small(root: QWidget, least: int) -> list[str]:
    """Return the names of targets that are lower or narrower than so many px; of tables, those whose rows are."""
    found = []
    for each in targets(root):
        side = min(each.width(), each.height())
        if isinstance(each, QTableView):
            side = each.verticalHeader().defaultSectionSize()
        elif isinstance(each, (QAbstractItemView, QPlainTextEdit)):
            continue
        if side < least:
            found.append(f"{name(each)}: {side} px")
    return found


def nameless(root: QWidget) -> list[str]:
    """Return the names of targets for which a screen reader has no word: no name, no text, no label of their own."""
    labelled = {label.buddy() for label in root.window().findChildren(QLabel)}
    return [
        name(each)
        for each in targets(root)
        if each is not root.window()
        and not (each.accessibleName() or _text_of(each))
        and each not in labelled
        and not _names_itself(each)
    ]


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.text()
    return widget.placeholderText() if isinstance(widget, QLineEdit) else ""


def _names_itself(widget: QWidget) -> bool:
    """Return whether a frame has a name, of which the widget is the one that is pressed."""
    parent = widget.parentWidget()
    return parent is not None and bool(parent.accessibleName()) and parent.focusProxy() is widget


def unreached(root: QWidget) -> list[str]:
    """Return the names of targets that Tab, and the arrows within a group of choices, do not come to."""
    window = root.window()
    reached: set[QWidget] = set()
    vain = 0
    for _ in range(MOST_STEPS):
        QTest.keyClick(_focused(window) or window, Qt.Key.Key_Tab)
        focused = _focused(window)
        vain = vain + 1 if focused is None or focused in reached else 0
        if focused is not None:
            reached |= {focused, *_group_of(focused)}
        if vain > IN_VAIN:
            break
    return [
        name(each)
        for each in targets(root)
        if each not in reached and _proxy(each) not in reached and not _is_driven(each, reached)
    ]


def name(widget: QWidget) -> str:
    """Return what a reader finds a widget by."""
    text = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return f"{type(widget.parentWidget()).__name__}/{type(widget).__name__} {text!r}"


def _is_shown(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and widget.width() * widget.height() > 0


def _is_pressed(widget: QWidget) -> bool:
    if isinstance(widget, (QScrollBar, QHeaderView, *PULLED)):
        return False
    if isinstance(widget.parentWidget(), (QAbstractItemView, QComboBox, QAbstractSpinBox)):
        return False
    own = [kind for kind in type(widget).__mro__ if kind.__module__.startswith(("widgets.", "tests."))]
    return isinstance(widget, PRESSED) or any(answer in vars(kind) for kind in own for answer in ANSWERS)


def _focused(window: QWidget) -> QWidget | None:
    return window.focusWidget()


def _is_driven(widget: QWidget, reached: set[QWidget]) -> bool:
    """Return whether keys work a widget from another place: the keypad's, and a list below the field of a search."""
    field = widget.window()
    return isinstance(widget.parentWidget(), FOR_FINGERS) or (isinstance(field, Finder) and field.field in reached)


def _proxy(widget: QWidget) -> QWidget | None:
    return widget.focusProxy()


def _group_of(widget: QWidget) -> list[QWidget]:
    """Return the other choices of a group, of which Tab comes to the chosen one alone and the arrows to all."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is None or not group.exclusive():
        return []
    for _ in group.buttons():
        QTest.keyClick(_focused(widget.window()) or widget, Qt.Key.Key_Right)
    return list(group.buttons())
