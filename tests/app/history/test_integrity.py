"""Damage in the history is found, told, repaired where the samples are there, and shown as a gap where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_writer, transaction
from app.history.gap import read_gaps
from app.history.integrity import Damage, find_damage, structure_problems
from app.history.layout import HOUR_NS, chunk_keys
from app.history.reader import HistoryReader
from app.history.repair import repair_steps
from app.history.rollup import TIERS
from app.history.rollup_page import unpack_page
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
SECONDS = np.arange(0, 3 * 3_600, 5)
VALUES = np.sin(SECONDS / 300.0) * 40.0


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    """A history of two tags over three hours, compacted, with some fresh chunks and commits behind them."""
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(0), tag(1)])
        for handle in (0, 1):
            writer.write(block_of(handle, T0 + SECONDS * NS_PER_S, VALUES))
        upkeep = HistoryUpkeep(path, lambda step: step(connection))
        upkeep.settle()
        writer.write(block_of([0, 1], T0 + 11_000 * NS_PER_S, [1.0, 2.0]))
        upkeep.seal()
        writer.write(block_of([0, 1], T0 + 11_010 * NS_PER_S, [3.0, 4.0]))
        yield connection


def flip(connection: PlantConnection, table: str, column: str, *, key: int = 0) -> int:
    """Change one bit of a column of the first row from `key` on; return the row's key."""
    name = "seq" if table == "journal" else "id"
    number, content = connection.execute(
        f"SELECT {name}, {column} FROM {table} WHERE {name} >= ? ORDER BY 1 LIMIT 1",  # noqa: S608 - of this test
        (key,),
    ).fetchone()
    if isinstance(content, bytes):
        changed: object = bytes((*content[:-1], content[-1] ^ 4))
    elif isinstance(content, int):
        changed = content ^ 4
    else:
        changed = content + 1.0
    with transaction(connection):
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {name} = ?", (changed, number))  # noqa: S608
    return int(number)


def repair(connection: PlantConnection) -> list[Damage]:
    damages = find_damage(connection)
    for step in repair_steps(damages):
        step(connection)
    return damages


def test_that_a_whole_history_has_no_damage(connection: PlantConnection) -> None:
    shares: list[float] = []
    assert find_damage(connection, on_progress=shares.append) == []
    assert structure_problems(connection) == []
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("chunk", "value"),
        ("chunk", "crc"),
        ("chunk", "samples"),
        ("chunk", "start"),
        ("chunk", "end"),
        ("chunk", "stamp"),
        ("stamp", "data"),
        ("stamp", "crc"),
        ("fresh", "value"),
        ("fresh", "hour"),
        ("fresh_stamp", "data"),
        ("journal", "data"),
        ("journal", "crc"),
        ("journal", "start"),
        ("journal", "samples"),
        ("minute_rollup", "data"),
        ("hour_rollup", "crc"),
        ("hourly", "maximum"),
        ("hourly", "mean"),
        ("hourly", "samples"),
        ("hourly", "end_value"),
        ("hourly", "worst_status"),
        ("hourly", "area"),
    ],
)
def test_that_one_changed_bit_is_found_and_after_a_repair_nothing_is_damaged(
    connection: PlantConnection, table: str, column: str
) -> None:
    flip(connection, table, column)
    found = repair(connection)
    assert table in {damage.table for damage in found} | {"stamp", "fresh_stamp"}
    assert found
    assert find_damage(connection) == []


def test_that_a_lost_chunk_is_set_aside_and_shown_as_a_gap(connection: PlantConnection) -> None:
    flip(connection, "chunk", "value")
    with HistoryReader(connection.path) as reader:
        before = reader.raw("T0", T0, T0 + 3 * HOUR_NS)
        repair(connection)
        after = reader.raw("T0", T0, T0 + 3 * HOUR_NS)
        other = reader.raw("T1", T0, T0 + 3 * HOUR_NS)
    for series in (before, after):
        assert series.status[0] == status.BAD_DATA_LOST
        assert np.isnan(series.value[0])
        assert series.value[1:].tolist() == VALUES[SECONDS >= 3_600].tolist()
    assert other.value.tolist() == VALUES.tolist()
    assert connection.execute("SELECT tag, start, end, reason, lost FROM gap").fetchall() == [
        (1, T0, T0 + HOUR_NS, "damaged chunk", 720)
    ]
    assert connection.execute("SELECT count(*) FROM quarantine WHERE source = 'chunk'").fetchone()[0] > 0


def content_of_rollups(connection: PlantConnection) -> dict[str, list[object]]:
    """Return what the rollups say, however well they are packed."""
    found: dict[str, list[object]] = {"hourly": connection.execute("SELECT * FROM hourly ORDER BY id").fetchall()}
    for tier in TIERS:
        rows = connection.execute(f"SELECT id, buckets, crc, data FROM {tier.table} ORDER BY id").fetchall()  # noqa: S608
        found[tier.table] = [(key, repr(unpack_page(tier, *row))) for key, *row in rows]
    return found


def test_that_a_rollup_is_made_again_as_it_was(connection: PlantConnection) -> None:
    pages = content_of_rollups(connection)
    flip(connection, "minute_rollup", "data")
    flip(connection, "hour_rollup", "data")
    flip(connection, "hourly", "minimum")
    assert {damage.table for damage in repair(connection)} == set(pages)
    assert content_of_rollups(connection) == pages


def test_that_an_envelope_over_a_damaged_rollup_is_read_from_the_samples(connection: PlantConnection) -> None:
    with HistoryReader(connection.path) as reader:
        whole = reader.envelope(["T0"], T0, T0 + 3 * HOUR_NS, 180)["T0"]
        flip(connection, "minute_rollup", "data")
        damaged = reader.envelope(["T0"], T0, T0 + 3 * HOUR_NS, 180)["T0"]
    assert damaged.maximum.tolist() == whole.maximum.tolist()
    assert damaged.minimum.tolist() == whole.minimum.tolist()
    assert damaged.time.tolist() == whole.time.tolist()


def test_that_a_damaged_commit_is_a_gap_once_it_is_sealed(connection: PlantConnection) -> None:
    flip(connection, "journal", "data")
    with HistoryReader(connection.path) as reader:
        assert len(reader.raw("T0", T0 + 11_010 * NS_PER_S, T0 + 11_011 * NS_PER_S)) == 0
    HistoryUpkeep(connection.path, lambda step: step(connection)).seal()
    assert connection.execute("SELECT start, reason, lost FROM gap").fetchall() == [
        (T0 + 11_010 * NS_PER_S, "damaged commit", 2)
    ]


@pytest.mark.parametrize("table", ["minute_rollup", "hour_rollup"])
def test_that_a_rollup_over_samples_that_have_gone_is_not_called_repairable(
    connection: PlantConnection, table: str
) -> None:
    with transaction(connection):
        connection.execute("DELETE FROM chunk WHERE id BETWEEN ? AND ?", chunk_keys(T0 // HOUR_NS, 1))
    number = flip(connection, table, "data")
    (damage,) = find_damage(connection)
    assert (damage.table, damage.key, damage.is_repairable) == (table, number, False)
    assert "of 1 of its hours there are no samples any more" in damage.reason
    repair(connection)
    assert find_damage(connection) == []
    assert [(gap.tag, gap.reason) for gap in read_gaps(connection, T0, T0 + HOUR_NS)] == [(1, f"damaged {table}")]
    kept = connection.execute("SELECT column FROM quarantine WHERE source = ?", (table,)).fetchall()
    assert {name for (name,) in kept} == {"id", "buckets", "crc", "data"}
