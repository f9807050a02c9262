"""The text of a cell stands below that of its head, and a head has room for what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from app.plant.draft.column import COLUMNS, SINGLES
from app.plant.draft.draft import Draft
from app.plant.draft.sheet import Scope
from app.plant.expansion import Memory
from widgets.editor.sheet_request import SheetRequest
from widgets.editor.sheet_table import RIGHT, SheetTable
from widgets.editor.sheet_view import SheetView
from widgets.engineering.layout import plain_table, plain_tree
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import set_language

TEXT = '[plant]\nid = "p"\nname = "P"\n'
HEAD, WORDS = "H", "HHH"


def of_engineering() -> tuple[QAbstractItemView, QHeaderView]:
    view = QTableView()
    plain_table(view, _model(), {0: 120})
    return view, view.horizontalHeader()


def of_a_tree() -> tuple[QAbstractItemView, QHeaderView]:
    view = QTreeView()
    plain_tree(view, _model(), {0: 120, 1: 120})
    return view, view.header()


def of_texts() -> tuple[QAbstractItemView, QHeaderView]:
    table = TextTable(right=())
    view = TextTableView(table, elastic=1)
    table.show_rows((HEAD, HEAD), [TextRow("1", (WORDS, WORDS))])
    return view, view.horizontalHeader()


def of_a_sheet() -> tuple[QAbstractItemView, QHeaderView]:
    table = SheetTable()
    view = SheetView(table)
    view.setModel(_model())
    return view, view.horizontalHeader()


def _model() -> QStandardItemModel:
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels([HEAD, HEAD])
    for place in range(2):
        head = model.horizontalHeaderItem(place)
        head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    model.appendRow([QStandardItem(WORDS), QStandardItem(WORDS)])
    return model


def first_ink(image: QImage, place: QRect) -> int:
    """Return the first column of px in which something stands on the ground."""
    ground = image.pixelColor(place.left() + 1, place.top() + 2)
    columns = range(place.left() + 2, place.right())
    rows = range(place.top() + 2, place.bottom() - 2)
    return next(x for x in columns if any(_differs(image.pixelColor(x, y), ground) for y in rows))


def _differs(color: QColor, ground: QColor) -> bool:
    return abs(color.lightness() - ground.lightness()) > 60


@pytest.mark.parametrize("make", [of_engineering, of_a_tree, of_texts, of_a_sheet])
def test_that_the_text_of_a_cell_stands_below_that_of_its_head(
    qtbot: QtBot, make: Callable[[], tuple[QAbstractItemView, QHeaderView]]
) -> None:
    view, header = make()
    qtbot.addWidget(view)
    view.resize(400, 120)
    view.show()
    cell = view.visualRect(view.model().index(0, 1))
    head = QRect(header.sectionViewportPosition(1), 0, header.sectionSize(1), header.height())
    written = first_ink(view.viewport().grab().toImage(), cell)
    assert abs(first_ink(header.viewport().grab().toImage(), head) - written) <= 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", [kind for kind in COLUMNS if kind in {*SINGLES, "alarm", "forecast", "tag"}])
def test_that_a_head_of_a_sheet_has_room_for_all_it_says(qtbot: QtBot, kind: str, language: str) -> None:
    set_language("zh" if language == "zh" else "en")
    table = SheetTable()
    view = SheetView(table)
    qtbot.addWidget(view)
    table.show_sheet(SheetRequest(kind, Scope()).answer(Draft(TEXT), Memory()))
    metrics = QFontMetrics(theme().font("small"))
    for place in range(table.columnCount()):
        words = str(table.headerData(place, Qt.Orientation.Horizontal))
        assert view.columnWidth(place) >= metrics.horizontalAdvance(words) + 16, words


def test_that_numbers_and_their_heads_stand_on_the_right(qtbot: QtBot) -> None:
    table = SheetTable()
    table.show_sheet(SheetRequest("plant", Scope()).answer(Draft(TEXT), Memory()))
    place = next(number for number, column in enumerate(table.columns) if column.key == "time_scale")
    role = Qt.ItemDataRole.TextAlignmentRole
    assert table.headerData(place, Qt.Orientation.Horizontal, role) == table.data(table.index(0, place), role)
    assert table.headerData(place, Qt.Orientation.Horizontal, role) == RIGHT
