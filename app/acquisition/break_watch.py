"""Breaks: the stretches in which a tag's device went on without us, seen in what its connection delivers.

A break begins with the newest usable sample before a block that gives the tag up, and ends with the first usable one
after it; between the two lies what only the device itself may know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import Block, HandleArray, TimeArray
from app.model.missed import Break

GIVEN_UP = np.array(
    [
        status.BAD_WAITING_FOR_INITIAL_DATA,
        status.BAD_NO_COMMUNICATION,
        status.BAD_NOT_CONNECTED,
        status.BAD_INTERNAL_ERROR,
        status.BAD_CONFIGURATION_ERROR,
    ],
    np.uint32,
)
"""The codes by which app.acquisition says that it has no device; a device's own bad values are samples like others."""


class BreakWatch:
    """Follows the tags that are watched, in the collector, so that it outlives connections and workers."""

    def __init__(self, watched: Iterable[int], tags: int, *, newest: Mapping[int, int]) -> None:
        """Watch these handles out of `tags`; `newest`: what was stored before, source times by handle."""
        self._is_watched = np.zeros(tags, np.bool_)
        self._is_watched[list(watched)] = True
        self._newest = np.zeros(tags, np.int64)
        for handle, time in newest.items():
            self._newest[handle] = time
        self._since = np.zeros(tags, np.int64)

    def take(self, block: Block) -> list[Break]:
        """Return the breaks that begin with `block`, which last, and those that end with samples of it.

        One that has ended may be empty.
        """
        rows = np.flatnonzero(self._is_watched[block.handle])
        if not len(rows):
            return []
        handles, times, codes = block.handle[rows], block.time[rows], block.status[rows]
        is_given_up, is_usable = np.isin(codes, GIVEN_UP), status.usable_mask(codes)
        if not is_given_up.any() and not self._since[handles[is_usable]].any():
            np.maximum.at(self._newest, handles[is_usable], times[is_usable])
            return []
        if len(np.unique(handles)) == len(handles):
            return self._take_once(handles, times, is_given_up=is_given_up, is_usable=is_usable)
        found = []
        for handle, time, given_up, usable in zip(
            handles.tolist(), times.tolist(), is_given_up.tolist(), is_usable.tolist(), strict=True
        ):
            since, newest = int(self._since[handle]), int(self._newest[handle])
            if given_up and not since and newest:
                self._since[handle] = newest
                found.append(Break(handle, newest, 0))
            elif usable:
                self._since[handle] = 0
                self._newest[handle] = max(time, newest)
                if since:
                    found.append(Break(handle, since, time))
        return found

    def _take_once(
        self, handles: HandleArray, times: TimeArray, *, is_given_up: NDArray[np.bool_], is_usable: NDArray[np.bool_]
    ) -> list[Break]:
        """Take one sample of each of these tags, as at a loss, or at a return, of thousands at once."""
        since, newest = self._since[handles], self._newest[handles]
        begins = is_given_up & (since == 0) & (newest > 0)
        self._since[handles[begins]] = newest[begins]
        ends = is_usable & (since > 0)
        self._since[handles[is_usable]] = 0
        self._newest[handles[is_usable]] = np.maximum(newest, times)[is_usable]
        found = [
            Break(handle, start, 0) for handle, start in zip(*_lists(handles[begins], newest[begins]), strict=True)
        ]
        return found + list(map(Break._make, zip(*_lists(handles[ends], since[ends], times[ends]), strict=True)))


def _lists(*columns: NDArray[Any]) -> Iterable[list[int]]:
    return (column.tolist() for column in columns)
