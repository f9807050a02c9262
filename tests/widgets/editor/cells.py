"""The cells of the page of engineering, by the names of their rows and columns."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.app.plant.class_sample import CLASSED
from tests.widgets.editor.settled import settle
from widgets.editor.page import EditorPage

OWN = '\n[[tag]]\nname = "T0"\nequipment = "PU02"\nconnection = "line"\naddress = "HR1"\nrange = [0, 10]\n'
TEXT = CLASSED + OWN
LONG = 20_000


def names(page: EditorPage) -> list[str]:
    """Return what the rows are called."""
    settle(page)
    return [row.name for row in page.table.rows]


def write(page: EditorPage, name: str, column: str, text: str) -> None:
    row = names(page).index(name)
    place = [each.name for each in page.table.columns].index(column)
    page.table.setData(page.table.index(row, place), text)
    settle(page)


def shown(page: EditorPage, name: str, column: str) -> object:
    row = names(page).index(name)
    place = [each.name for each in page.table.columns].index(column)
    return page.table.data(page.table.index(row, place), Qt.ItemDataRole.EditRole)


def choose(page: EditorPage, column: str) -> None:
    settle(page)
    page.view.selectColumn([each.name for each in page.table.columns].index(column))
