"""The columns of an alarm list fill the screen, and on a small one only free texts are shortened."""

from __future__ import annotations

import pytest

from widgets.column_width import ColumnWidth, widths

SIGN, VALUE = ColumnWidth(50, 50, 0.0), ColumnWidth(120, 120)
MESSAGE, COMMENT = ColumnWidth(300, 90, 4.0), ColumnWidth(200, 90, 4.0)
COLUMNS = (SIGN, MESSAGE, VALUE, COMMENT)


@pytest.mark.parametrize("room", [500, 601, 670, 671, 1_000, 1_903])
def test_that_the_columns_fill_their_room(room: int) -> None:
    assert sum(widths(COLUMNS, room)) == room


def test_that_spare_room_goes_by_the_shares() -> None:
    assert widths(COLUMNS, 670 + 90) == [50, 340, 130, 240]


def test_that_only_free_texts_give_room_and_the_longer_ones_more() -> None:
    assert widths(COLUMNS, 670 - 32) == [50, 279, 120, 189]


def test_that_nothing_becomes_too_narrow_to_be_read() -> None:
    assert widths(COLUMNS, 100) == [50, 90, 120, 90]
