"""What is chosen in a tree bears a mark, so that it is told without colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from widgets.engineering.layout import plain_tree
from widgets.theme import theme


@pytest.mark.parametrize(
    ("state", "strokes"),
    [(Qt.CheckState.Unchecked, 0), (Qt.CheckState.PartiallyChecked, 1), (Qt.CheckState.Checked, 2)],
    ids=["nothing", "some of it", "all of it"],
)
def test_that_what_is_ticked_in_a_tree_bears_a_mark(qtbot: QtBot, state: Qt.CheckState, strokes: int) -> None:
    view, model, item = QTreeView(), QStandardItemModel(), QStandardItem("signal")
    item.setCheckable(True)
    item.setCheckState(state)
    model.appendRow([item])
    plain_tree(view, model, {0: 200})
    qtbot.addWidget(view)
    view.resize(300, 80)
    view.show()
    image = view.viewport().grab(view.visualRect(model.index(0, 0))).toImage()
    accent = [
        (x, y)
        for x in range(24)
        for y in range(image.height())
        if image.pixelColor(x, y).rgb() == theme().color("accent").rgb()
    ]
    assert bool(accent) == (strokes > 0)
    if accent:
        left, right = min(x for x, _ in accent), max(x for x, _ in accent)
        top, bottom = min(y for _, y in accent), max(y for _, y in accent)
        marked = {
            y
            for x in range(left + 2, right - 1)
            for y in range(top + 2, bottom - 1)
            if image.pixelColor(x, y).lightness() < theme().color("accent").lightness() - 40
        }
        assert len(marked) <= 3 if strokes == 1 else len(marked) > 4
        assert marked
