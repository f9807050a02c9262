"""Takes the samples out of the rows of a file, be it one row per sample or one row per instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exchange.chunk import NO_CODE, WRONG_CODE, Chunk, TableFile
from app.exchange.columns import CLASSIC, NONE, LongColumns, WideColumns, columns_of
from app.exchange.file_samples import FileSamples, Portion, SeriesName, together
from app.exchange.status_text import of_classic_quality
from app.exchange.value_fit import NAMES
from app.model import status
from app.model.exact import DataType
from app.plant.problem import Problem
from drivers.replay.timestamp import NO_TIME

_FLOAT = DataType.FLOAT64
_LONGEST_SHOWN = 40
_PORTION = 100_000
"""So many samples become one commit."""


class SampleSource:
    """The samples of one file. `latest`: an instant (ns UTC) after which none can be, since it has not come yet."""

    def __init__(self, table: TableFile, *, latest: int) -> None:
        """Find out what the columns of `table` are for."""
        self.path: Path = table.path
        self._table = table
        self._latest = latest
        self._columns = columns_of(table.headings, table.time)
        self._series: list[SeriesName] = []
        self._number_of: dict[str, int] = {}
        self._left_out: frozenset[int] = frozenset()
        if isinstance(self._columns, WideColumns):
            self._series = [column.series for column in self._columns.series]

    @property
    def series(self) -> list[SeriesName]:
        """Return the series found so far."""
        return self._series

    @property
    def has_offsets(self) -> bool:
        """Return whether the times say by how much they are ahead of UTC."""
        return self._table.has_offsets

    def leave_out(self, numbers: Collection[int]) -> None:
        """No longer look into columns whose series nobody wants, so that texts may stand there."""
        self._left_out = frozenset(numbers)

    def portions(self) -> Iterator[Portion]:
        """Read the file from its beginning; raise RecordingError or ExchangeError where it is no such file."""
        waiting: list[FileSamples] = []
        problems: list[Problem] = []
        share = 0.0
        for chunk in self._table.chunks():
            found = list(chunk.problems)
            waiting.append(self._samples(chunk, found))
            problems += sorted(found, key=lambda problem: problem.line)
            share = chunk.share
            if sum(map(len, waiting)) + len(problems) >= _PORTION:
                yield Portion(together(waiting), tuple(problems), share)
                waiting, problems = [], []
        if waiting:
            yield Portion(together(waiting), tuple(problems), share)

    def _samples(self, chunk: Chunk, problems: list[Problem]) -> FileSamples:
        has_time = self._timed(chunk, problems)
        if isinstance(self._columns, LongColumns):
            return self._long(chunk, has_time, self._columns, problems)
        return self._wide(chunk, has_time, self._columns, problems)

    def _timed(self, chunk: Chunk, problems: list[Problem]) -> NDArray[np.bool_]:
        """Return which rows have a time that may be, and note the others."""
        times = chunk.times
        for row in np.flatnonzero(times == NO_TIME).tolist():
            remedy = "write it as 2026-03-09T15:56:30Z"
            problems.append(Problem(int(chunk.line[row]), f'"{_shown(chunk.time_text(row))}" is no time: {remedy}'))
        for row in np.flatnonzero(times > self._latest).tolist():
            remedy = "check the clock and the zone of what wrote it"
            problems.append(Problem(int(chunk.line[row]), f'"{chunk.time_text(row)}" is in the future: {remedy}'))
        has_time: NDArray[np.bool_] = (times != NO_TIME) & (times <= self._latest)
        return has_time

    def _long(
        self, chunk: Chunk, has_time: NDArray[np.bool_], columns: LongColumns, problems: list[Problem]
    ) -> FileSamples:
        value, code, is_sample = self._cells(chunk, columns.value, columns.status, problems)
        names = chunk.texts(columns.tag)
        units = [""] * len(names) if columns.unit == NONE else chunk.texts(columns.unit)
        types = [""] * len(names) if columns.data_type == NONE else chunk.texts(columns.data_type)
        rows = list(zip(names, units, types, strict=True))
        numbers = {row: self._number(*row) for row in dict.fromkeys(rows)}
        series = np.array([numbers[row] for row in rows], np.int32)
        if columns.exact != NONE:
            value, is_sample = self._exact_rows(chunk, series, columns, (value, is_sample), problems)
        kept = has_time & is_sample
        return FileSamples(chunk.line[kept], series[kept], chunk.times[kept], value[kept], code[kept])

    def _exact_rows(
        self,
        chunk: Chunk,
        series: NDArray[np.int32],
        columns: LongColumns,
        known: tuple[NDArray[Any], NDArray[np.bool_]],
        problems: list[Problem],
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return values and which rows hold a sample, with the exact value where its series has one."""
        value, is_sample = known
        for data_type in {self._series[number].data_type for number in np.unique(series).tolist()} - {_FLOAT}:
            rows = np.array([self._series[number].data_type is data_type for number in series.tolist()], np.bool_)
            exact, is_wrong = chunk.exact(columns.exact, data_type)
            self._tell_wrong(chunk, columns.exact, rows & is_wrong, data_type, problems)
            value = np.where(rows, exact, value.astype(object))
            is_sample &= ~(rows & is_wrong)
        return value, is_sample

    def _number(self, name: str, unit: str, data_type: str) -> int:
        number = self._number_of.get(name)
        if number is None:
            number = self._number_of[name] = len(self._series)
            known = DataType(data_type) if data_type in set(DataType) else _FLOAT
            self._series.append(SeriesName(name, unit, known))
        return number

    def _wide(
        self, chunk: Chunk, has_time: NDArray[np.bool_], columns: WideColumns, problems: list[Problem]
    ) -> FileSamples:
        found = []
        for number, column in enumerate(columns.series):
            if number in self._left_out:
                continue
            value, code, is_sample = self._cells(chunk, column.value, column.status, problems, column.series.data_type)
            rows = np.flatnonzero(has_time & is_sample)
            series = np.full(len(rows), number, np.int32)
            found.append(FileSamples(chunk.line[rows], series, chunk.times[rows], value[rows], code[rows]))
        row_by_row = together(found)
        return row_by_row.select(np.argsort(row_by_row.line, kind="stable"))

    def _cells(
        self, chunk: Chunk, value: int, code: int, problems: list[Problem], data_type: DataType = _FLOAT
    ) -> tuple[NDArray[Any], NDArray[np.uint32], NDArray[np.bool_]]:
        """Return values, codes and which rows hold a sample: a value or a code; a value without a code is good."""
        found, is_wrong = chunk.numbers(value) if data_type is _FLOAT else chunk.exact(value, data_type)
        self._tell_wrong(chunk, value, is_wrong, data_type, problems)
        is_filled = ~np.isnan(found) if data_type is _FLOAT else np.zeros(len(found), np.bool_)
        if code == NONE:
            return found, np.zeros(len(found), np.uint32), is_filled
        codes = chunk.codes(code)
        if self._table.headings[code].strip().lower() in CLASSIC:
            codes = of_classic_quality(codes)
        for row in np.flatnonzero(codes == WRONG_CODE).tolist():
            where = self._table.headings[code]
            message = f'"{_shown(chunk.text(code, row))}" in column "{_shown(where)}" is no StatusCode: correct it'
            problems.append(Problem(int(chunk.line[row]), message))
        is_sample = (is_filled | (codes != NO_CODE)) & ~is_wrong & (codes != WRONG_CODE)
        return found, np.where(codes < 0, status.GOOD, codes).astype(np.uint32), is_sample

    def _tell_wrong(
        self, chunk: Chunk, column: int, is_wrong: NDArray[np.bool_], data_type: DataType, problems: list[Problem]
    ) -> None:
        heading = _shown(self._table.headings[column])
        for row in np.flatnonzero(is_wrong).tolist():
            text = _shown(chunk.text(column, row))
            message = f'"{text}" in column "{heading}" is no {NAMES[data_type]}: correct it'
            problems.append(Problem(int(chunk.line[row]), message))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
