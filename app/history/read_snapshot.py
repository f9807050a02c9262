"""The whole plant at one instant: the last sample of every tag at or before it.

From the chunk around the instant, else from the key frame of the last hour that has any sample of the tag; then what is
not compacted. Who asks for a second instant nearby, as a replay does, gets it from the samples of a quarter of an hour
that are then kept unpacked.
"""

from __future__ import annotations

import numpy as np

from app.history.chunk import LONGEST_CHUNK, sample_of
from app.history.codec import CodecError
from app.history.layout import hour_of, tag_key
from app.history.plant_window import QUARTER_NS, PlantWindow, build_window
from app.history.state_table import StateTable
from app.history.view import HistoryView
from app.model import status as status_code
from app.model.plant_state import PlantState

_LAST_QUARTER = (1 << 63) - QUARTER_NS
_FIRST_HOUR = hour_of(-(1 << 63))


class SnapshotReader:
    """Reads the plant at instants through one view, and remembers the neighbourhood of the last one."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self._quarter = -1
        self._window: PlantWindow | None = None

    def read(self, view: HistoryView, at: int) -> PlantState:
        """Return the plant as it is known at an instant (ns UTC)."""
        state = self._compacted(view, at)
        _from_fresh(view, at, state)
        for part in view.tail.all_parts():
            state.take_last(part, at)
        return state.result({number: name for number, (name, _) in view.tags().items()})

    def _compacted(self, view: HistoryView, at: int) -> StateTable:
        window = self._window
        if window is not None and window.generation == view.generation and window.holds(at):
            return window.state_at(at)
        quarter, former = at // QUARTER_NS, self._quarter
        self._quarter, self._window = quarter, None
        start = quarter * QUARTER_NS
        if quarter == former and start < _LAST_QUARTER:
            self._window = build_window(view, start, _compacted_state(view, start - 1))
            if self._window is not None:
                return self._window.state_at(at)
        return _compacted_state(view, at)


def _compacted_state(view: HistoryView, at: int) -> StateTable:
    state = StateTable(max(view.tags(), default=0))
    _from_chunks(view, at, state)
    _from_key_frames(view, at, state)
    return state


def _from_chunks(view: HistoryView, at: int, state: StateTable) -> None:
    """Take the hour that holds `at`: one stretch of the table, and the times of a poll group only once."""
    chunks = view.chunks_at(at)
    places = view.compacted_stamps.places(view.connection, [chunk for _, chunk in chunks], at)
    scratch = np.empty(LONGEST_CHUNK)
    for number, chunk in chunks:
        row, moment = places.get(chunk.stamp, (-1, chunk.start))
        try:
            state.put(number, moment, *sample_of(chunk, row, scratch))
        except CodecError as error:
            view.tell_damage(f"tag {number} at {chunk.start}: {error}")
            state.put(number, chunk.start, np.nan, status_code.BAD_DATA_LOST)


def _from_key_frames(view: HistoryView, at: int, state: StateTable) -> None:
    """Take the last sample of the newest hour before that of `at`, for tags that were silent in it."""
    hour = hour_of(at)
    for number in view.tags():
        if state.has(number):
            continue
        row = view.connection.execute(
            "SELECT end_time, end_value, end_status FROM hourly WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
            (tag_key(number, _FIRST_HOUR), tag_key(number, hour - 1)),
        ).fetchone()
        if row is not None:
            state.put(number, row[0], np.nan if row[1] is None else row[1], row[2])


def _from_fresh(view: HistoryView, at: int, state: StateTable) -> None:
    """Take the fresh chunks around `at`, and of each tag the last one before it."""
    tags = view.tags()
    for number, chunk in view.fresh_around(at):
        if number in tags:
            samples = next(view.unpacked_fresh(tags[number][1], [chunk]))
            count = int(samples.time.searchsorted(at, side="right"))
            if count:
                last = samples.rows(slice(count - 1, count))
                state.take(last.in_kind("f"))
