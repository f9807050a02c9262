"""Samples that are written as the history keeps them are, table by table, what recording them gives."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.history.rollup import TIERS, Tier
from app.history.rollup_page import unpack_page
from app.model import status
from app.model.block import Block
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from app.model.text import LocalText
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.stored_years import TEN_DAYS_NS, write_years

BEGIN = 2_000 * TEN_DAYS_NS - 15 * 3_600 * NS_PER_S
TIMES = BEGIN + np.arange(0, 26 * 3_600, 120, dtype=np.int64) * NS_PER_S
VALUES = np.round(np.random.default_rng(1).normal(50, 9, (2, len(TIMES))), 2)
TAGS = tuple(TagDefinition(n, f"T{n}", "E", LocalText("signal"), "c", "a", scan_ms=1_000) for n in range(2))


def table(path: Path, name: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {name} ORDER BY id").fetchall()  # noqa: S608 - a constant


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the file of a recorder, and the one that was written at once."""
    folder = tmp_path_factory.mktemp("years")
    (folder / "recorded").mkdir()
    (folder / "written").mkdir()
    handles = np.tile(np.arange(2, dtype=np.uint32), len(TIMES))
    time = np.repeat(TIMES, 2)
    block = Block(handles, time, VALUES.T.ravel(), np.full(len(time), status.GOOD, np.uint32), time)
    with contextlib.closing(OurHistory(folder / "recorded", TAGS)) as recorded:
        recorded.load([block])
    with contextlib.closing(OurHistory(folder / "written", TAGS)) as written:
        parts = np.flatnonzero(np.diff(TIMES // TEN_DAYS_NS)) + 1
        cut = zip(np.split(TIMES, parts), np.split(VALUES, parts, axis=1), strict=True)
        write_years(written.path, cut)
    return recorded.path, written.path


@pytest.mark.parametrize("name", ["chunk", "stamp", "hourly"])
def test_that_chunks_times_and_key_frames_are_those_of_a_recorder(files: tuple[Path, Path], name: str) -> None:
    recorded, written = (table(path, name) for path in files)
    assert len(recorded) >= 26
    assert written == recorded


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.table)
def test_that_rollups_are_those_of_a_recorder(files: tuple[Path, Path], tier: Tier) -> None:
    recorded, written = (table(path, tier.table) for path in files)
    assert [row[0] for row in written] == [row[0] for row in recorded]
    assert len(recorded) == 4
    for one, other in zip(recorded, written, strict=True):
        assert np.array_equal(_numbers(tier, other), _numbers(tier, one))


def _numbers(tier: Tier, row: tuple[Any, ...]) -> NDArray[np.float64]:
    page = unpack_page(tier, *row[1:])
    return np.array([page.time, page.minimum, page.maximum, page.first, page.last, page.first_time, page.count])
