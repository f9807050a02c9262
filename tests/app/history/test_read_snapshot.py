"""The plant at a past instant is the last sample of each tag up to then, however its times are spread in the hour."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
EVEN = T0 + np.arange(0, 3_600 * NS_PER_S, NS_PER_S)
SPREADS = {
    "even": EVEN,
    "dense first": T0 + (np.linspace(0, 1, 3_000) ** 4 * (HOUR_NS - 1)).astype(np.int64),
    "dense last": T0 + (np.linspace(0, 1, 3_000) ** 0.25 * (HOUR_NS - 1)).astype(np.int64),
    "two bursts": np.concatenate((EVEN[:900] - T0, EVEN[-900:] - T0)) + T0,
    "few": T0 + np.array([7, HOUR_NS // 2, HOUR_NS - 1]),
}
INSTANTS = [T0 - 1, T0, T0 + 7, *(T0 + np.arange(1, 40) * (HOUR_NS // 40) + 3).tolist(), T0 + HOUR_NS - 1, T0 + HOUR_NS]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compacted hour of a tag for each spread."""
    path = tmp_path_factory.mktemp("filled") / "history.sqlite"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle, name) for handle, name in enumerate(SPREADS)])
        for handle, spread in enumerate(SPREADS.values()):
            times = np.unique(spread)
            place = np.arange(len(times))
            codes = np.where(place % 1_000 < 30, status.BAD_NO_COMMUNICATION, status.GOOD).astype(np.uint32)
            writer.write(block_of(handle, times, np.sqrt(place) + handle, codes))
        HistoryUpkeep(path, lambda step: step(connection)).settle()
    return path


@pytest.mark.parametrize("at", INSTANTS)
def test_that_each_tag_shows_its_last_sample(filled: Path, at: int) -> None:
    with HistoryReader(filled) as reader:
        shown = {name: (one.source_time, one.value, one.status) for name, one in reader.snapshot(at).items()}
        known = {}
        for name in SPREADS:
            raw = reader.raw(name, T0, at + 1)
            if len(raw):
                known[name] = (int(raw.time[-1]), float(raw.value[-1]), int(raw.status[-1]))
    assert shown == known


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE chunk SET value = CAST(substr(value, 1, length(value) - 1) || x'55' AS BLOB)",
        "UPDATE chunk SET crc = crc + 1",
        "UPDATE chunk SET stamp = stamp + 1000",
        "UPDATE stamp SET crc = crc + 1",
        "DELETE FROM stamp",
        "UPDATE stamp SET data = x'0101'",
    ],
)
def test_that_what_is_damaged_is_shown_as_lost_and_not_as_a_number(filled: Path, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "harmed.sqlite"
    shutil.copy(filled, path)
    with closing(open_writer(path)) as connection:
        connection.execute(harm)
    with HistoryReader(path) as reader:
        shown = reader.snapshot(T0 + HOUR_NS // 3)
    assert set(shown) == set(SPREADS)
    assert {one.status for one in shown.values()} == {status.BAD_DATA_LOST}
    assert all(np.isnan(one.value) for one in shown.values())
