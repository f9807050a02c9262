"""A file of the first layout (one row per sample) opens as one of today, with everything that it held."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import has_table, open_writer
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

FORMER = Path(__file__).parent / "former" / "rows.sqlite"
T0 = 1_700_000_000 * NS_PER_S
EVER = (0, 1 << 62)
SECONDS = np.arange(0, 9_000, 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shutil.copy(FORMER, tmp_path / "history.sqlite")
    return tmp_path / "history.sqlite"


def assert_holds_all(path: Path) -> None:
    with HistoryReader(path) as reader:
        first, second, third = (reader.raw(name, *EVER) for name in ("T0", "T1", "T2"))
    assert first.time.tolist() == (T0 + SECONDS * NS_PER_S).tolist()
    assert first.value.tobytes() == np.sin(SECONDS / 500).tobytes()
    assert not first.status.any()
    expected = [T0, T0 + 1, T0 + 2, T0 + 3, *(T0 + SECONDS[1:] * NS_PER_S).tolist()]
    assert second.time.tolist() == expected
    np.testing.assert_array_equal(second.value, [0.0, np.inf, -np.inf, np.nan, *SECONDS[1:].tolist()])
    bad = status.BAD_NO_COMMUNICATION
    assert second.status.tolist() == [bad, 0, 0, bad, *np.where(SECONDS[1:] % 600 == 0, bad, 0).tolist()]
    assert len(third) == 0


def test_that_rows_of_the_first_layout_are_kept_as_chunks(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, [tag(0), tag(1, unit="kPa"), tag(2)])
        assert not has_table(connection, "sample")
        assert_holds_all(path)
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        assert_holds_all(path)


def test_that_the_file_before_the_migration_is_kept_beside(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, [tag(0)])
    (copy,) = path.parent.glob("history.sqlite.before-*")
    assert copy.stat().st_size >= FORMER.stat().st_size


def test_that_writing_goes_on_behind_the_rows_of_the_first_layout(path: Path) -> None:
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, [tag(0), tag(1), tag(2)])
        writer.write(block_of([0, 2], [T0, T0 + 9_000 * NS_PER_S], [77.0, 1.0]))
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        assert reader.raw("T0", *EVER).value[0] == 77.0
        assert len(reader.raw("T0", *EVER)) == len(SECONDS)
        assert reader.raw("T2", *EVER).value.tolist() == [1.0]
