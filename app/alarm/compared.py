"""Tags that alarms compare with one another, such as a value and its setpoint, and the newest value of each.

Each of them has an interval around its newest value, such that the condition cannot turn as long as all stay in theirs:
no sample is looked at by itself then. What is in between is known all the same, since the newest values are kept here,
a block in one stroke.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.alarm.measure_state import DeviationMeasure, ExpressionMeasure
from app.alarm.watch import Watch
from app.model.block import Block, HandleArray

_Comparing = DeviationMeasure | ExpressionMeasure


class ComparedTags:
    """`group`: of each tag (handle), the same for all that are compared with one another, directly or over others.

    When a sample of a tag is looked at, so are all of its group: each is compared with the newest of the others. A tag
    that must not move at all, such as a state in an expression, belongs to no group but is `attached` to those of the
    tags that move beside it: a plant whose expressions all ask for one mode is not one group.
    """

    def __init__(self, watches: Iterable[Watch], tags: int) -> None:
        """Find the tags that deviations and expressions compare, among `tags` ones."""
        self.group: NDArray[np.intp] = np.arange(tags)
        self.is_in: NDArray[np.bool_] = np.zeros(tags, np.bool_)
        self._is_attached: NDArray[np.bool_] = np.zeros(tags, np.bool_)
        self._newest = np.full(tags, np.nan)
        self._measures: dict[int, list[_Comparing]] = defaultdict(list)
        self._members: dict[int, list[int]] = defaultdict(list)
        self._attached: dict[int, set[int]] = defaultdict(set)
        measures = [watch.measure for watch in watches if isinstance(watch.measure, _Comparing)]
        measures = [measure for measure in measures if measure.moving]
        root = _roots([measure.moving for measure in measures], self.group)
        self.group[:] = root
        for measure in measures:
            self._add(measure, int(root[measure.moving[0]]))
        for handle in np.flatnonzero(self.is_in).tolist():
            self._members[int(root[handle])].append(handle)

    def _add(self, measure: _Comparing, group: int) -> None:
        self._measures[group].append(measure)
        self.is_in[list(measure.moving)] = True
        if isinstance(measure, ExpressionMeasure):
            measure.is_followed = True
        for handle in set(measure.tags) - set(measure.moving):
            self._attached[handle].add(group)
            self._is_attached[handle] = True

    def groups_of(self, handles: HandleArray) -> NDArray[np.intp]:
        """Return the groups of tags, and those that they are attached to."""
        own = self.group[handles]
        attached = handles[self._is_attached[handles]]
        if not len(attached):
            return own
        others = {group for handle in set(attached.tolist()) for group in self._attached[handle]}
        return np.concatenate([own, np.fromiter(others, np.intp)])

    def begin(self, block: Block, rows: NDArray[np.intp]) -> list[int]:
        """Let measures know what was calm until now, before `rows` of a block are looked at; return their groups."""
        if not self._measures:
            return []
        handles = block.handle[rows]
        compared = handles[self.is_in[handles] | self._is_attached[handles]]
        touched = [group for group in np.unique(self.groups_of(compared)).tolist() if group in self._measures]
        for group in touched:
            for measure in self._measures[group]:
                self.renew(measure)
        return touched

    def renew(self, measure: object) -> None:
        """Let a measure know the newest values of its tags, where they are followed here."""
        if isinstance(measure, _Comparing) and measure.moving:
            measure.renew(self._newest[list(measure.tags)].tolist())

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


def _roots(alike: Iterable[tuple[int, ...]], group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each tag the least one that it is joined with."""
    root = group.tolist()

    def find(tag: int) -> int:
        while root[tag] != tag:
            root[tag] = root[root[tag]]
            tag = root[tag]
        return tag

    for tags in alike:
        for other in tags[1:]:
            low, high = sorted((find(tags[0]), find(other)))
            root[high] = low
    return np.array([find(tag) for tag in range(len(root))], np.intp)
