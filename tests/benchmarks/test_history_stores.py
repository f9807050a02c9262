"""The stores that are compared: the same samples give the same answers, and another answer is seen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.model.block import Block
from app.model.clock import NS_PER_S
from tests.benchmarks.clustered_rows import ClusteredRows
from tests.benchmarks.duckdb_store import DuckDbStore
from tests.benchmarks.history_query import QUICK, _compared
from tests.benchmarks.history_store import Absent, Answer, differing
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.postgres_store import PostgresStore
from tests.benchmarks.recorded_plant import START, RecordedPlant, slices

PLANT = RecordedPlant(2, 120)
END = START + 120 * NS_PER_S


@pytest.fixture(scope="module")
def samples() -> Block:
    return PLANT.samples()


@pytest.fixture
def ours(tmp_path: Path, samples: Block) -> Iterator[OurHistory]:
    with contextlib.closing(OurHistory(tmp_path, PLANT.tags)) as store:
        store.load(slices(samples, 30))
        yield store


@pytest.fixture
def rows(tmp_path: Path, samples: Block) -> Iterator[ClusteredRows]:
    with contextlib.closing(ClusteredRows(tmp_path, tags=len(PLANT.tags))) as store:
        store.load(slices(samples, 30))
        yield store


def test_that_rows_and_ours_give_the_same_stretch_and_instant(ours: OurHistory, rows: ClusteredRows) -> None:
    for handle in (0, 25):
        assert differing(ours.raw(handle, START, END)(), rows.raw(handle, START, END)()) == 0
    at = START + 60 * NS_PER_S + 777
    assert len(rows.snapshot(at)()[0]) == len(PLANT.tags)
    assert differing(ours.snapshot(at)(), rows.snapshot(at)()) == 0


@pytest.mark.peer
def test_that_duckdb_and_ours_give_the_same_pixels(tmp_path: Path, ours: OurHistory, samples: Block) -> None:
    try:
        peer = DuckDbStore(tmp_path)
    except Absent as reason:
        pytest.skip(str(reason))
    with contextlib.closing(peer):
        peer.load(slices(samples, 30))
        width = ours.bucket_width(3, START, END, buckets=50)
        answer = ours.envelope([3, 25], START, END, buckets=50)()
        assert len(answer[0]) == 2 * 50
        assert differing(answer, peer.envelope([3, 25], START, END, width=width)()) == 0


@pytest.mark.peer
def test_that_postgres_takes_and_counts_what_it_writes(samples: Block) -> None:
    try:
        peer = PostgresStore()
    except Absent as reason:
        pytest.skip(str(reason))
    with contextlib.closing(peer):
        before = peer.written()
        peer.load(slices(samples, 30))
        assert peer.size() > len(samples) * 28
        assert peer.written() >= before


def test_that_one_other_value_or_a_missing_row_is_seen() -> None:
    table = (np.arange(5), np.array([1.0, np.nan, 3.0, 4.0, 5.0]))
    other = (np.arange(5), np.array([1.0, np.nan, 3.0, 4.5, 5.0]))
    fewer = (np.arange(4), np.array([1.0, np.nan, 3.0, 4.0]))
    assert differing(table, table) == 0
    assert differing(table, other) == 1
    assert differing(table, fewer) == 1


def test_that_a_wrong_answer_wins_nothing() -> None:
    def ours(turn: int) -> Answer:
        return lambda: (np.array([turn]),)

    def peer(turn: int) -> Answer:
        return lambda: (np.array([turn + turn // 3]),)

    (figure,) = _compared("pixels", ours, peer, replace(QUICK, turns=3), peer_name="peer", goal="ratio >= 0")
    assert figure.holds is False
    assert figure.peer is None
    (figure,) = _compared("pixels", ours, ours, replace(QUICK, turns=3), peer_name="peer", goal="ratio >= 0")
    assert figure.holds is True
