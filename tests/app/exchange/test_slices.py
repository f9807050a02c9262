from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.exchange.slices import read_slices
from app.history.reader import HistoryReader
from app.model.block import block_of
from tests.app.exchange.recorded import BEGIN, EXCHANGED, NAMES, record, some_block

HOUR = 3_600_000_000_000


@pytest.mark.parametrize("most", [1, 7, 100, 10_000])
def test_that_slices_hold_every_sample_once_and_never_too_many(tmp_path: Path, most: int) -> None:
    path = record(tmp_path / "history.sqlite", some_block(300))
    with HistoryReader(path) as reader:
        pieces = list(read_slices(reader, EXCHANGED, BEGIN, BEGIN + HOUR, most=most))
        whole = [reader.raw(name, BEGIN, BEGIN + HOUR) for name in NAMES]
    assert [piece.start for piece in pieces] == [BEGIN, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == BEGIN + HOUR
    assert all(piece.samples <= most or piece.end - piece.start == 1 for piece in pieces)
    for place, series in enumerate(whole):
        np.testing.assert_array_equal(np.concatenate([piece.series[place].time for piece in pieces]), series.time)
        np.testing.assert_array_equal(np.concatenate([piece.series[place].value for piece in pieces]), series.value)


def test_that_years_without_samples_cost_few_slices(tmp_path: Path) -> None:
    path = record(tmp_path / "history.sqlite", block_of(0, [0, 200_000 * HOUR], 1.0))
    with HistoryReader(path) as reader:
        pieces = list(read_slices(reader, EXCHANGED, 0, 200_000 * HOUR + 1))
    assert len(pieces) < 30
    assert sum(piece.samples for piece in pieces) == 2
