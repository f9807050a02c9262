"""The rows of a CSV file on their way into arrays: only the arrays, and one chunk of rows, are in memory."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from drivers.replay.dialect import Dialect
from drivers.replay.failure import RecordingError
from drivers.replay.number import parse_column
from drivers.replay.timestamp import NO_TIME

_CHUNK = 20_000


class CsvTable:
    """The columns of one file that may be signals.

    `times`: one array per form in which the times may be written, int64 ns, NO_TIME where a row has none in that form;
    `values`: float64, shape (n, m). `ragged`: rows with too few or too many cells; `without_time`: rows that were
    dropped.
    """

    def __init__(self, path: Path, dialect: Dialect, columns: Sequence[int], *, most_rows: int) -> None:
        """Make room for `most_rows` rows of the cells at `columns`."""
        self.columns = tuple(columns)
        self.ragged = 0
        self.without_time = 0
        self._path = path
        self._dialect = dialect
        self._rows = 0
        self._times = [np.empty(most_rows, np.int64) for _ in dialect.time.forms]
        self._values = np.empty((most_rows, len(columns)), np.float64)
        self._filled = np.zeros(len(columns), np.int64)
        self._numeric = np.zeros(len(columns), np.int64)
        self._first_without_time = (0, "")

    @property
    def times(self) -> list[TimeArray]:
        """Return the instants of the rows, once for each form."""
        return [times[: self._rows] for times in self._times]

    @property
    def values(self) -> ValueArray:
        """Return the numbers of the rows."""
        return self._values[: self._rows]

    @property
    def is_signal(self) -> NDArray[np.bool_]:
        """Return which columns hold numbers in at least half of the cells that say anything; shape (m,)."""
        is_signal: NDArray[np.bool_] = (self._numeric > 0) & (self._numeric * 2 >= self._filled)
        return is_signal

    @property
    def is_empty(self) -> NDArray[np.bool_]:
        """Return which columns hold nothing at all; shape (m,)."""
        is_empty: NDArray[np.bool_] = self._filled == 0
        return is_empty

    def read(self, encoding: str) -> None:
        """Take in the whole file; raise RecordingError for a row that is no CSV, or where most rows have no time."""
        with self._path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self._dialect.delimiter)
            rows = (row for row in reader if row)
            try:
                for _ in islice(rows, self._dialect.first_row):
                    pass
                while chunk := list(islice(rows, _CHUNK)):
                    self._take(chunk, last_line=reader.line_num)
            except (csv.Error, UnicodeDecodeError) as reason:
                raise RecordingError(
                    self._path, f"a row cannot be read ({reason}): correct it", line=reader.line_num
                ) from reason
        if self.without_time > self._rows:
            line, text = self._first_without_time
            raise RecordingError(
                self._path, f'"{text[:40]}" and most other times cannot be read: correct them', line=line
            )

    def _take(self, rows: list[list[str]], *, last_line: int) -> None:
        rows = self._of_equal_width(rows)
        texts = self._dialect.time.cells(rows)
        times = [form.parse(texts) for form in self._dialect.time.forms]
        has_time = np.any([stamps != NO_TIME for stamps in times], axis=0)
        if not has_time.all():
            self._note_without_time(has_time, texts, last_line)
            rows = [row for row, is_timed in zip(rows, has_time, strict=True) if is_timed]
        if not rows:
            return
        place = slice(self._rows, self._rows + len(rows))
        for kept, stamps in zip(self._times, times, strict=True):
            kept[place] = stamps[has_time]
        cells = list(zip(*rows, strict=True))
        for number, column in enumerate(self.columns):
            self._take_column(number, cells[column], place)
        self._rows += len(rows)

    def _take_column(self, number: int, cells: Sequence[str], place: slice) -> None:
        column = parse_column(cells, has_decimal_comma=self._dialect.has_decimal_comma)
        self._values[place, number] = column.values
        self._filled[number] += column.filled
        self._numeric[number] += column.numeric

    def _of_equal_width(self, rows: list[list[str]]) -> list[list[str]]:
        width = len(self._dialect.names)
        ragged = sum(1 for row in rows if len(row) != width)
        if not ragged:
            return rows
        self.ragged += ragged
        return [[*row, *[""] * (width - len(row))][:width] for row in rows]

    def _note_without_time(self, has_time: NDArray[np.bool_], texts: Sequence[str], last_line: int) -> None:
        if not self.without_time:
            index = int(np.argmin(has_time))
            self._first_without_time = (last_line - len(texts) + 1 + index, texts[index])
        self.without_time += int(np.count_nonzero(~has_time))
