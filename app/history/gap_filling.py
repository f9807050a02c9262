"""Gaps that late samples have filled: what was missing is there now, so the record of it is cut or goes.

A stretch counts as filled where samples follow one another as they do in the rest of it. A gap of all tags stays as far
as it is one of any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.database import PlantConnection, transaction
from app.history.gap import Gap, read_gaps, record_gaps, remove_gaps
from app.history.reader import HistoryReader
from app.history.tag_table import known_tags
from app.model import status
from app.model.block import TimeArray

_LONGEST = 10
"""A pause of more than so many usual intervals is still a gap."""


def uncovered(start: int, end: int, times: TimeArray) -> list[tuple[int, int]]:
    """Return the parts of start <= time < end (ns UTC) that samples at these rising times, all within, do not cover."""
    if len(times) < 2:
        return [(start, end)]
    steps = np.diff(times)
    longest = _LONGEST * int(np.median(steps))
    pauses = np.flatnonzero(steps > longest)
    parts = [(int(times[place]) + 1, int(times[place + 1])) for place in pauses.tolist()]
    if times[0] - start > longest:
        parts.insert(0, (start, int(times[0])))
    if end - times[-1] > longest:
        parts.append((int(times[-1]) + 1, end))
    return parts


def cut_filled_gaps(
    connection: PlantConnection, reader: HistoryReader, start: int, end: int, tags: Sequence[str]
) -> int:
    """Cut what has been filled out of the gaps that lie partly in start <= time < end; return how many were changed.

    `tags`: the names of all tags of the plant, which a gap without a tag concerns.
    """
    names = {number: name for name, number, _ in known_tags(connection)}
    changed = 0
    for gap in read_gaps(connection, start, end):
        concerned = tags if gap.tag is None else [names[gap.tag]] if gap.tag in names else []
        left = _left(gap, reader, concerned)
        if left == [(gap.start, gap.end)]:
            continue
        found = sum(len(_times(reader, name, gap)) for name in concerned)
        rest = [replace(gap, start=first, end=last, lost=0) for first, last in left]
        if rest:
            rest[0] = replace(rest[0], lost=max(0, gap.lost - found))
        with transaction(connection):
            remove_gaps(connection, [gap])
            record_gaps(connection, rest)
        changed += 1
    return changed


def _left(gap: Gap, reader: HistoryReader, names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the parts of a gap that are one of any of the tags."""
    whole = [(gap.start, gap.end)]
    parts: list[tuple[int, int]] = []
    for name in names:
        of_tag = uncovered(gap.start, gap.end, _times(reader, name, gap))
        if of_tag == whole:
            return whole
        parts += of_tag
    return _united(parts) if names else whole


def _united(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _times(reader: HistoryReader, name: str, gap: Gap) -> TimeArray:
    """Return when there are samples of a tag in a gap; the mark of a lost one is none."""
    series = reader.raw(name, gap.start, gap.end)
    times: TimeArray = series.time[series.status != status.BAD_DATA_LOST]
    return times
