"""What becomes of the gap of a station that did not run, as devices give what they had kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.acquisition.acquisition import LateData
from app.collector.backfill import UNSURE_NS, Past
from app.collector.recorder import Recorder
from app.database import open_reader
from app.history.gap import Gap, GapReason, read_gaps
from app.model import clock, status
from app.model.block import Block, block_of
from app.model.connection import ConnectionDefinition
from app.model.missed import Break, BreakChange, BreakState
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText

S = clock.NS_PER_S
SILENCE = Gap(101 * S, 200 * S, GapReason.NOT_COLLECTING)
FILLED, REFUSED, MISSED = BreakState.FILLED, BreakState.REFUSED, BreakState.MISSED


def _plant(others: int = 1) -> Plant:
    """Two tags of a device with a history, the others of one without."""
    tags = tuple(
        TagDefinition(handle, f"T{handle}", "", LocalText("t"), "kept" if handle < 2 else "other", "a")
        for handle in range(2 + others)
    )
    connections = (
        ConnectionDefinition("other", "x", "x://"),
        ConnectionDefinition("kept", "x", "x://", backfill=True),
    )
    return Plant("p", LocalText("P"), (), connections, tags)


@contextmanager
def _recording(path: Path, plant: Plant) -> Iterator[Recorder]:
    recorder = Recorder(path, plant.tags, on_stored=lambda _: None)
    recorder.start()
    try:
        yield recorder
    finally:
        recorder.stop()


def _started(path: Path, plant: Plant, recorder: Recorder, silence: Gap | None) -> LateData:
    return Past(path, plant, recorder, silence).late_data(_kept)


def _kept(_: Block) -> Future[None]:
    return Future()


def _gaps(path: Path) -> list[tuple[int, int, int | None]]:
    with closing(open_reader(path)) as connection:
        return [(gap.start, gap.end, gap.tag) for gap in read_gaps(connection, 0, 1 << 62)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def test_that_tags_that_cannot_be_filled_have_the_gap_alone_once_all_others_are(path: Path) -> None:
    plant = _plant()
    breaks = [Break(0, 99 * S, 201 * S), Break(1, 100 * S, 202 * S)]
    with _recording(path, plant) as recorder:
        recorder.note_gap(SILENCE)
        late = _started(path, plant, recorder, SILENCE)
        late.note([BreakChange(each, MISSED) for each in breaks])
        late.note([BreakChange(breaks[0], FILLED)])
    assert _gaps(path) == [(SILENCE.start, SILENCE.end, None)]
    with _recording(path, plant) as recorder:  # the second half after another start
        late = _started(path, plant, recorder, None)
        assert [each for each in late.missed if each.handle >= 0] == [breaks[1]]
        late.note([BreakChange(breaks[1], FILLED)])
    assert _gaps(path) == [(SILENCE.start, SILENCE.end, 3)]
    with _recording(path, plant) as recorder:
        assert _started(path, plant, recorder, None).missed == []


def test_that_a_tag_of_which_the_device_has_nothing_keeps_its_part_of_the_gap(path: Path) -> None:
    plant = _plant(others=0)
    with _recording(path, plant) as recorder:
        recorder.note_gap(SILENCE)
        late = _started(path, plant, recorder, SILENCE)
        breaks = [Break(0, 150 * S, 201 * S), Break(1, 100 * S, 202 * S)]
        late.note([BreakChange(each, MISSED) for each in breaks])
        late.note([BreakChange(breaks[0], REFUSED), BreakChange(breaks[1], FILLED)])
    assert _gaps(path) == [(150 * S + 1, SILENCE.end, 1)]


def test_that_a_break_begins_with_the_last_usable_sample_whatever_our_clock_has_said_since(path: Path) -> None:
    plant = _plant()
    with _recording(path, plant) as recorder:
        recorder.add(block_of([0, 0, 1, 1], [10 * S, 900 * S, 20 * S, 30 * S], [1.0, float("nan"), 1.0, 1.0], _CODES))
        recorder.add(block_of([2], [40 * S], [1.0]))
    with _recording(path, plant) as recorder:
        assert _started(path, plant, recorder, None).newest == {0: 10 * S, 1: 30 * S}
        recorder.add(block_of([1] * 40, [(31 + number) * S for number in range(40)], float("nan"), _CODES[1]))
    with _recording(path, plant) as recorder:
        assert _started(path, plant, recorder, None).newest == {0: 10 * S, 1: 39 * S - UNSURE_NS}


_CODES = [status.GOOD, status.BAD_NO_COMMUNICATION, status.GOOD, status.GOOD]


def test_that_a_break_that_lasts_when_the_collector_ends_keeps_its_beginning(path: Path) -> None:
    plant = _plant()
    with _recording(path, plant) as recorder:
        late = _started(path, plant, recorder, None)
        late.note([BreakChange(Break(0, 10 * S, 0), MISSED)])
        late.note([BreakChange(Break(1, 11 * S, 0), MISSED), BreakChange(Break(1, 11 * S, 0), BreakState.REPLACED)])
        late.note([BreakChange(Break(1, 11 * S, 20 * S), MISSED), BreakChange(Break(1, 15 * S, 20 * S), MISSED)])
    with _recording(path, plant) as recorder:
        assert list(_started(path, plant, recorder, None).missed) == [Break(0, 10 * S, 0), Break(1, 15 * S, 20 * S)]
