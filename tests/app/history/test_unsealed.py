"""What a seal takes from memory instead of the journal: the same, and nothing that was not committed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_reader
from app.history.integrity import find_damage
from app.history.journal import rows_after, rows_to_seal
from app.history.reader import HistoryReader
from app.history.samples import Samples
from app.history.unsealed import Unsealed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.exact import DataType, ExactBlock
from tests.app.history.plant import tag

EVER = (0, 1 << 62)


def some(first: int, count: int) -> Samples:
    """Return samples of tag 1 with times from `first` on."""
    time = np.arange(first, first + count)
    return Samples(np.ones(count, np.uint32), time, time / 7, np.zeros(count, np.uint32))


def times_of(unsealed: Unsealed, seq: int, crc: int) -> list[int] | None:
    parts = unsealed.parts_of(seq, crc)
    return None if parts is None else [time for part in parts for time in part.time.tolist()]


def test_that_what_is_kept_is_what_the_journal_holds(connection: PlantConnection) -> None:
    unsealed = Unsealed(most=100_000)
    writer = HistoryWriter(connection, [tag(0), tag(1), tag(2)], unsealed=unsealed)
    whole = ExactBlock(
        np.full(3, 1, np.uint32),
        np.array([5, 6, 7]),
        np.array([1 << 60, -1, 3]),
        np.zeros(3, np.uint32),
        DataType.INT64,
    )
    for turn in range(3):
        writer.write(block_of([0, 2] * 20_000, np.arange(40_000) + turn, np.nan if turn else -0.0), [whole])
    kept, read = list(rows_to_seal(connection, 0, unsealed)), list(rows_after(connection, 0))
    assert len(kept) == len(read) == 3
    for one, other in zip(kept, read, strict=True):
        for mine, theirs in zip(one.arrived, other.arrived, strict=True):
            for column, stored in zip(mine.columns(), theirs.columns(), strict=True):
                assert np.asarray(column).dtype == np.asarray(stored).dtype
                assert np.asarray(column).tobytes() == np.asarray(stored).tobytes()


def test_that_a_commit_that_was_rolled_back_is_not_sealed(connection: PlantConnection) -> None:
    unsealed = Unsealed()
    writer = HistoryWriter(connection, [tag(0)], unsealed=unsealed)
    writer.write(block_of(0, 1, 1.0))
    connection.execute("BEGIN")
    writer.write(block_of(0, 2, 2.0))
    connection.rollback()
    upkeep = HistoryUpkeep(connection.path, lambda step: step(connection), unsealed=unsealed)
    upkeep.seal()
    writer.write(block_of(0, 3, 3.0))
    upkeep.seal()
    with HistoryReader(connection.path) as reader:
        assert reader.raw("T0", *EVER).time.tolist() == [1, 3]


def test_that_a_commit_whose_row_was_damaged_is_sealed_from_memory(connection: PlantConnection) -> None:
    unsealed = Unsealed()
    HistoryWriter(connection, [tag(0)], unsealed=unsealed).write(block_of(0, [1, 2], [1.0, 2.0]))
    connection.execute("UPDATE journal SET data = x'00'")
    HistoryUpkeep(connection.path, lambda step: step(connection), unsealed=unsealed).settle()
    assert not find_damage(connection)
    with HistoryReader(connection.path) as reader:
        assert reader.raw("T0", *EVER).value.tolist() == [1.0, 2.0]


def test_that_texts_and_what_is_too_much_are_read_back(connection: PlantConnection, path: Path) -> None:
    unsealed = Unsealed(most=3)
    writer = HistoryWriter(connection, [tag(0), tag(1)], unsealed=unsealed)
    words = np.array(["run", "stop", None], object)[:-1]
    text = ExactBlock(np.ones(2, np.uint32), np.array([1, 2]), words, np.zeros(2, np.uint32), DataType.STRING)
    writer.write(block_of(0, [1, 2], [1.0, 2.0]))
    writer.write(block_of([], [], []), [text])
    writer.write(block_of(0, [3, 4], [3.0, 4.0]))
    rows = connection.execute("SELECT seq, crc FROM journal ORDER BY seq").fetchall()
    assert [unsealed.parts_of(*row) is not None for row in rows] == [True, False, False]
    HistoryUpkeep(path, lambda step: step(connection), unsealed=unsealed).seal()
    with HistoryReader(path) as reader:
        assert reader.raw("T0", *EVER).value.tolist() == [1.0, 2.0, 3.0, 4.0]
        assert reader.exact("T1", *EVER).value.tolist() == ["run", "stop"]


def test_that_what_was_committed_meanwhile_is_kept_for_the_next_seal() -> None:
    unsealed = Unsealed(most=10)
    unsealed.add(1, 11, [some(0, 3)])
    unsealed.add(2, 12, [some(3, 4)])
    unsealed.release(1)
    assert times_of(unsealed, 1, 11) is None
    assert times_of(unsealed, 2, 12) == [3, 4, 5, 6]
    unsealed.add(3, 13, [some(7, 6)])
    assert times_of(unsealed, 3, 13) == list(range(7, 13))
    assert times_of(unsealed, 2, 12) == [3, 4, 5, 6]
    unsealed.release(3)
    unsealed.add(4, 14, [some(0, 10)])
    assert times_of(unsealed, 4, 14) == list(range(10))


def test_that_a_number_that_another_commit_has_taken_is_that_ones() -> None:
    unsealed = Unsealed()
    unsealed.add(1, 11, [some(0, 3)])
    unsealed.add(1, 12, [some(5, 2)])
    assert times_of(unsealed, 1, 11) is None
    assert times_of(unsealed, 1, 12) == [5, 6]


def test_that_columns_that_are_written_to_afterwards_change_nothing() -> None:
    unsealed, given = Unsealed(), some(0, 3)
    unsealed.add(1, 11, [given])
    given.time[:] = 99
    assert times_of(unsealed, 1, 11) == [0, 1, 2]


def test_that_a_seal_that_fails_leaves_all_to_the_next_one(connection: PlantConnection, path: Path) -> None:
    unsealed = Unsealed()
    HistoryWriter(connection, [tag(0)], unsealed=unsealed).write(block_of(0, [1, 2], [1.0, 2.0]))

    def fail(_step: object) -> None:
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        HistoryUpkeep(path, fail, unsealed=unsealed).seal()
    HistoryUpkeep(path, lambda step: step(connection), unsealed=unsealed).seal()
    with closing(open_reader(path)) as reader:
        assert not list(rows_after(reader, 0))
    with HistoryReader(path) as reading:
        assert reading.raw("T0", *EVER).value.tolist() == [1.0, 2.0]
