"""All samples of the plant in a quarter of an hour, unpacked, so that any instant in it is a few array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.layout import HOUR_NS
from app.history.samples import converted
from app.history.state_table import StateTable
from app.history.view import HistoryView
from app.model.block import ValueArray
from app.model.status import StatusArray

QUARTER_NS = HOUR_NS // 4
_MOST_SAMPLES = 6_000_000
"""About 150 MB while it is held; a plant that has more is read instant by instant."""
_STRIDE = np.int64(QUARTER_NS + 1)


@dataclass(frozen=True, slots=True)
class PlantWindow:
    """The compacted samples in start <= time < start + QUARTER_NS, tag behind tag.

    `keys` holds the offsets of the times from `start`, each group of tags with the same times moved by a stride, so
    that one search finds the place in all groups at once. `group_start`, `group_of_tag`, `first_of_tag`: where times
    of a group and the samples of a tag begin. `before` is the plant just before.
    """

    start: int
    generation: int
    before: StateTable
    tags: NDArray[np.intp]
    keys: NDArray[np.int64]
    group_start: NDArray[np.int64]
    group_of_tag: NDArray[np.intp]
    first_of_tag: NDArray[np.int64]
    value: ValueArray
    status: StatusArray

    def holds(self, at: int) -> bool:
        """Return whether an instant (ns UTC) lies in the window."""
        return self.start <= at < self.start + QUARTER_NS

    def state_at(self, at: int) -> StateTable:
        """Return the plant at an instant in the window."""
        state = self.before.copy()
        groups = np.arange(len(self.group_start))
        place = self.keys.searchsorted(groups * _STRIDE + (at - self.start), side="right") - 1 - self.group_start
        row = place[self.group_of_tag]
        has_any = row >= 0
        at_tag = (self.first_of_tag + row)[has_any]
        group = self.group_of_tag[has_any]
        key = self.keys[self.group_start[group] + row[has_any]]
        time = key - group * _STRIDE + self.start
        state.put_all(self.tags[has_any], (time, self.value[at_tag], self.status[at_tag]))
        return state


def build_window(view: HistoryView, start: int, before: StateTable) -> PlantWindow | None:
    """Return the window that begins at `start` (ns UTC); None where it holds too much, or something is damaged."""
    found = view.chunks_between(start, start + QUARTER_NS)
    if sum(chunk.samples for chunks in found.values() for chunk in chunks) > _MOST_SAMPLES:
        return None
    groups: dict[tuple[int, ...], int] = {}
    columns = _Columns([], [], [], [], [])
    for number, chunks in found.items():
        samples = view.joined(number, chunks, start, start + QUARTER_NS)
        if samples is None:
            return None
        stamps = tuple(chunk.stamp for chunk in chunks)
        if stamps not in groups:
            groups[stamps] = len(columns.times)
            columns.times.append(samples.time)
        columns.tags.append(number)
        columns.group_of_tag.append(groups[stamps])
        columns.values.append(converted(samples.value, "f"))
        columns.codes.append(samples.status)
    return _window(view, start, before, columns)


@dataclass(frozen=True, slots=True)
class _Columns:
    times: list[NDArray[np.int64]]
    tags: list[int]
    group_of_tag: list[int]
    values: list[ValueArray]
    codes: list[StatusArray]


def _window(view: HistoryView, start: int, before: StateTable, columns: _Columns) -> PlantWindow | None:
    if not columns.tags:
        return None
    lengths = np.array([len(time) for time in columns.times], np.int64)
    of_tags = np.array([len(value) for value in columns.values], np.int64)
    return PlantWindow(
        start=start,
        generation=view.generation,
        before=before,
        tags=np.array(columns.tags, np.intp),
        keys=np.concatenate(columns.times) - start + np.repeat(np.arange(len(lengths)) * _STRIDE, lengths),
        group_start=np.cumsum(lengths) - lengths,
        group_of_tag=np.array(columns.group_of_tag, np.intp),
        first_of_tag=np.cumsum(of_tags) - of_tags,
        value=np.concatenate(columns.values),
        status=np.concatenate(columns.codes),
    )
