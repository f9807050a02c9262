"""Samples of many tags as columns, ordered by tag and time: the form in which the history stores and merges them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model import status as status_code
from app.model.block import HandleArray, TimeArray
from app.model.exact import DataType
from app.model.status import StatusArray

FLOAT = "f"
INTEGER = "i"
TEXT = "O"
KIND_OF = {
    DataType.FLOAT64: FLOAT,
    DataType.INT64: INTEGER,
    DataType.BOOLEAN: INTEGER,
    DataType.STRING: TEXT,
}
"""How values of a data type are stored: as float64, int64 or text."""

_DTYPES: dict[str, type] = {FLOAT: np.float64, INTEGER: np.int64, TEXT: object}


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples ordered by tag, then time, no two alike in both; each column of shape (n,).

    `tag`: uint32, the tag's number in the file. `time`: int64 ns UTC. `value`: float64, int64 or str objects.
    `status`: uint32, OPC UA StatusCodes.
    """

    tag: HandleArray
    time: TimeArray
    value: NDArray[Any]
    status: StatusArray

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.tag)

    @property
    def kind(self) -> str:
        """Return how the values are stored: f, i or O."""
        return self.value.dtype.kind

    def columns(self) -> tuple[HandleArray, TimeArray, NDArray[Any], StatusArray]:
        """Return tag, time, value and status."""
        return self.tag, self.time, self.value, self.status

    def rows(self, rows: slice | NDArray[np.bool_] | NDArray[np.intp]) -> Samples:
        """Return some rows, which must keep the order."""
        return Samples(self.tag[rows], self.time[rows], self.value[rows], self.status[rows])

    def in_kind(self, kind: str) -> Samples:
        """Return the samples with values as a tag of that kind holds them: see `converted`."""
        if self.kind == kind:
            return self
        return Samples(self.tag, self.time, converted(self.value, kind), self.status)

    def of(self, tag: int) -> slice:
        """Return the rows of one tag."""
        # numbers of another type than the column's would be compared with a converted copy of all of it
        first, last = self.tag.searchsorted(np.array((tag, tag + 1), np.uint32)).tolist()
        return slice(first, last)

    def by_tag(self) -> Iterator[tuple[int, slice]]:
        """Yield each tag and its rows, in rising order."""
        if not len(self):
            return
        edges = [0, *(np.flatnonzero(self.tag[1:] != self.tag[:-1]) + 1).tolist(), len(self)]
        for tag, (first, last) in zip(self.tag[edges[:-1]].tolist(), pairwise(edges), strict=True):
            yield tag, slice(first, last)


def no_samples(kind: str = FLOAT) -> Samples:
    """Return samples of none."""
    return Samples(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, _DTYPES[kind]), np.empty(0, np.uint32))


def lost_mark(tag: int, start: int) -> Samples:
    """Return the one bad sample (float64, no value) that stands for samples that cannot be read from `start` on."""
    return Samples(
        np.array([tag], np.uint32),
        np.array([start], np.int64),
        np.array([np.nan]),
        np.array([status_code.BAD_DATA_LOST], np.uint32),
    )


def ordered(tag: HandleArray, time: TimeArray, value: NDArray[Any], status: StatusArray) -> Samples:
    """Return samples in their order; of several of one tag and time the last given counts."""
    samples = Samples(tag, time, value, status)
    if len(tag) < 2:
        return samples
    if not _is_ordered(tag, time):
        samples = samples.rows(_by_tag(tag))
        if not _is_ordered(samples.tag, samples.time):
            samples = samples.rows(np.lexsort((samples.time, samples.tag)))
    repeats = (samples.tag[1:] == samples.tag[:-1]) & (samples.time[1:] == samples.time[:-1])
    if not repeats.any():
        return samples
    return samples.rows(np.append(~repeats, True))


def merged(parts: Sequence[Samples], kind: str = FLOAT) -> Samples:
    """Return the samples of all parts in one; where two are alike in tag and time, that of the later part counts."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return no_samples(kind)
    if len(filled) == 1:
        return filled[0]
    if all(_follows(first, second) for first, second in pairwise(filled)):
        return _joined(filled)
    return ordered(*_joined(filled).columns())


def gathered(arrived: Sequence[Samples], kind: str = FLOAT) -> Samples:
    """Return the samples of all parts in their order, which they need not have within a part; the later ones count."""
    filled = [part for part in arrived if len(part)]
    if not filled:
        return no_samples(kind)
    tag = np.concatenate([part.tag for part in filled])
    order = _by_tag(tag)
    # column by column: what is laid aside is used again for the next one
    return ordered(
        tag.take(order),
        np.concatenate([part.time for part in filled]).take(order),
        np.concatenate([part.value for part in filled]).take(order),
        np.concatenate([part.status for part in filled]).take(order),
    )


def _joined(parts: Sequence[Samples]) -> Samples:
    return Samples(
        np.concatenate([part.tag for part in parts]),
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.status for part in parts]),
    )


def converted(value: NDArray[Any], kind: str) -> NDArray[Any]:
    """Return values as a tag of another kind holds them.

    Whole numbers and texts know no missing value: there it is 0 or "", beside a bad status. A text that is no number
    is NaN as a number.
    """
    if value.dtype.kind == kind:
        return value
    if kind == TEXT:
        texts = ["" if each != each else repr(each) for each in value.tolist()]  # noqa: PLR0124 - only NaN differs
        return np.array([*texts, None], object)[:-1]
    numbers = np.array([_number(text) for text in value], np.float64) if value.dtype.kind == TEXT else value
    if kind == FLOAT:
        return numbers.astype(np.float64)
    is_whole = np.isfinite(numbers) & (np.abs(numbers) < float(1 << 63))
    return np.where(is_whole, numbers, 0.0).astype(np.int64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _by_tag(tag: HandleArray) -> NDArray[np.intp]:
    """Return the rows in the order of the tags, alike ones as they came: mostly all there is to do.

    Numbers of 16 bits are ordered by radix, which is ten times faster.
    """
    is_small = int(tag.max()) < 1 << 16
    return np.argsort(tag.astype(np.uint16) if is_small else tag, kind="stable")


def _follows(first: Samples, second: Samples) -> bool:
    """Whether all of the second comes behind all of the first."""
    last, begin = int(first.tag[-1]), int(second.tag[0])
    return last < begin or (last == begin and bool(first.time[-1] < second.time[0]))


def _is_ordered(tag: HandleArray, time: TimeArray) -> bool:
    rises = tag[1:] > tag[:-1]
    return bool((rises | ((tag[1:] == tag[:-1]) & (time[1:] >= time[:-1]))).all())
