"""Binds keys by the name of what they do: the table of keys, which the help shows, is all that knows them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from widgets.keyboard.key_table import deed

_PRINTED = {
    "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "Escape": "Esc", "PgUp": "Page Up",
    "PgDown": "Page Down",
}  # fmt: skip
"""What stands on a keyboard, where Qt says it otherwise."""


def bind(
    name: str,
    owner: QWidget,
    call: Callable[[], object],
    *,
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Let the keys of a deed of the table call something. `context`: where the keyboard has to be."""
    for key in deed(name).keys:
        shortcut = QShortcut(QKeySequence(key), owner, context=context)
        shortcut.activated.connect(call)


def printed(key: str) -> str:
    """Return a key as it stands on the keyboard; `key` is a text of QKeySequence."""
    if key.endswith("+"):  # the key + itself
        return key
    *held, last = key.split("+")
    return "+".join([*held, _PRINTED.get(last, last)])


def key_text(name: str) -> str:
    """Return the key of a deed as it stands on the keyboard; of several that do the same the first."""
    return printed(deed(name).keys[0])
