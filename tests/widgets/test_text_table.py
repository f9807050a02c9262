"""A table of texts shares its width so that short texts stay whole, and columns without any text take none."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from widgets import text_table
from widgets.text_table import MEASURED, TextRow, TextTable, TextTableView
from widgets.theme import SEMIBOLD, theme

HEADS = ("No.", "Equipment", "What is to be done", "Since", "Remark")
LONG = "Look at the suction strainer on each round: its pressure loss has begun to rise"


def rows(remark: str = "") -> list[TextRow]:
    return [TextRow("1", ("1", "Pump PU02", LONG, "11-26 12:44", remark))]


def shown(qtbot: QtBot, width: int, *, keeps_empty: bool = False, remark: str = "") -> TextTableView:
    table = TextTable(right=(0,))
    view = TextTableView(table, elastic=2, keeps_empty=keeps_empty)
    qtbot.addWidget(view)
    view.resize(width, 200)
    view.show()
    table.show_rows(HEADS, rows(remark))
    view.fit()
    return view


@pytest.mark.parametrize("width", [420, 520, 1_200])
def test_that_only_the_long_text_is_shortened(qtbot: QtBot, width: int) -> None:
    view = shown(qtbot, width)
    bold = QFontMetrics(theme().font("body", weight=SEMIBOLD))
    for column, text in ((1, "Pump PU02"), (3, "11-26 12:44")):
        assert view.columnWidth(column) >= bold.horizontalAdvance(text) + theme().px(22), text
    assert view.horizontalHeader().length() == view.viewport().width()


def test_that_a_column_in_which_nothing_stands_takes_no_room_until_something_does(qtbot: QtBot) -> None:
    view = shown(qtbot, 600)
    assert view.isColumnHidden(4)
    table = view.model()
    assert isinstance(table, TextTable)
    table.show_rows(HEADS, rows("seen"))
    view.fit()
    assert not view.isColumnHidden(4)
    table.show_rows(HEADS, [])
    view.fit()
    assert not view.isColumnHidden(4), "an empty table tells what would stand in it"


def test_that_a_table_of_running_values_keeps_its_columns(qtbot: QtBot) -> None:
    assert not shown(qtbot, 600, keeps_empty=True).isColumnHidden(4)


def test_that_the_widths_of_ten_thousand_rows_are_taken_of_their_longest_texts(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []

    class Counted:
        def __init__(self, font: QFont) -> None:
            self._real = QFontMetrics(font)

        def horizontalAdvance(self, text: str) -> int:  # noqa: N802 - Qt's name
            measured.append(text)
            return self._real.horizontalAdvance(text)

    monkeypatch.setattr(text_table, "QFontMetrics", Counted)
    table = TextTable(right=())
    view = TextTableView(table, elastic=1)
    qtbot.addWidget(view)
    many = [TextRow(str(number), (f"T{number}", "bar")) for number in range(10_000)]
    table.show_rows(("Tag", "Unit"), [*many, TextRow("last", (LONG, "bar"))])
    measured.clear()
    view.fit()
    assert len(measured) <= 2 * (MEASURED + 1)
    assert LONG in measured
