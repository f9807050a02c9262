"""Backfill: after a break the device is asked for what it has kept; that goes into the history as late data.

One request at a time for the whole station, of a few tags each, so that live values never wait for the past. What comes
is stored before more is asked for, and a request that fails is made again: each sample is known by its tag and time, so
that it stands in the history once, however often it comes. See docs/decisions/0027-backfill.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future

import numpy as np

from app.acquisition.break_watch import Break, BreakWatch
from app.model import clock, status
from app.model.block import Block
from app.model.plant import Plant
from drivers.driver import DriverError
from drivers.historian import HistoryEnd

log = logging.getLogger(__name__)

SETTLE_S = 3.0
"""So long after the end of a break the first question waits: a server stores its history a little later itself."""
RETRY_S = 10.0
TAGS_AT_ONCE = 50
NEARBY_NS = 60 * clock.NS_PER_S
"""Breaks whose ends lie that near go into one request."""
LONGEST_NS = 31 * 86_400 * clock.NS_PER_S
"""Of a longer break only so much is asked for, the newest part."""
_AGAIN = frozenset(
    {
        status.BAD_TIMEOUT,
        status.BAD_COMMUNICATION_ERROR,
        status.BAD_NO_COMMUNICATION,
        status.BAD_NOT_CONNECTED,
        status.BAD_RESOURCE_UNAVAILABLE,
    }
)

Ask = Callable[[str, Sequence[int], int, int], Awaitable[Sequence[HistoryEnd]]]
"""Ask the device of a connection for these tags with start <= time < end; late Blocks come to `Backfill.take`."""


class Backfill:
    """Asks for what was missed; `ask` raises DriverError where the device cannot be asked now.

    `keep` stores late samples, its future is done once they are on disk. `on_filled` hears which breaks are closed.
    """

    def __init__(
        self,
        plant: Plant,
        *,
        ask: Ask,
        keep: Callable[[Block], Future[None]],
        newest: Mapping[int, int],
        on_filled: Callable[[Sequence[Break]], None],
        settle_s: float = SETTLE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        """Watch the tags of the connections that ask for it; `newest`: source times of what is stored, by handle."""
        wanted = {definition.id for definition in plant.connections if definition.backfill}
        self._connection_of = {tag.handle: tag.connection for tag in plant.tags if tag.connection in wanted}
        self._watch = BreakWatch(self._connection_of, len(plant.tags), newest=newest)
        self._ask = ask
        self._keep = keep
        self._on_filled = on_filled
        self._settle_s = settle_s
        self._retry_s = retry_s
        self._waiting: list[Break] = []
        self._has_work = asyncio.Event()
        self._start = np.zeros(len(plant.tags), np.int64)
        self._end = np.zeros(len(plant.tags), np.int64)
        self._kept: list[Future[None]] = []
        self._samples = 0

    def hear(self, block: Block) -> None:
        """Take what a connection delivers."""
        found = self._watch.take(block)
        if found:
            self._waiting += [_shortened(each) for each in found]
            self._has_work.set()

    def take(self, block: Block) -> None:
        """Take late samples: those that lie in the breaks that are being filled are kept, no others."""
        is_wanted = (block.time > self._start[block.handle]) & (block.time < self._end[block.handle])
        wanted = block.select(is_wanted)
        if len(wanted):
            self._samples += len(wanted)
            self._kept.append(self._keep(wanted))

    async def run(self) -> None:
        """Fill breaks until cancelled."""
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            await asyncio.sleep(self._settle_s)
            if not await self._fill_all():
                await asyncio.sleep(self._retry_s)
                self._has_work.set()

    async def _fill_all(self) -> bool:
        """Ask once for everything that waits; return whether nothing is left to be asked again."""
        waiting, self._waiting = self._waiting, []
        again: list[Break] = []
        for connection, breaks in _parts(waiting, self._connection_of):
            again += await self._fill(connection, breaks)
        self._waiting += again
        return not again

    async def _fill(self, connection: str, breaks: Sequence[Break]) -> list[Break]:
        """Return the breaks that are to be asked for again."""
        handles = [each.handle for each in breaks]
        self._start[handles] = [each.start for each in breaks]
        self._end[handles] = [each.end for each in breaks]
        self._kept, self._samples = [], 0
        start, end = min(each.start for each in breaks) + 1, max(each.end for each in breaks)
        try:
            ends = {each.handle: each for each in await self._ask(connection, handles, start, end)}
            await asyncio.gather(*(asyncio.wrap_future(each) for each in self._kept))
        except Exception as error:
            if not isinstance(error, DriverError):
                log.exception("backfill.failed connection=%s", connection)
            else:
                log.info("backfill.waits connection=%s %s", connection, error)
            return list(breaks)
        finally:
            self._end[handles] = 0
        return self._told(connection, breaks, ends)

    def _told(self, connection: str, breaks: Sequence[Break], ends: Mapping[int, HistoryEnd]) -> list[Break]:
        of = {each.handle: ends.get(each.handle) for each in breaks}
        again = [each for each in breaks if (told := of[each.handle]) is None or told.status in _AGAIN]
        refused = [told for told in of.values() if told is not None and _is_refusal(told)]
        filled = [each for each in breaks if (told := of[each.handle]) is not None and told.status < status.BAD]
        if filled:
            log.info("backfill.done connection=%s tags=%d samples=%d", connection, len(filled), self._samples)
            self._on_filled(filled)
        if refused:
            first = refused[0].reason
            log.warning("backfill.refused connection=%s tags=%d first=%s", connection, len(refused), first)
        return again


def _is_refusal(end: HistoryEnd) -> bool:
    return end.status >= status.BAD and end.status not in _AGAIN


def _shortened(found: Break) -> Break:
    return Break(found.handle, max(found.start, found.end - LONGEST_NS), found.end)


def _parts(breaks: Sequence[Break], connection_of: Mapping[int, str]) -> list[tuple[str, list[Break]]]:
    """Return the breaks in requests: of one connection, of about the same stretch, of a few tags, of no tag twice."""
    groups: dict[tuple[str, int, int, int], list[Break]] = {}
    times_seen: dict[int, int] = {}
    for each in breaks:
        turn = times_seen[each.handle] = times_seen.get(each.handle, -1) + 1
        key = (connection_of[each.handle], each.start // NEARBY_NS, each.end // NEARBY_NS, turn)
        groups.setdefault(key, []).append(each)
    return [
        (key[0], group[at : at + TAGS_AT_ONCE])
        for key, group in groups.items()
        for at in range(0, len(group), TAGS_AT_ONCE)
    ]
