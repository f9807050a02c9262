"""What the station did not collect and devices had kept: into the history, and out of the gaps where it is whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.acquisition.acquisition import LateData
from app.acquisition.break_watch import Break
from app.collector.recorder import Recorder
from app.collector.stages import Stages
from app.history.gap import Gap
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.plant import Plant

log = logging.getLogger(__name__)

UNSURE_NS = 10 * clock.NS_PER_S
"""Where the last sample before a start is a bad one, the device may have been gone for so long before."""


def late_data(history: Path, plant: Plant, stages: Stages, on_filled: Callable[[Sequence[Break]], None]) -> LateData:
    """Return where late samples go, and up to when the history was filled before this start."""
    backfilled = {definition.id for definition in plant.connections if definition.backfill}
    newest: dict[int, int] = {}
    if backfilled:
        with HistoryReader(history) as reader:
            latest = reader.latest()
        for tag in plant.tags:
            sample = latest.get(tag.name)
            if sample is not None and tag.connection in backfilled:
                newest[tag.handle] = sample.source_time - (UNSURE_NS if sample.status >= status.BAD else 0)
    return LateData(stages.deliver_late, on_filled, newest)


class SilenceClosing:
    """Takes the gap of a station that did not run back, once every tag of the plant has what it missed.

    As an import does, it leaves a gap of all tags as long as it is one of any of them.
    """

    def __init__(self, silence: Gap | None, tags: Iterable[int], recorder: Recorder) -> None:
        """Begin with the gap that was noted at the start, None where there is none; `tags`: all handles."""
        self._silence = silence
        self._missing = set(tags)
        self._recorder = recorder

    def filled(self, breaks: Sequence[Break]) -> None:
        """Take note of tags that have what they missed."""
        if self._silence is None:
            return
        for each in breaks:
            if each.start <= self._silence.start and each.end > self._silence.start:
                self._missing.discard(each.handle)
        if not self._missing:
            log.info("history.gap_closed start=%d end=%d", self._silence.start, self._silence.end)
            self._recorder.close_gap(self._silence)
            self._silence = None
