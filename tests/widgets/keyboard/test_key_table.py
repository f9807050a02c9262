"""Each key of the table is bound to what the table says of it, and no key is bound that the table does not have."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import widgets
from widgets.keyboard.key_table import GROUPS, KeyDeed, deed
from widgets.keyboard.shortcut import bind, key_text

SOURCES = Path(widgets.__file__).parent
TABLE = SOURCES / "key_table.py"
OWN = {"shortcut.py", "page_focus.py", "window.py"}
"""They make shortcuts themselves: by the table, for the numbers of pages, and copies for the window of a panel."""
DEEDS = [each for group in GROUPS for each in group.deeds]


@cache
def sources() -> dict[Path, str]:
    """Return the text of each file of the window, but for the table."""
    return {path: path.read_text("utf-8") for path in SOURCES.rglob("*.py") if path != TABLE}


def test_that_every_deed_is_bound_somewhere_and_every_bound_name_is_in_the_table() -> None:
    whole = "\n".join(sources().values())
    numbered = {f"alarms.priority-{n}" for n in range(1, 5)}
    assert 'f"alarms.priority-{' in whole
    shortcuts = {each.name for each in DEEDS if not each.within} - numbered
    assert [name for name in sorted(shortcuts) if f'"{name}"' not in whole] == []
    bound = {
        node.args[0].value
        for text in sources().values()
        if "bind(" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "bind"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    assert bound, "the names are read from the calls of bind"
    assert bound <= {each.name for each in DEEDS}


def test_that_no_shortcut_goes_around_the_table() -> None:
    made = {path.name for path, text in sources().items() if "QShortcut(" in text}
    assert made == OWN


@cache
def keys_read_in(path: Path) -> set[str]:
    """Return the names of Qt's keys that a module speaks of, and the names of deeds."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    keys = {node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr.startswith("Key_")}
    return keys | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("each", [each for each in DEEDS if each.within], ids=lambda each: each.name)
def test_that_a_widget_answers_the_keys_that_the_table_says_it_does(each: KeyDeed) -> None:
    known = keys_read_in(SOURCES.parent / each.within)
    names = {"+": "Plus", "-": "Minus", "=": "Equal"}
    wanted = {f"Key_{names.get(key, key if len(key) == 1 else key.split('+')[-1])}" for key in each.keys}
    assert each.name in known or wanted <= known


def test_that_names_and_keys_of_a_group_are_told_once() -> None:
    assert [name for name, n in Counter(each.name for each in DEEDS).items() if n > 1] == []
    for group in GROUPS:
        parts = {each.name.split(".")[0] for each in group.deeds}
        for part in parts:
            keys = Counter(key for each in group.deeds if each.name.startswith(f"{part}.") for key in each.keys)
            assert [key for key, n in keys.items() if n > 1] == [], part


def test_that_a_deed_answers_each_of_its_keys(qtbot: QtBot) -> None:
    window, called = QWidget(), list[str]()
    qtbot.addWidget(window)
    bind("window.larger", window, lambda: called.append("larger"))
    shortcuts = window.findChildren(QShortcut)
    assert [each.key() for each in shortcuts] == [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")]
    for each in shortcuts:
        each.activated.emit()
    assert called == ["larger", "larger"]


def test_that_a_key_is_told_as_it_stands_on_the_keyboard() -> None:
    assert [key_text(name) for name in ("window.explain", "alarms.all", "panels.larger", "window.larger")] == [
        "Alt+Enter", "Esc", "Alt+Shift+Page Up", "Ctrl++",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        deed("window.nothing")
