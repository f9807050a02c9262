"""Reads a long stretch of many tags piece by piece, so that the memory needed is the same for an hour and for years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.exchange.selection import ExchangedTag
from app.history.reader import HistoryReader
from app.model.clock import NS_PER_S
from app.model.exact import DataType, ExactSeries

MOST_SAMPLES = 500_000
_FIRST_NS = 3_600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Slice:
    """All samples of some tags with start <= t < end (ns UTC); `series`: one per tag, in the order asked for."""

    start: int
    end: int
    series: tuple[ExactSeries, ...]

    @property
    def samples(self) -> int:
        """Return the number of samples of all tags."""
        return sum(map(len, self.series))


def read_slices(
    reader: HistoryReader, tags: Sequence[ExchangedTag], start: int, end: int, *, most: int = MOST_SAMPLES
) -> Iterator[Slice]:
    """Yield start <= t < end in pieces that follow one another, each of at most `most` samples.

    A piece begins with an hour; one with too many samples is halved, and after one with few the next is twice as long.
    So a stretch in which nothing was recorded costs little. Raise DatabaseError.
    """
    at, length = start, _FIRST_NS
    while at < end:
        stop = min(end, at + length)
        piece = _read(reader, tags, at, stop, most)
        if piece is None:
            length = (stop - at) // 2
            continue
        yield piece
        at = stop
        if 2 * piece.samples < most:
            length *= 2


def _read(reader: HistoryReader, tags: Sequence[ExchangedTag], start: int, end: int, most: int) -> Slice | None:
    """Return a piece, None where it has more than `most` samples and can be divided."""
    can_be_divided = end - start > 1
    series = []
    left = most
    for tag in tags:
        found = reader.raw(tag.name, start, end, limit=max(left, 0) + 1 if can_be_divided else 0)
        left -= len(found)
        if left < 0 and can_be_divided:
            return None
        if tag.data_type is DataType.FLOAT64:
            series.append(ExactSeries(found.time, found.value, found.status, tag.data_type))
        else:
            series.append(reader.exact(tag.name, start, end))
    return Slice(start, end, tuple(series))
