"""How a recording is laid out: delimiter, header, time column and decimal sign, found from its first rows."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from drivers.replay.failure import RecordingError
from drivers.replay.number import is_decimal_comma, parse_number, says_nothing
from drivers.replay.time_column import TimeColumn, find_time_column

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LONGEST_LINE = 1 << 20
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """The layout of one file; `first_row`: the number, from 0, of its first row of data, blank ones not counted."""

    delimiter: str
    names: tuple[str, ...]
    time: TimeColumn
    first_row: int
    has_decimal_comma: bool


@dataclass(frozen=True, slots=True)
class _Trial:
    """The first rows as one delimiter divides them; `width`: the usual number of cells."""

    delimiter: str
    rows: list[list[str]]
    width: int

    @property
    def whole(self) -> list[list[str]]:
        """Return the rows of the usual width."""
        return [row for row in self.rows if len(row) == self.width]


def find_dialect(path: Path, encoding: str, *, time_column: str = "") -> Dialect:
    """Return the layout of the file at `path`; `time_column` names its time column, "" lets it be found.

    Raise RecordingError where there are no columns, no rows or no time.
    """
    lines = _first_lines(path, encoding)
    trials = [trial for delimiter in DELIMITERS if (trial := _divide(lines, delimiter)) is not None]
    if not trials:
        raise RecordingError(
            path, "the lines do not fall into columns: separate them by comma, semicolon or tab", line=1
        )
    found = [(_readable_share(trial, dialect), dialect) for trial in trials for dialect in _lay_out(trial, time_column)]
    if not found:
        raise _no_time(path, trials, time_column)
    return max(found, key=lambda each: each[0])[1]


def _first_lines(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        lines: list[str] = []
        while len(lines) < _ROWS and (line := file.readline(LONGEST_LINE)):
            lines.append(line)
            if len(line) >= LONGEST_LINE:
                raise RecordingError(
                    path, "the line has more than a million characters: give a CSV file", line=len(lines)
                )
        return lines


def _divide(lines: Sequence[str], delimiter: str) -> _Trial | None:
    """Return the rows, where they have more than one column."""
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), _ROWS) if row]
    except csv.Error:
        return None
    widths = Counter(len(row) for row in rows)
    width = max(widths, key=lambda size: (widths[size], size), default=0)
    return _Trial(delimiter, rows, width) if width > 1 else None


def _lay_out(trial: _Trial, time_column: str) -> list[Dialect]:
    """Return the layout of the rows, if any; below their header there may be a row of units."""
    made_up = _made_up_names(trial.width)
    header = _header_names(trial.whole[0])
    for heading in (1, 2):
        body = trial.whole[heading:] or trial.whole
        for names in (header, made_up):
            time = find_time_column(names, body, wanted=time_column)
            if time is not None:
                return [_dialect(trial, header, time)]
    return []


def _dialect(trial: _Trial, header: tuple[str, ...], time: TimeColumn) -> Dialect:
    first = next(number for number, row in enumerate(trial.rows) if len(row) == trial.width and time.is_in(row))
    has_header = any(len(row) == trial.width for row in trial.rows[:first])
    cells = [cell for row in trial.rows[first:] for cell in row]
    return Dialect(
        delimiter=trial.delimiter,
        names=header if has_header else _made_up_names(trial.width),
        time=time,
        first_row=first,
        has_decimal_comma=trial.delimiter != "," and any(is_decimal_comma(cell) for cell in cells),
    )


def _header_names(row: Sequence[str]) -> tuple[str, ...]:
    """Return a header's names, made unique, with a name for each column that has none."""
    names: dict[str, None] = {}
    for name, made_up in zip((cell.strip() for cell in row), _made_up_names(len(row)), strict=True):
        unique = name or made_up
        count = 1
        while unique in names:
            count += 1
            unique = f"{name or made_up}_{count}"
        names[unique] = None
    return tuple(names)


def _made_up_names(width: int) -> tuple[str, ...]:
    return tuple(f"column_{number}" for number in range(1, width + 1))


def _readable_share(trial: _Trial, dialect: Dialect) -> tuple[float, int]:
    """Return how much of the first rows is understood: the share of whole rows times that of readable cells."""
    rows = [row for row in trial.rows[dialect.first_row :] if len(row) == trial.width]
    cells = [cell for row in rows for index, cell in enumerate(row) if index not in dialect.time.columns]
    readable = sum(1 for cell in cells if _is_readable(cell, has_decimal_comma=dialect.has_decimal_comma))
    return len(rows) / len(trial.rows) * (readable / len(cells) if cells else 0.0), trial.width


def _is_readable(cell: str, *, has_decimal_comma: bool) -> bool:
    return says_nothing(cell) or not math.isnan(parse_number(cell, has_decimal_comma=has_decimal_comma))


def _no_time(path: Path, trials: Sequence[_Trial], time_column: str) -> RecordingError:
    trial = max(trials, key=lambda each: len(each.whole))
    names = _header_names(trial.whole[0])
    if time_column and time_column not in names:
        return RecordingError(path, f'there is no column "{time_column}": it has {", ".join(names)}', line=1)
    if len(trial.rows) == 1:
        return RecordingError(path, "the file has a header and no rows: give a recording with rows", line=1)
    what = f'the column "{time_column}" holds no times' if time_column else "no column holds times"
    return RecordingError(
        path, f"{what}: write one as 2020-03-09 15:56:30, 09.03.2020 15:56:30 or seconds since 1970", line=2
    )
