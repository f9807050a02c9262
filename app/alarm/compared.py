"""Tags that alarms compare with one another, such as a value and its setpoint, and the newest value of each.

Each of two compared tags has an interval around its newest value, half as wide as what is left until the condition
turns: as long as both stay in theirs nothing changes, and no sample is looked at by itself. What is in between is known
all the same, since the newest values are kept here, a block in one stroke.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.alarm.measure_state import DeviationMeasure, MismatchMeasure
from app.alarm.watch import Watch
from app.model.block import Block


class ComparedTags:
    """`group`: of each tag (handle), the same for all that are compared with one another, directly or over others.

    When a sample of a tag is looked at, so are all of its group: each is compared with the newest of the others.
    """

    def __init__(self, watches: Iterable[Watch], tags: int) -> None:
        """Find the tags that deviations compare, among `tags` ones."""
        self.group: NDArray[np.intp] = np.arange(tags)
        self.is_in: NDArray[np.bool_] = np.zeros(tags, np.bool_)
        self._newest = np.full(tags, np.nan)
        self._measures: dict[int, list[DeviationMeasure]] = defaultdict(list)
        self._members: dict[int, list[int]] = defaultdict(list)
        measures = [watch.measure for watch in watches if _compares(watch)]
        root = _roots([measure.tags for measure in measures], self.group)
        self.group[:] = root
        for measure in measures:
            assert isinstance(measure, DeviationMeasure)  # noqa: S101 - as chosen
            self._measures[int(root[measure.tags[0]])].append(measure)
            self.is_in[list(measure.tags)] = True
        for handle in np.flatnonzero(self.is_in).tolist():
            self._members[int(root[handle])].append(handle)

    def begin(self, block: Block, rows: NDArray[np.intp]) -> list[int]:
        """Let measures know what was calm until now, before `rows` of a block are looked at; return their groups."""
        if not self._measures:
            return []
        handles = block.handle[rows]
        touched = np.unique(self.group[handles[self.is_in[handles]]]).tolist()
        for group in touched:
            for measure in self._measures[group]:
                measure.latest = self._newest[list(measure.tags)].tolist()
        return [int(group) for group in touched]

    def end(self, block: Block, touched: list[int]) -> list[int]:
        """Keep the newest values after a block whose groups `touched` were looked at; return these groups' tags."""
        if not self._measures:
            return []
        is_calm = self.is_in[block.handle] & ~np.isin(self.group[block.handle], touched)
        self._newest[block.handle[is_calm]] = block.value[is_calm]
        for group in touched:
            for measure in self._measures[group]:
                self._newest[list(measure.tags)] = measure.latest
        return [handle for group in touched for handle in self._members[group]]


def _compares(watch: Watch) -> bool:
    return isinstance(watch.measure, DeviationMeasure) and not isinstance(watch.measure, MismatchMeasure)


def _roots(pairs: Iterable[tuple[int, ...]], group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each tag the least one that it is joined with."""
    root = group.tolist()

    def find(tag: int) -> int:
        while root[tag] != tag:
            root[tag] = root[root[tag]]
            tag = root[tag]
        return tag

    for first, second in pairs:
        low, high = sorted((find(first), find(second)))
        root[high] = low
    return np.array([find(tag) for tag in range(len(root))], np.intp)
