"""How the history grows: what the last days have added to the file each day, by resolution and by limit.

Measured are the packed columns of hours that are spread over the last week, and the newest pages of rollups; how much
more room they take in the file is PAGE_OVERHEAD.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.database import PlantConnection
from app.history.layout import HOUR_NS, chunk_key, hour_key, position_of, tag_key, tag_of_chunk
from app.history.retention import HOURS_PER_DAY, RetentionRules, TagLimits, limits_of_tags
from app.history.rollup import HOUR, MINUTE, TIERS, Tier
from app.history.stored_hours import END_HOUR, FIRST_HOUR, newest_hour, stored_hours

RAW = "raw"
PAGE_OVERHEAD = 1.15
"""Keys, row heads and what pages leave unused."""
HOURLY_BYTES = 96
"""A row of `hourly`."""
ROW_HEAD = 30
"""What a row holds beside its packed columns."""
_WEEK_H = 7 * HOURS_PER_DAY
_MOST_HOURS = 24
"""Of a week each seventh hour: so each time of the day is among them."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What tags with one limit add at one resolution: `raw`, or the table of a tier.

    `limit_h`: hours for which it is kept, None for ever. `kept_h`: hours for which there is some already.
    """

    resolution: str
    limit_h: int | None
    bytes_per_day: float
    kept_h: int

    @property
    def rest_days(self) -> float:
        """Return the days until its limit is reached, infinite where there is none."""
        return math.inf if self.limit_h is None else max(0, self.limit_h - self.kept_h) / HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class Growth:
    """What the file grows by, measured over `hours` hours with samples, and the samples of an average day."""

    streams: tuple[Stream, ...]
    hours: int
    samples_per_day: float

    def per_day(self, resolution: str) -> float:
        """Return the bytes that a resolution adds each day."""
        return sum(stream.bytes_per_day for stream in self.streams if stream.resolution == resolution)


@dataclass(slots=True)
class _Hour:
    """What one or several hours hold: bytes by limit of the samples, tags by limit of the hours."""

    samples: int = 0
    raw: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    tags: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))


def measure_growth(connection: PlantConnection, rules: RetentionRules) -> Growth:
    """Return the growth of the file that `connection` reads, in the week before its newest hour; it may be empty."""
    limits = limits_of_tags(connection, rules)
    newest = newest_hour(connection)
    if newest is None:
        return Growth((), 0, 0.0)
    end = newest + 1
    hours = list(stored_hours(connection, end - _WEEK_H, end))
    found = _Hour()
    looked_at = hours[:: -(-len(hours) // _MOST_HOURS)]
    for hour in looked_at:
        _add_hour(connection, hour, limits, found)
    # hours without samples, as those of nights, are part of a day as well
    to_day = len(hours) / len(looked_at) * HOURS_PER_DAY / (end - hours[0])
    first = next(stored_hours(connection), end)
    streams = [
        Stream(RAW, limit, size * to_day * PAGE_OVERHEAD, end - first if limit is None else min(limit, end - first))
        for limit, size in found.raw.items()
    ]
    for tier in TIERS:
        streams += _page_streams(connection, tier, limits, end)
    streams = _with_hourly(streams, found.tags, to_day)
    return Growth(tuple(streams), len(hours), found.samples * to_day)


def _add_hour(connection: PlantConnection, hour: int, limits: Mapping[int, TagLimits], found: _Hour) -> None:
    rows = connection.execute(
        "SELECT id, stamp, samples, length(value) + length(status) FROM chunk WHERE id BETWEEN ? AND ?",
        (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
    ).fetchall()
    users: dict[int, set[int | None]] = defaultdict(set)
    tags = set()
    for key, stamp, samples, size in rows:
        tag = tag_of_chunk(key)
        if tag not in limits:  # a damaged key, which the integrity check tells
            continue
        limit = limits[tag].raw
        found.raw[limit] += size + ROW_HEAD
        found.samples += samples
        users[stamp].add(limit)
        tags.add(tag)
    for tag in tags:
        found.tags[limits[tag].hour] += 1
    times = connection.execute(
        "SELECT id, length(data) FROM stamp WHERE id BETWEEN ? AND ?", (hour_key(hour, 0), hour_key(hour + 1, 0) - 1)
    ).fetchall()
    for stamp, size in times:
        if stamp in users:
            found.raw[_longest(users[stamp])] += size + ROW_HEAD


def _longest(limits: set[int | None]) -> int | None:
    """Return the limit of times that several tags share: they go with the last of them."""
    return None if None in limits else max(limit for limit in limits if limit is not None)


def _page_streams(connection: PlantConnection, tier: Tier, limits: Mapping[int, TagLimits], end: int) -> list[Stream]:
    """Return what pages of rollups add each day: from the newest page that is full, else from the one begun."""
    by_limit: dict[int | None, list[int]] = defaultdict(list)
    for tag, each in limits.items():
        by_limit[each.minute if tier is MINUTE else each.hour].append(tag)
    hours = tier.page_ns // HOUR_NS
    streams = []
    for limit, tags in by_limit.items():
        first_page, first_hour = _first(connection, tier.table, tags), _first(connection, "hourly", tags)
        if first_page is None or first_hour is None:
            continue
        first = max(first_hour, first_page * hours)
        page = max(first // hours, end // hours - 1)
        covered = min(end, (page + 1) * hours) - max(first, page * hours)
        size = _page_bytes(connection, tier, tags, page) * PAGE_OVERHEAD
        streams.append(Stream(tier.table, limit, size / covered * HOURS_PER_DAY, end - first))
    return streams


def _first(connection: PlantConnection, table: str, tags: Sequence[int]) -> int | None:
    """Return the first position, a page or an hour, at which one of the tags has a row."""
    query = f"SELECT min(id) FROM {table} WHERE id BETWEEN ? AND ?"  # noqa: S608 - a constant of ours
    keys = [connection.execute(query, (tag_key(tag, FIRST_HOUR), tag_key(tag, END_HOUR))).fetchone()[0] for tag in tags]
    return min((position_of(key) for key in keys if key is not None), default=None)


def _page_bytes(connection: PlantConnection, tier: Tier, tags: Sequence[int], page: int) -> int:
    query = f"SELECT length(data) FROM {tier.table} WHERE id = ?"  # noqa: S608 - a constant of ours
    rows = (connection.execute(query, (tag_key(tag, page),)).fetchone() for tag in tags)
    return sum(row[0] + ROW_HEAD for row in rows if row is not None)


def _with_hourly(streams: Sequence[Stream], tags: Mapping[int | None, int], to_day: float) -> list[Stream]:
    """Return the streams with the rows of `hourly` added to those of hours, which have the same limits."""
    return [
        Stream(
            stream.resolution,
            stream.limit_h,
            stream.bytes_per_day + tags.get(stream.limit_h, 0) * HOURLY_BYTES * PAGE_OVERHEAD * to_day,
            stream.kept_h,
        )
        if stream.resolution == HOUR.table
        else stream
        for stream in streams
    ]
