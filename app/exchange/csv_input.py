"""Reads the rows of a CSV file, ours or another program's, in chunks: the file need not fit into memory."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exchange.chunk import NO_CODE, WRONG_CODE, exact_values
from app.exchange.columns import is_headed
from app.exchange.csv_cell import text_in
from app.exchange.layout import STATUS_SUFFIX
from app.exchange.status_text import status_of
from app.exchange.time_text import Zone, has_offsets, to_utc
from app.model.block import TimeArray, ValueArray
from app.model.exact import DataType
from app.plant.problem import Problem
from drivers.replay.day_order import DayOrder
from drivers.replay.dialect import LONGEST_LINE, Dialect, find_dialect
from drivers.replay.encoding import survey
from drivers.replay.failure import RecordingError
from drivers.replay.number import LARGEST, parse_number, says_nothing
from drivers.replay.time_column import TimeColumn
from drivers.replay.timestamp import DAY_FIRST, EPOCH, MONTH_FIRST, NO_TIME, YEAR_FIRST, has_zone

_CELLS = 6_000
"""So few that the strings of a chunk stay in the processor's cache: with 100 000, reading takes half as long again."""
_FEWEST_ROWS = 500
OWN_LONG = ["time", "tag", "value", "unit", "status", "status_name"]
OWN_LONG_EXACT = [*OWN_LONG, "data_type", "value_exact"]


class CsvFile:
    """A CSV file below its header; `is_own`: whether an export wrote it, so that every digit counts."""

    def __init__(self, path: Path, *, zone: Zone = UTC, time_column: str = "", day_first: bool | None = None) -> None:
        """Find encoding, delimiter, header and time column; times that do not tell their offset are in `zone`.

        `day_first`: whether 3/4/2020 is in April; None asks the file. Raise RecordingError.
        """
        self.path = path
        self.has_offsets = False
        self._zone = zone
        self._encoding = survey(path).encoding
        own = _own_dialect(path, self._encoding)
        self.is_own = own is not None
        self._dialect = own or find_dialect(path, self._encoding, time_column=time_column)
        self._form = self._dialect.time.forms[0]
        names = self._dialect.names
        self.headings = tuple(map(text_in, names)) if self.is_own else names
        self.time = self._dialect.time.columns
        self._choose_form(day_first=day_first)

    def chunks(self) -> Iterator[CsvChunk]:
        """Read the file from its beginning; raise RecordingError for a row that is no CSV."""
        size = max(1, self.path.stat().st_size)
        most = max(_FEWEST_ROWS, _CELLS // len(self.headings))
        with self.path.open("rb") as raw, io.TextIOWrapper(raw, self._encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self._dialect.delimiter)
            rows = ((reader.line_num, row) for row in reader if row)
            try:
                for _ in islice(rows, self._dialect.first_row):
                    pass
                while taken := list(islice(rows, most)):
                    yield self._chunk(taken, raw.tell() / size)
            except (csv.Error, UnicodeDecodeError) as reason:
                message = f"a row cannot be read ({reason}): correct it"
                raise RecordingError(self.path, message, line=reader.line_num) from reason

    def _chunk(self, taken: list[tuple[int, list[str]]], share: float) -> CsvChunk:
        width = len(self.headings)
        problems = tuple(
            Problem(line, f"the row has {len(row)} cells and the header {width}: correct it")
            for line, row in taken
            if len(row) != width
        )
        whole = [(line, row) for line, row in taken if len(row) == width] if problems else taken
        lines = np.array([line for line, _ in whole], np.int64)
        rows = [row for _, row in whole]
        texts = self._dialect.time.cells(rows)
        chunk = CsvChunk(lines, self._times(texts), problems, share)
        chunk.fill(rows, texts, is_own=self.is_own, has_decimal_comma=self._dialect.has_decimal_comma)
        return chunk

    def _times(self, texts: Sequence[str]) -> TimeArray:
        times = self._form.parse(texts)
        if self._form is EPOCH:
            self.has_offsets = True
            return times
        if self._zone is UTC:
            self.has_offsets = self.has_offsets or any(map(has_zone, texts[:1]))
            return times
        is_told = has_offsets(texts)
        self.has_offsets = self.has_offsets or bool(is_told.any())
        is_wall = ~is_told & (times != NO_TIME)
        return np.where(is_wall, to_utc(np.where(is_wall, times, 0), self._zone), times)

    def _choose_form(self, *, day_first: bool | None) -> None:
        """Settle whether day or month comes first, by all times of the file where its first rows leave it open."""
        forms = self._dialect.time.forms
        if len(forms) == 1:
            return
        if day_first is not None:
            self._form = DAY_FIRST if day_first else MONTH_FIRST
            return
        order = DayOrder(len(forms))
        for texts in self._time_texts():
            order.take([form.parse(texts) for form in forms])
        self._form = forms[order.chosen(self.path)]

    def _time_texts(self) -> Iterator[list[str]]:
        for chunk in self.chunks():
            yield chunk.time_texts


class CsvChunk:
    """Some rows of a CSV file."""

    def __init__(self, line: NDArray[np.int64], times: TimeArray, problems: tuple[Problem, ...], share: float) -> None:
        """Hold what is known of the rows before their cells are looked at."""
        self.line = line
        self.times = times
        self.problems = problems
        self.share = share
        self.time_texts: list[str] = []
        self._cells: list[tuple[str, ...]] = []
        self._is_own = False
        self._has_decimal_comma = False

    def fill(self, rows: list[list[str]], time_texts: list[str], *, is_own: bool, has_decimal_comma: bool) -> None:
        """Take the cells, row by row."""
        self.time_texts = time_texts
        self._cells = list(zip(*rows, strict=True))
        self._is_own = is_own
        self._has_decimal_comma = has_decimal_comma

    def time_text(self, row: int) -> str:
        """Return what stands there as the time of a row."""
        return self.time_texts[row]

    def numbers(self, column: int) -> tuple[ValueArray, NDArray[np.bool_]]:
        """Return the numbers of a column, NaN for an empty cell, and which cells hold something else."""
        cells = self._column(column)
        values = self._quickly(cells)
        if values is None:
            values = np.array([self._number(cell) for cell in cells], np.float64)
            return values, np.isnan(values) & ~np.array([says_nothing(cell) for cell in cells], np.bool_)
        return values, np.zeros(len(cells), np.bool_)

    def exact(self, column: int, data_type: DataType) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return the values of a column as objects that are int, bool or str, and which cells hold something else."""
        return exact_values(self.texts(column), data_type)

    def codes(self, column: int) -> NDArray[np.int64]:
        """Return the StatusCodes of a column, NO_CODE for an empty cell, WRONG_CODE for something else."""
        return np.array([_code(cell) for cell in self._column(column)], np.int64)

    def texts(self, column: int) -> Sequence[str]:
        """Return the texts of a column."""
        cells = self._column(column)
        return list(map(text_in, cells)) if self._is_own else [cell.strip() for cell in cells]

    def text(self, column: int, row: int) -> str:
        """Return what stands in one cell."""
        return self._cells[column][row]

    def _column(self, column: int) -> tuple[str, ...]:
        return self._cells[column] if self._cells else ()

    def _quickly(self, cells: Sequence[str]) -> ValueArray | None:
        """Return the numbers where all cells are numbers as Python writes them, or empty."""
        if self._has_decimal_comma or any("_" in cell for cell in cells):
            return None
        try:
            values = np.array([float(cell) if cell else math.nan for cell in cells], np.float64)
        except ValueError:
            return None
        # loggers of other programs mark a missing value with the largest number there is
        return values if self._is_own else np.where(np.abs(values) > LARGEST, math.nan, values)

    def _number(self, cell: str) -> float:
        if not self._is_own:
            return parse_number(cell, has_decimal_comma=self._has_decimal_comma)
        try:
            return math.nan if "_" in cell else float(cell)
        except ValueError:
            return math.nan


@lru_cache(maxsize=4096)
def _code(cell: str) -> int:
    if not cell.strip():
        return NO_CODE
    code = status_of(cell)
    return WRONG_CODE if code is None else code


def _own_dialect(path: Path, encoding: str) -> Dialect | None:
    """Return the layout of a file that an export wrote, None for any other."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(LONGEST_LINE)
    try:
        (header,) = csv.reader([line])
    except (csv.Error, ValueError):
        return None
    if header not in (OWN_LONG, OWN_LONG_EXACT) and not _is_own_wide(header):
        return None
    return Dialect(",", tuple(header), TimeColumn((0,), (YEAR_FIRST,)), first_row=1, has_decimal_comma=False)


def _is_own_wide(header: list[str]) -> bool:
    values, codes = header[1::2], header[2::2]
    if header[:1] != ["time"] or not codes or len(values) != len(codes):
        return False
    return all(
        code.endswith(STATUS_SUFFIX) and is_headed(value, code.removesuffix(STATUS_SUFFIX))
        for value, code in zip(values, codes, strict=True)
    )
