"""Finds the column of a recording that says when, by its cells first and by its name where they leave a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.replay.timestamp import DAY_FIRST, FORMS, MONTH_FIRST, NO_TIME, TimeForm, is_clock_alone

Rows = Sequence[Sequence[str]]

_NAMES = {
    "time", "timestamp", "datetime", "date", "ts", "t", "date_time", "date time", "zeit", "datum", "zeitstempel",
    "时间", "日期", "时间戳", "采集时间", "记录时间",
}  # fmt: skip
_SHARE = 0.9
_NAMED_SHARE = 0.5
"""A column that is called like a time is one also where many of its cells are none: those are told by their lines."""


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Where a row's instant stands: one column, or a date and a time of day in two; `forms`: how it may be written.

    There are two forms where day and month cannot be told apart by the rows that were looked at; between points, the
    day comes first by custom.
    """

    columns: tuple[int, ...]
    forms: tuple[TimeForm, ...]

    def cells(self, rows: Rows) -> list[str]:
        """Return each row's instant as text."""
        if len(self.columns) == 1:
            (column,) = self.columns
            return [row[column].strip() for row in rows]
        return [" ".join(row[column].strip() for column in self.columns) for row in rows]

    def is_in(self, row: Sequence[str]) -> bool:
        """Return whether an instant stands in `row`."""
        cells = self.cells([row])
        return any(form.parse(cells)[0] != NO_TIME for form in self.forms)


def find_time_column(names: Sequence[str], rows: Rows, wanted: str = "") -> TimeColumn | None:
    """Return the time column among columns of `names`, judged by data rows of equal length; None where there is none.

    `wanted` names the column that must be it. A column of plain numbers is taken as seconds since 1970 only where it is
    the first one or is called like a time, since a counter may look alike.
    """
    found = [
        column
        for index, name in enumerate(names)
        if (not wanted or name == wanted)
        and (column := _column(names, rows, index, is_named=bool(wanted) or _is_named(name))) is not None
    ]
    return min(found, key=lambda column: _rank(names, column), default=None)


def _column(names: Sequence[str], rows: Rows, index: int, *, is_named: bool) -> TimeColumn | None:
    alone = _judge((index,), rows, _NAMED_SHARE if is_named else _SHARE)
    if alone is None or (alone.forms[0].is_epoch and index > 0 and not _is_named(names[index])):
        return None
    clock = next((other for other in range(len(names)) if other != index and _is_clock(rows, other)), None)
    if clock is not None and all(len(row[index].strip()) <= 11 for row in rows) and not alone.forms[0].is_epoch:
        return _judge((index, clock), rows) or alone
    return alone


def _judge(columns: tuple[int, ...], rows: Rows, least: float = _SHARE) -> TimeColumn | None:
    """Return the columns with the forms that fit as many rows as any, and this share of them at least."""
    cells = [cell for cell in TimeColumn(columns, ()).cells(rows) if cell]
    fits = {form: _share(form, cells) for form in FORMS} if cells else {}
    best = max(fits.values(), default=0.0)
    if best < least:
        return None
    forms = tuple(form for form, share in fits.items() if share == best)
    is_open = set(forms) == {DAY_FIRST, MONTH_FIRST} and "." not in cells[0][:5]
    return TimeColumn(columns, forms if is_open else forms[:1])


def _share(form: TimeForm, cells: Sequence[str]) -> float:
    return float(np.mean(form.parse(cells) != NO_TIME))


def _is_clock(rows: Rows, index: int) -> bool:
    return bool(rows) and all(is_clock_alone(row[index]) for row in rows)


def _is_named(name: str) -> bool:
    return name.strip().lower() in _NAMES


def _rank(names: Sequence[str], column: TimeColumn) -> tuple[bool, bool, int]:
    first = column.columns[0]
    return column.forms[0].is_epoch, not _is_named(names[first]), first
