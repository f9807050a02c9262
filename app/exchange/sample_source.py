"""Takes the samples out of the rows of a file, be it one row per sample or one row per instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.exchange.chunk import NO_CODE, WRONG_CODE, Chunk, TableFile
from app.exchange.columns import CLASSIC, NONE, LongColumns, WideColumns, columns_of
from app.exchange.file_samples import FileSamples, Portion, SeriesName, together
from app.exchange.status_text import of_classic_quality
from app.model import status
from app.plant.problem import Problem
from drivers.replay.timestamp import NO_TIME

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
        pairs = list(zip(names, units, strict=True))
        numbers = {pair: self._number(*pair) for pair in dict.fromkeys(pairs)}
        series = np.array([numbers[pair] for pair in pairs], np.int32)
        rows = has_time & is_sample
        return FileSamples(chunk.line[rows], series[rows], chunk.times[rows], value[rows], code[rows])

    def _number(self, name: str, unit: str) -> int:
        number = self._number_of.get(name)
        if number is None:
            number = self._number_of[name] = len(self._series)
            self._series.append(SeriesName(name, unit))
        return number

    def _wide(
        self, chunk: Chunk, has_time: NDArray[np.bool_], columns: WideColumns, problems: list[Problem]
    ) -> FileSamples:
        found = []
        for number, column in enumerate(columns.series):
            if number in self._left_out:
                continue
            value, code, is_sample = self._cells(chunk, column.value, column.status, problems)
            rows = np.flatnonzero(has_time & is_sample)
            series = np.full(len(rows), number, np.int32)
            found.append(FileSamples(chunk.line[rows], series, chunk.times[rows], value[rows], code[rows]))
        row_by_row = together(found)
        return row_by_row.select(np.argsort(row_by_row.line, kind="stable"))

    def _cells(
        self, chunk: Chunk, value: int, code: int, problems: list[Problem]
    ) -> tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.bool_]]:
        """Return values, codes and which rows hold a sample: a value or a code; a value without a code is good."""
        heading = self._table.headings[value]
        numbers, is_wrong = chunk.numbers(value)
        for row in np.flatnonzero(is_wrong).tolist():
            message = f'"{_shown(chunk.text(value, row))}" in column "{_shown(heading)}" is no number: correct it'
            problems.append(Problem(int(chunk.line[row]), message))
        if code == NONE:
            return numbers, np.zeros(len(numbers), np.uint32), ~np.isnan(numbers)
        codes = chunk.codes(code)
        if self._table.headings[code].strip().lower() in CLASSIC:
            codes = of_classic_quality(codes)
        for row in np.flatnonzero(codes == WRONG_CODE).tolist():
            where = self._table.headings[code]
            message = f'"{_shown(chunk.text(code, row))}" in column "{_shown(where)}" is no StatusCode: correct it'
            problems.append(Problem(int(chunk.line[row]), message))
        is_sample = (~np.isnan(numbers) | (codes != NO_CODE)) & ~is_wrong & (codes != WRONG_CODE)
        return numbers, np.where(codes < 0, status.GOOD, codes).astype(np.uint32), is_sample


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
