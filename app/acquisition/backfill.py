"""Backfill: after a break the device is asked for what it has kept; that goes into the history as late data.

One request at a time for the whole station, of a few tags each, so that live values never wait for the past. What comes
is stored before more is asked for, and a request that fails is made again: each sample is known by its tag and time, so
that it stands in the history once, however often it comes. What is still to be had is told with every change, so
that it can be kept where the end of the collector does not reach it. See docs/decisions/0027-backfill.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future

import numpy as np

from app.acquisition.arrears_book import ArrearsBook
from app.acquisition.break_watch import BreakWatch
from app.model import clock, status
from app.model.block import Block
from app.model.missed import Arrears, Break, BreakChange, BreakState
from app.model.plant import Plant
from drivers.driver import DriverError
from drivers.historian import HistoryEnd

log = logging.getLogger(__name__)

SETTLE_S = 3.0
"""So long after the end of a break the first question waits: a server stores its history a little later itself."""
RETRY_S = 10.0
LONGEST_RETRY_S = 300.0
"""The pause after a round that brought nothing doubles up to this; a break that ends makes it short again."""
MOST_OF_A_TAG = 8
"""More breaks of one tag are joined: asking once for what lies between them too is less work for a server."""
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

    `keep` stores late samples, its future is done once they are on disk. `note` hears what has become of each break,
    a part of it fetched too: it is to be kept not later than the samples that `keep` or the live way gets afterwards.
    """

    def __init__(
        self,
        plant: Plant,
        *,
        ask: Ask,
        keep: Callable[[Block], Future[None]],
        newest: Mapping[int, int],
        note: Callable[[Sequence[BreakChange]], None],
        missed: Iterable[Break] = (),
        settle_s: float = SETTLE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        """Watch the tags of the connections that ask for it; `newest`: source times of what is stored, by handle.

        `missed`: the breaks that were still to be filled, or lasted, when the collector ended.
        """
        wanted = {definition.id for definition in plant.connections if definition.backfill}
        self._connection_of = {tag.handle: tag.connection for tag in plant.tags if tag.connection in wanted}
        known = [each for each in missed if each.handle in self._connection_of]
        began = {each.handle: each.start for each in known if each.lasts}
        self._watch = BreakWatch(self._connection_of, len(plant.tags), newest={**newest, **began})
        self._ask = ask
        self._keep = keep
        self._note = note
        self._settle_s = settle_s
        self._retry_s = retry_s
        self._arrears = ArrearsBook(self._connection_of)
        self._has_work = asyncio.Event()
        self._filling: dict[int, Break] = {}
        self._start = np.zeros(len(plant.tags), np.int64)
        self._end = np.zeros(len(plant.tags), np.int64)
        self._kept: list[Future[None]] = []
        self._samples = 0
        self._add([each for each in known if not each.lasts])

    def arrears(self, connection: str) -> Arrears:
        """Return what is still to be fetched of a connection."""
        return self._arrears.of(connection)

    def hear(self, block: Block) -> None:
        """Take what a connection delivers."""
        found = self._watch.take(block)
        if not found:
            return
        changes = [BreakChange(each, BreakState.MISSED) for each in found if each.lasts]
        ended = [each for each in found if not each.lasts]
        changes += [BreakChange(Break(each.handle, each.start, 0), BreakState.REPLACED) for each in ended]
        self._note([*changes, *self._add([_shortened(each) for each in ended if not each.is_empty])])

    def take(self, block: Block) -> None:
        """Take late samples: those that lie in the breaks that are being filled are kept, no others."""
        is_wanted = (block.time > self._start[block.handle]) & (block.time < self._end[block.handle])
        wanted = block.select(is_wanted)
        if not len(wanted):
            return
        self._samples += len(wanted)
        self._kept.append(self._keep(wanted))
        np.maximum.at(self._start, wanted.handle, wanted.time)
        narrowed = []
        for handle in np.unique(wanted.handle).tolist():
            self._filling[handle] = Break(handle, int(self._start[handle]), self._filling[handle].end)
            self._arrears.put(self._filling[handle])
            narrowed.append(BreakChange(self._filling[handle], BreakState.MISSED))
        self._note(narrowed)

    async def run(self) -> None:
        """Fill breaks until cancelled."""
        while True:
            pause_s = self._retry_s
            await self._settled()
            while not await self._fill_all():
                try:
                    async with asyncio.timeout(pause_s):
                        await self._settled()
                    pause_s = self._retry_s
                except TimeoutError:
                    pause_s = min(2.0 * pause_s, LONGEST_RETRY_S)

    async def _settled(self) -> None:
        """Wait for a break that has ended, and until the server has stored its end."""
        await self._has_work.wait()
        self._has_work.clear()
        await asyncio.sleep(self._settle_s)

    def _add(self, breaks: Sequence[Break]) -> list[BreakChange]:
        """Let breaks wait to be filled; return what is to be noted."""
        changes = []
        for each in breaks:
            joined = each
            last = self._arrears.last_of(each.handle, at_least=MOST_OF_A_TAG)
            if last is not None and self._filling.get(each.handle) != last:
                joined = Break(each.handle, min(last.start, each.start), each.end)
                self._arrears.remove(last)
                changes.append(BreakChange(last, BreakState.REPLACED))
            self._arrears.put(joined)
            changes.append(BreakChange(joined, BreakState.MISSED))
        if breaks:
            self._has_work.set()
        return changes

    async def _fill_all(self) -> bool:
        """Ask once for everything that waits; return whether nothing is left to be asked again."""
        silent: set[str] = set()
        is_done = True
        for connection, part in _parts(self._arrears.all(), self._connection_of):
            breaks = [each for each in part if self._arrears.has(each)]
            if breaks and (connection in silent or not await self._fill(connection, breaks, silent)):
                is_done = False
        return is_done

    async def _fill(self, connection: str, breaks: Sequence[Break], silent: set[str]) -> bool:
        """Return whether none of the breaks is to be asked for again; a connection that cannot be asked gets silent."""
        handles = [each.handle for each in breaks]
        self._filling = {each.handle: each for each in breaks}
        self._start[handles] = [each.start for each in breaks]
        self._end[handles] = [each.end for each in breaks]
        self._kept, self._samples = [], 0
        start, end = min(each.start for each in breaks) + 1, max(each.end for each in breaks)
        try:
            ends = {each.handle: each for each in await self._ask(connection, handles, start, end)}
            await asyncio.gather(*(asyncio.wrap_future(each) for each in self._kept))
            return self._told(connection, list(self._filling.values()), ends)
        except DriverError as error:
            log.info("backfill.waits connection=%s %s", connection, error)
            self._arrears.complain(connection, str(error))
        except Exception as error:
            log.exception("backfill.failed connection=%s", connection)
            self._arrears.complain(connection, f"{type(error).__name__}: {error}")
        finally:
            self._end[handles] = 0
            self._filling = {}
        silent.add(connection)
        return False

    def _told(self, connection: str, breaks: Sequence[Break], ends: Mapping[int, HistoryEnd]) -> bool:
        told = [(each, ends.get(each.handle)) for each in breaks]
        filled = [each for each, end in told if end is not None and end.status < status.BAD]
        refused = [(each, end) for each, end in told if end is not None and _is_refusal(end)]
        again = [end for _, end in told if end is None or end.status in _AGAIN]
        self._arrears.complain(connection, next((end.reason for end in again if end is not None), ""))
        if filled:
            log.info("backfill.done connection=%s tags=%d samples=%d", connection, len(filled), self._samples)
        if refused:
            self._arrears.refuse(connection, [each.handle for each, _ in refused])
            log.warning(
                "backfill.refused connection=%s tags=%d first=%s", connection, len(refused), refused[0][1].reason
            )
        settled = [BreakChange(each, BreakState.FILLED) for each in filled]
        settled += [BreakChange(each, BreakState.REFUSED) for each, _ in refused]
        for what, _ in settled:
            self._arrears.remove(what)
        if settled:
            self._note(settled)
        return not again


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
