"""Which column of a recording says when, where some of its cells are no times."""

from __future__ import annotations

from drivers.replay.time_column import find_time_column

GOOD, BAD = "2026-11-01T00:00:00Z", "yesterday"


def _found(name: str, cells: list[str], wanted: str = "") -> tuple[int, ...]:
    column = find_time_column(["value", name], [["1.5", cell] for cell in cells], wanted)
    return () if column is None else column.columns


def test_that_a_column_called_like_a_time_is_one_although_some_of_its_cells_are_none() -> None:
    assert _found("time", [GOOD, BAD, GOOD]) == (1,)
    assert _found("记录时间", [GOOD, BAD, GOOD]) == (1,)


def test_that_a_column_that_the_user_names_is_one_although_some_of_its_cells_are_none() -> None:
    assert _found("when", [GOOD, BAD, GOOD], wanted="when") == (1,)


def test_that_a_column_of_another_name_is_one_only_where_nearly_all_cells_are_times() -> None:
    assert _found("remark", [GOOD, BAD, GOOD]) == ()
    assert _found("remark", [GOOD] * 19 + [BAD]) == (1,)


def test_that_a_column_called_like_a_time_that_holds_few_of_them_is_none() -> None:
    assert _found("time", [GOOD, BAD, BAD]) == ()
