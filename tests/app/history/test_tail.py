"""The journal's samples in a reader's memory: all that is not sealed, and no more."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.database import PlantConnection, open_writer
from app.history.tail import Tail
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from tests.app.history.plant import tag


def follow(tail: Tail, connection: PlantConnection) -> list[int]:
    """Bring a tail up to date; return the times that it holds."""
    state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
    tail.follow(connection, state["sealed_through"])
    return sorted(time for part in tail.all_parts() for time in part.time.tolist())


def test_that_a_tail_that_keeps_up_forgets_what_is_sealed(tmp_path: Path) -> None:
    tail = Tail()
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        upkeep = HistoryUpkeep(connection.path, lambda step: step(connection))
        writer = HistoryWriter(connection, [tag(0)])
        for turn in range(3):
            for commit in range(20):
                writer.write(block_of(0, [turn * 100 + commit], [1.0]))
                follow(tail, connection)
            assert follow(tail, connection) == list(range(turn * 100, turn * 100 + 20))
            upkeep.seal()
            assert follow(tail, connection) == []


def test_that_a_seal_in_the_midst_of_merged_commits_leaves_those_behind_it(tmp_path: Path) -> None:
    tail, late = Tail(), Tail()
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        writer = HistoryWriter(connection, [tag(0)])
        for commit in range(40):
            writer.write(block_of(0, [commit], [1.0]))
        follow(tail, connection)
        connection.execute("UPDATE history_state SET value = 21 WHERE key = 'sealed_through'")
        assert follow(tail, connection) == follow(late, connection) == list(range(21, 40))
