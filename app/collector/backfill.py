"""What the station did not collect and devices had kept: into the history, and out of the gaps where it is whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

from app.acquisition.acquisition import LateData
from app.collector.recorder import Recorder
from app.database import open_reader
from app.history.break_store import STATION, numbers_by_handle, read_breaks
from app.history.gap import Gap, GapReason
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.block import Block
from app.model.missed import Break, BreakChange, BreakState
from app.model.plant import Plant

log = logging.getLogger(__name__)

UNSURE_NS = 10 * clock.NS_PER_S
"""Where only bad samples are at the end of a tag, the device may have been gone for so long before them."""
MOST_BAD = 32
"""So many bad samples at the end of a tag are looked behind."""
_EVER = (1 << 63) - 1
MOST_GAPS = 1_000
"""A gap of all tags is not divided into more: it then stays one of all."""


class Past:
    """What is still to be had of the time before this start, and what has become of it since."""

    def __init__(self, history: Path, plant: Plant, recorder: Recorder, silence: Gap | None) -> None:
        """Take up what the file tells; `silence`: in which the station did not run before this start."""
        self._plant = plant
        self._backfilled = {definition.id for definition in plant.connections if definition.backfill}
        with closing(open_reader(history)) as connection:
            self._breaks = list(read_breaks(connection, plant.tags))
            numbers = numbers_by_handle(connection, plant.tags)
        self._newest = self._newest_samples(history) if self._backfilled else {}
        self._recorder = recorder
        filling = {tag.handle for tag in plant.tags if tag.connection in self._backfilled}
        others = {tag.handle: numbers[tag.handle] for tag in plant.tags if tag.handle not in filling}
        if filling and silence is not None:
            begun = Break(STATION, silence.start, silence.end)
            self._breaks.append(begun)
            recorder.note_breaks([BreakChange(begun, BreakState.MISSED)])
        self._silences = SilenceClosing(self._breaks, others, {handle: numbers[handle] for handle in filling}, recorder)

    def late_data(self, keep: Callable[[Block], Future[None]]) -> LateData:
        """Return where late samples go, and up to when the history was filled before this start."""
        return LateData(keep, self._note, self._newest, self._breaks)

    def _note(self, changes: Sequence[BreakChange]) -> None:
        self._recorder.note_breaks(changes)
        self._silences.take(changes)

    def _newest_samples(self, history: Path) -> dict[int, int]:
        found: dict[int, int] = {}
        lasting = {each.handle for each in self._breaks if each.lasts}  # the beginnings of these are known
        with HistoryReader(history) as reader:
            latest = reader.latest()
            for tag in self._plant.tags:
                sample = latest.get(tag.name)
                if sample is None or tag.connection not in self._backfilled or tag.handle in lasting:
                    continue
                is_bad = sample.status >= status.BAD
                found[tag.handle] = _before_bad_ones(reader, tag.name) if is_bad else sample.source_time
        return found


def _before_bad_ones(reader: HistoryReader, tag: str) -> int:
    """Return when the last usable sample was, or a little before the first of many bad ones.

    That there was no device is stamped by our clock, which may be ahead of the device's by more than a little.
    """
    last = reader.raw(tag, 0, _EVER, limit=MOST_BAD)
    usable = last.time[status.usable_mask(last.status)]
    return int(usable[-1]) if len(usable) else int(last.time[0]) - UNSURE_NS


class SilenceClosing:
    """Takes the gap of a station that did not run back, once nothing of it is to be fetched any more.

    Tags that have not got what they missed, since nobody can be asked, then have a gap of their own.
    """

    def __init__(
        self, breaks: Sequence[Break], others: Mapping[int, int], filling: Mapping[int, int], recorder: Recorder
    ) -> None:
        """Take the breaks of before this start; that of a gap has the handle STATION.

        `others`, `filling`: the numbers in the file, by handle, of tags that are not filled, and of those that are.
        """
        self._others = others
        self._filling = filling
        self._recorder = recorder
        self._silences = [each for each in breaks if each.handle == STATION]
        self._missed = {(each.handle, each.end): each for each in breaks if each.handle != STATION}

    def take(self, changes: Sequence[BreakChange]) -> None:
        """Take note of what has become of breaks."""
        if not self._silences:
            return
        is_settled = False
        for what, state in changes:
            if state is BreakState.MISSED:
                self._missed[what.handle, what.end] = what
            else:
                self._missed.pop((what.handle, what.end), None)
            if state is BreakState.REFUSED and what.handle in self._filling:
                self._leave(what, self._filling[what.handle])
            is_settled |= state in {BreakState.FILLED, BreakState.REFUSED}
        if is_settled:
            for silence in [each for each in self._silences if not self._is_missed(each)]:
                self._close(silence)

    def _is_missed(self, silence: Break) -> bool:
        return any(
            each.start < silence.end and (each.lasts or each.end > silence.start)
            for each in self._missed.values()
            if each.handle in self._filling
        )

    def _leave(self, refused: Break, number: int) -> None:
        """Keep, of a tag that gets nothing, what lies in a gap of all tags."""
        for silence in self._silences:
            start, end = max(refused.start + 1, silence.start), min(refused.end, silence.end)
            if start < end:
                self._recorder.note_gap(Gap(start, end, GapReason.NOT_COLLECTING, tag=number))

    def _close(self, silence: Break) -> None:
        self._silences.remove(silence)
        self._recorder.note_breaks([BreakChange(silence, BreakState.FILLED)])
        if len(self._others) > MOST_GAPS:
            return
        log.info("history.gap_closed start=%d end=%d but=%d", silence.start, silence.end, len(self._others))
        self._recorder.close_gap(Gap(silence.start, silence.end, GapReason.NOT_COLLECTING))
        for number in self._others.values():
            self._recorder.note_gap(Gap(silence.start, silence.end, GapReason.NOT_COLLECTING, tag=number))
