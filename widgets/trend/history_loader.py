"""Brings a tag's history into its curve, off the GUI thread, one question at a time."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.history.envelope import Envelope
from app.history.reader import HistoryReader
from app.model import clock, status
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.trend.decimate import Stretch, samples
from widgets.trend.neighbours import with_neighbours
from widgets.trend.trace import SETTLE_NS, HistoryQuery, LoadedHistory, Trace

RETRY_NS = 5 * clock.NS_PER_S
PATIENCE_NS = clock.NS_PER_S
_BUCKETS_OF_NONE = 1_000

log = logging.getLogger(__name__)


def read_history(reader: HistoryReader, query: HistoryQuery) -> LoadedHistory:
    """Return what the history holds for a query, and close the reader; raise DatabaseError for an unreadable file."""
    asked = clock.wall_ns()
    with reader:
        found, longest = _points(reader, query)
        found = with_neighbours(reader, query, found, is_past=query.end < asked - SETTLE_NS)
    return LoadedHistory(query, found, asked, longest)


def _points(reader: HistoryReader, query: HistoryQuery) -> tuple[Stretch, int]:
    """Return samples or buckets, and the longest time for which one of them stands, ns."""
    if not query.buckets:
        series = reader.raw(query.tag, query.start, query.end)
        if len(series):
            return samples(series), 0
    # where samples are no longer kept, their minutes or hours may be
    found = reader.envelope([query.tag], query.start, query.end, query.buckets or _BUCKETS_OF_NONE)[query.tag]
    return buckets(found), found.longest


def buckets(envelope: Envelope) -> Stretch:
    """Return the buckets of an envelope as points of a curve, each at the time of its last value."""
    is_empty = np.isnan(envelope.minimum)
    # a bucket with a bad sample among good ones has values to draw: it is doubtful, not bad
    code = np.where(is_empty, envelope.status, np.minimum(envelope.status, np.uint32(status.UNCERTAIN)))
    return Stretch(
        np.where(envelope.last_time > 0, envelope.last_time, envelope.time),
        envelope.minimum,
        envelope.maximum,
        envelope.first,
        envelope.last,
        code.astype(np.uint32),
    )


class HistoryLoader(QObject):
    """Asks for one curve from the file at `path`.

    While a question is open no other is put, unless it drags on and another time is in view.
    """

    loaded = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._running: Operation[LoadedHistory] | None = None
        self._asked: HistoryQuery | None = None
        self._begun = 0
        self._not_before = 0
        self.problem = ""

    @property
    def is_loading(self) -> bool:
        """Whether a question is open."""
        return self._running is not None

    def ask(self, query: HistoryQuery, trace: Trace) -> None:
        """Load `query` into `trace`."""
        now = clock.monotonic_ns()
        if now < self._not_before or (self._running is not None and not self._is_outdated(query, now)):
            return
        self.cancel()
        self._asked, self._begun = query, now
        reader = HistoryReader(self._path)
        operation = Operation(self, lambda: read_history(reader, query), interrupt=reader.interrupt)
        self._running = operation.success(lambda answer: self._take(answer, trace)).failure(self._fail).start()

    def cancel(self) -> None:
        """Forget an open question: another tag is shown."""
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _is_outdated(self, query: HistoryQuery, now: int) -> bool:
        asked = self._asked
        if asked is None or now - self._begun < PATIENCE_NS:
            return False
        return query.tag != asked.tag or query.end < asked.start or query.start > asked.end

    def _take(self, answer: LoadedHistory, trace: Trace) -> None:
        self._running = None
        self.problem = ""
        trace.take(answer)
        self.loaded.emit()

    def _fail(self, error: Exception) -> None:
        self._running = None
        self._not_before = clock.monotonic_ns() + RETRY_NS
        if station_text(error) != self.problem:
            self.problem = station_text(error)
            log.error("history.unreadable reason=%s", error)
