"""What a history's file holds: samples and bytes by the form in which they are stored.

A large file is not read for that: of its hours and tags so many are counted as are told in a moment, spread evenly,
and the rest is taken to be like them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.database import PlantConnection
from app.history.growth import HOURLY_BYTES, PAGE_OVERHEAD, ROW_HEAD
from app.history.layout import chunk_key, hour_key, tag_key
from app.history.rollup import TIERS
from app.history.stored_hours import END_HOUR, FIRST_HOUR, stored_hours
from app.history.tag_table import known_tags

_MOST_HOURS = 240
_MOST_TAGS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """Samples and bytes of one form; `samples` is 0 for rollups."""

    samples: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in the file.

    `used_bytes` is what its pages hold, `unused_bytes` what it can take before it grows. `tags`: names by number in the
    file. `journal`: commits that are not sealed; `fresh`: sealed, their hour not compacted; `compacted`: the rest of
    the samples; `rollups`: minutes and hours. The parts are estimates of the room that they take, `compacted` and
    `rollups` from some of them where `is_estimated`. `first_rollup_hour`: the first hour, since 1970, of which there
    are rollups.
    """

    used_bytes: int
    unused_bytes: int
    tags: Mapping[int, str]
    journal: Part
    fresh: Part
    compacted: Part
    rollups: Part
    first_rollup_hour: int | None
    is_estimated: bool

    @property
    def samples(self) -> int:
        """Return the number of samples; one that is stored twice until its hour is compacted counts twice."""
        return self.journal.samples + self.fresh.samples + self.compacted.samples

    @property
    def bytes_per_sample(self) -> float:
        """Return the bytes of a compacted sample, NaN where there is none."""
        return self.compacted.bytes / self.compacted.samples if self.compacted.samples else float("nan")


def read_contents(connection: PlantConnection) -> Contents:
    """Return what the file of `connection` holds."""
    used, unused = file_bytes(connection)
    tags = {number: name for name, number, _ in known_tags(connection)}
    hours = list(stored_hours(connection))
    compacted, is_part_of_hours = _counted(hours, _MOST_HOURS, lambda hour: _compacted(connection, hour))
    rollups, is_part_of_tags = _counted(list(tags), _MOST_TAGS, lambda tag: _rollups(connection, tag))
    return Contents(
        used_bytes=used,
        unused_bytes=unused,
        tags=tags,
        journal=_part(connection, "SELECT sum(samples), sum(length(data)), count(*) FROM journal"),
        fresh=_sum(
            (
                _part(connection, f"SELECT sum(samples), {_COLUMNS}, count(*) FROM fresh WHERE seal <= {_SEAL}"),  # noqa: S608
                _part(connection, "SELECT 0, sum(length(data)), count(*) FROM fresh_stamp"),
            )
        ),
        compacted=compacted,
        rollups=rollups,
        first_rollup_hour=_first_rollup_hour(connection, list(tags)),
        is_estimated=is_part_of_hours or is_part_of_tags,
    )


def file_bytes(connection: PlantConnection) -> tuple[int, int]:
    """Return the bytes of a file that are in use, and those that it can take before it grows."""
    page, pages, unused = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_size", "page_count", "freelist_count")
    )
    return (pages - unused) * page, unused * page


_COLUMNS = "sum(length(value) + length(status))"
_SEAL = "(SELECT value FROM history_state WHERE key = 'seal')"


def _counted(items: Sequence[int], most: int, count: Callable[[int], Part]) -> tuple[Part, bool]:
    """Return what all items hold, from at most about `most` of them, and whether that is an estimate."""
    chosen = items[:: -(-len(items) // most) or 1]
    part = _sum(count(item) for item in chosen)
    if len(chosen) == len(items):
        return part, False
    share = len(items) / len(chosen)
    return Part(round(part.samples * share), round(part.bytes * share)), True


def _sum(parts: Iterable[Part]) -> Part:
    found = list(parts)
    return Part(sum(part.samples for part in found), sum(part.bytes for part in found))


def _part(connection: PlantConnection, query: str, parameters: Sequence[int] = ()) -> Part:
    """Return what a query of samples, packed bytes and rows finds."""
    samples, size, rows = connection.execute(query, parameters).fetchone()
    return Part(samples or 0, round(((size or 0) + rows * ROW_HEAD) * PAGE_OVERHEAD))


def _compacted(connection: PlantConnection, hour: int) -> Part:
    chunks = _part(
        connection,
        f"SELECT sum(samples), {_COLUMNS}, count(*) FROM chunk WHERE id BETWEEN ? AND ?",  # noqa: S608 - a constant
        (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
    )
    times = _part(
        connection,
        "SELECT 0, sum(length(data)), count(*) FROM stamp WHERE id BETWEEN ? AND ?",
        (hour_key(hour, 0), hour_key(hour + 1, 0) - 1),
    )
    return _sum((chunks, times))


def _rollups(connection: PlantConnection, tag: int) -> Part:
    keys = (tag_key(tag, FIRST_HOUR), tag_key(tag, END_HOUR))
    pages = [
        _part(
            connection,
            f"SELECT 0, sum(length(data)), count(*) FROM {tier.table} WHERE id BETWEEN ? AND ?",  # noqa: S608 - ours
            keys,
        )
        for tier in TIERS
    ]
    (rows,) = connection.execute("SELECT count(*) FROM hourly WHERE id BETWEEN ? AND ?", keys).fetchone()
    return _sum((*pages, Part(0, round(rows * HOURLY_BYTES * PAGE_OVERHEAD))))


def _first_rollup_hour(connection: PlantConnection, tags: Sequence[int]) -> int | None:
    query = "SELECT hour FROM hourly WHERE id >= ? AND id <= ? ORDER BY id LIMIT 1"
    rows = [connection.execute(query, (tag_key(tag, FIRST_HOUR), tag_key(tag, END_HOUR))).fetchone() for tag in tags]
    return min((row[0] for row in rows if row is not None), default=None)
