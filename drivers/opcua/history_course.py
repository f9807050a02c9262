"""How far the reading of one node's history has come: which values are new, where to go on, and when to stop.

A server's pages are not believed to lead anywhere: a point may come back, a page may hold nothing later than the last
one, a server may give fewer values than there are without a point. Each is noticed by the values' times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model import status
from drivers.driver import TagSpec
from drivers.historian import HistoryEnd
from drivers.opcua.history_message import HistoryAnswer
from drivers.opcua.notification import Changes
from drivers.opcua.refusal import status_name
from drivers.opcua.sample import TICK_NS

MOST_IDLE = 10
"""So many pages in a row may bring nothing new before the reading is given up."""


@dataclass(slots=True)
class HistoryCourse:
    """The course of one tag; times are those of the server (ns UTC), start <= time < end.

    `node`: the bytes of its NodeId. `point`: where the server goes on, b"" where `since` says it. `is_alone`: it is
    asked for by itself, since the server has no further continuation point for it.
    """

    tag: TagSpec
    row: int
    node: bytes
    start: int
    end: int
    limit: int
    point: bytes = b""
    is_alone: bool = False
    over: HistoryEnd | None = None
    _newest: int = -1
    _given: int = 0
    _idle: int = 0

    @property
    def since(self) -> int:
        """Return from when on values are to be asked for where there is no point."""
        return max(self.start, self._newest)

    def take(self, answer: HistoryAnswer, *, most: int) -> Changes | None:
        """Return the values of an answer that are new, None where there are none; `most`: how many were asked for."""
        asked, self.point = self.point, answer.point
        if answer.code >= status.BAD:
            self._refused(answer.code, was_with_point=bool(asked))
            return None
        found = answer.changes
        count = 0 if found is None else len(found)
        fresh = None if found is None else self._fresh(found, is_again=not asked or asked == answer.point)
        is_more = bool(answer.point) or count >= most
        if self.limit and fresh is not None and len(fresh) > self.limit - self._given:
            fresh, is_more = fresh.select(np.arange(self.limit - self._given)), True
        self._go_on(fresh, is_more=is_more, is_repeated=bool(asked) and asked == self.point)
        return fresh

    def _fresh(self, found: Changes, *, is_again: bool) -> Changes | None:
        """Return what lies in the stretch; `is_again`: it may begin with values that were there already."""
        first = max(self.start, self._newest + 1) if is_again and self._newest >= 0 else self.start
        inside = found.select((found.time >= first) & (found.time < self.end))
        if not len(inside):
            return None
        if (np.diff(inside.time) < 0).any():
            inside = inside.select(np.argsort(inside.time, kind="stable"))
        return inside

    def _go_on(self, fresh: Changes | None, *, is_more: bool, is_repeated: bool) -> None:
        self._given += 0 if fresh is None else len(fresh)
        newest = -1 if fresh is None else int(fresh.time[-1])
        is_progress, self._newest = newest > self._newest, max(newest, self._newest)
        if self.limit and self._given >= self.limit and is_more:
            self._end(status.GOOD_MORE_DATA)
        elif not is_more or self._newest >= self.end - 1:
            self._end(status.GOOD)
        elif is_progress:
            self._idle = 0
            self.point = b"" if is_repeated else self.point
        else:
            self._idle_page(is_repeated=is_repeated)

    def _idle_page(self, *, is_repeated: bool) -> None:
        self._idle += 1
        if is_repeated or not self.point:
            self.point = b""
            self._newest = self.since + TICK_NS  # more values of one time than a page holds
        if self._idle > MOST_IDLE:
            self._end(
                status.BAD_DATA_LOST,
                f"{self.tag.address}: the server gives the same page of its history again and again: "
                "the rest of it could not be read",
            )

    def _refused(self, code: int, *, was_with_point: bool) -> None:
        name = status_name(code)
        self._idle += 1
        self.point = b""
        can_go_on = (name == "BadNoContinuationPoints" and not self.is_alone) or (
            name == "BadContinuationPointInvalid" and was_with_point
        )
        if can_go_on and self._idle <= MOST_IDLE:
            self.is_alone = True
            return
        self._end(code, f"{self.tag.address}: the server gives no history of it: {name}")

    def _end(self, code: int, reason: str = "") -> None:
        self.over = HistoryEnd(self.tag.handle, code, reason)
