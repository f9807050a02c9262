"""A file whose commits were put in order before they were written is read, sealed and written on."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import DatabaseNewer, open_writer
from app.history.integrity import find_damage
from app.history.reader import HistoryReader
from app.history.schema import HISTORY
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.migration import migrate
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

FORMER = Path(__file__).parent / "former" / "ordered_commits.sqlite"
TAGS = [tag(handle) for handle in range(4)]
T0 = 1_700_000_000 * NS_PER_S
EVER = (0, 1 << 62)
SECONDS = np.arange(0, 10_200, 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shutil.copy(FORMER, tmp_path / "history.sqlite")
    return tmp_path / "history.sqlite"


def assert_holds_all(path: Path) -> None:
    with HistoryReader(path) as reader:
        for name in ("T0", "T1"):
            series = reader.raw(name, *EVER)
            assert series.time.tolist() == (T0 + SECONDS * NS_PER_S).tolist()
            assert series.value.tobytes() == np.sin(SECONDS / 500).tobytes()
            assert series.status.tolist() == np.where(SECONDS % 700 == 0, status.BAD_NO_COMMUNICATION, 0).tolist()
        assert reader.exact("T2", *EVER).value.tolist() == (SECONDS * (1 << 53) // 7 + 1).tolist()
        assert reader.exact("T3", *EVER).value.tolist() == [f"step {second % 3}" for second in SECONDS.tolist()]


def test_that_commits_in_order_are_read_and_sealed(path: Path) -> None:
    assert_holds_all(path)
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, TAGS)
        assert_holds_all(path)
        assert not find_damage(connection)
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        assert not find_damage(connection)
    assert_holds_all(path)


def test_that_writing_goes_on_behind_them(path: Path) -> None:
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, TAGS)
        writer.write(block_of([1, 0, 1], T0 + np.array([20_000, 0, 20_000]) * NS_PER_S, [1.0, 77.0, 2.0]))
        assert reader.raw("T0", *EVER).value[0] == 77.0
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        assert reader.raw("T0", *EVER).value[0] == 77.0
        assert reader.raw("T1", *EVER).value[-1] == 2.0
        assert len(reader.raw("T1", *EVER)) == len(SECONDS) + 1


def test_that_nothing_is_copied_since_nothing_stored_changes(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, TAGS)
    assert not list(path.parent.glob("history.sqlite.before-*"))


def test_that_a_version_that_does_not_know_the_order_of_arrival_refuses_the_file(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, TAGS)
        names = [migration.name for migration in HISTORY._migrations]
        place = names.index("let_a_commit_keep_the_order_of_arrival")
        newer, HISTORY._migrations[place:] = HISTORY._migrations[place:], []
        try:
            with pytest.raises(DatabaseNewer, match=names[-1]):
                migrate(connection, HISTORY)
        finally:
            HISTORY._migrations += newer
