"""Repair of a damaged history: what is derived is made again, what is lost is set aside and becomes a gap.

A chunk or commit that cannot be read goes, as it is, into `quarantine`; a bad sample (BadDataLost) stands for it where
it began, and `gap` says how many samples it held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.database import PlantConnection, transaction
from app.history.chunk import COLUMNS, StampPacker, pack_chunk
from app.history.gap import Gap, record_gaps
from app.history.hourly import hourly_row
from app.history.integrity import Damage
from app.history.journal import rows_after
from app.history.layout import hour_of, position_of, tag_key, tag_of_key
from app.history.remake import hour_samples, remade_page
from app.history.rollup import TIERS
from app.history.rollup_page import pack_page, updated_pages
from app.history.samples import lost_mark
from app.history.seal import Step
from app.history.tag_repair import mend_tags

_LOST = {"journal", "fresh", "chunk", "stamp", "fresh_stamp"}


def repair_steps(damages: Sequence[Damage]) -> Iterator[Step]:
    """Yield the transactions that repair; to be executed in their order on the writing connection."""
    if any(damage.table == "tag" for damage in damages):
        yield mend_tags
    for damage in damages:
        if damage.table == "journal" and damage.is_repairable:
            yield _mend_commit(damage)
        elif damage.table in _LOST:
            yield _quarantine(damage)
    hours = {(damage.tag, hour_of(damage.start)) for damage in damages if damage.table in {"chunk", "hourly"}}
    for tag, hour in sorted(hours):
        yield _remake_hour(tag, hour)
    for damage in damages:
        if damage.table.endswith("_rollup") and not damage.is_repairable:
            yield _keep_page(damage)
    for table, key in sorted({(damage.table, damage.key) for damage in damages if damage.table.endswith("_rollup")}):
        yield _remake_page(table, key)


def _mend_commit(damage: Damage) -> Step:
    """Give a commit whose samples are whole the extent that they have."""

    def mend(connection: PlantConnection) -> None:
        row = next(rows_after(connection, damage.key - 1))
        times = [part.time for part in row.arrived]
        with transaction(connection):
            connection.execute(
                "UPDATE journal SET start = ?, end = ?, samples = ? WHERE seq = ?",
                (
                    min(int(time.min()) for time in times),
                    max(int(time.max()) for time in times),
                    sum(len(time) for time in times),
                    damage.key,
                ),
            )

    return mend


def _quarantine(damage: Damage) -> Step:
    key = "seq" if damage.table == "journal" else "id"

    def set_aside(connection: PlantConnection) -> None:
        with transaction(connection):
            _keep_row(connection, damage, key)
            connection.execute(f"DELETE FROM {damage.table} WHERE {key} = ?", (damage.key,))  # noqa: S608 - ours
            if damage.end > damage.start:
                _leave_gap(connection, damage)
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return set_aside


def _keep_page(damage: Damage) -> Step:
    """Put a copy of a rollup's page aside that cannot be made anew as it was, and record what it spoke of as a gap."""

    def keep(connection: PlantConnection) -> None:
        with transaction(connection):
            _keep_row(connection, damage, "id")
            record_gaps(connection, [Gap(damage.start, damage.end, f"damaged {damage.table}", 0, damage.tag)])

    return keep


def _keep_row(connection: PlantConnection, damage: Damage, key: str) -> None:
    for name, value in _row(connection, damage.table, key, damage.key):
        connection.execute(
            "INSERT INTO quarantine (source, key, reason, column, value) VALUES (?, ?, ?, ?, ?)",
            (damage.table, damage.key, damage.reason, name, value),
        )


def _row(connection: PlantConnection, table: str, key: str, number: int) -> list[tuple[str, Any]]:
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall()]
    rows = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (number,)).fetchall()  # noqa: S608 - ours
    return [pair for row in rows for pair in zip(columns, row, strict=True)]


def _leave_gap(connection: PlantConnection, damage: Damage) -> None:
    gap = Gap(damage.start, damage.end, f"damaged {damage.table}", damage.samples, damage.tag or None)
    record_gaps(connection, [gap])
    if not damage.tag:
        return
    mark = lost_mark(damage.tag, damage.start)
    stamps = StampPacker(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM fresh_stamp").fetchone()[0])
    chunk = pack_chunk(mark, stamps.stamp_of(mark.time))
    connection.executemany("INSERT INTO fresh_stamp VALUES (?, ?, ?, ?)", stamps.take())
    connection.execute(
        f"INSERT INTO fresh (seal, hour, tag, {COLUMNS}) "  # noqa: S608 - a constant
        "SELECT value, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM history_state WHERE key = 'seal'",
        (hour_of(damage.start), damage.tag, *chunk.row()),
    )


def _remake_hour(tag: int, hour: int) -> Step:
    """Make the numbers and rollups of an hour again from the chunks that are left of it."""

    def remake(connection: PlantConnection) -> None:
        samples = hour_samples(connection, tag, hour)
        with transaction(connection):
            connection.execute("DELETE FROM hourly WHERE id = ?", (tag_key(tag, hour),))
            if len(samples):
                row = hourly_row(hour, tag, samples)
                connection.execute(f"INSERT INTO hourly VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 - marks
            for tier, pages in updated_pages(connection, hour, [tag], samples).items():
                connection.executemany(f"INSERT OR REPLACE INTO {tier.table} VALUES (?, ?, ?, ?)", pages)  # noqa: S608
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return remake


def _remake_page(table: str, key: int) -> Step:
    tier = next(each for each in TIERS if each.table == table)

    def remake(connection: PlantConnection) -> None:
        page = remade_page(connection, tag_of_key(key), tier, position_of(key))
        with transaction(connection):
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (key,))  # noqa: S608 - a table of ours
            if len(page):
                connection.execute(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?)",  # noqa: S608 - a table of ours
                    (key, *pack_page(page, tier)),
                )
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return remake
