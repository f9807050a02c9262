"""Retention: what is older than its limit goes, tag by tag and resolution by resolution.

Samples go by the hour, minutes by the day and hours by ten days, as they are stored; nothing that is younger goes with
them. How far this has come stands in `history_state`, so that old hours which are kept for some tags are not looked
through again each time:

- `retained_at`: the hour up to whose beginning the limits were kept, as if it were the present one;
- `retention_rules`: a number that differs where the limits do: other ones are kept from the beginning on;
- `thinned_before`: hours before it may have rollups without samples.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from app.database import PlantConnection, transaction
from app.history.layout import HOUR_NS, chunk_key, hour_key, hour_of, tag_key, tag_of_chunk
from app.history.rollup import HOUR, MINUTE, Tier
from app.history.seal import Step
from app.history.stored_hours import FIRST_HOUR, newest_hour, stored_hours
from app.history.tag_table import check_names, known_tags
from app.model.retention import KEEP_ALL, Retention
from app.model.tag import TagDefinition

HOURS_PER_DAY = 24
_MONTH_H = 30 * HOURS_PER_DAY
_ROWS_PER_STEP = 128
_BYTES_PER_STEP = 1_000_000

Row = tuple[int, int]
"""The key of a row and the bytes of its packed columns."""


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """The limits of a plant: those of its tags by name, and `default` for tags that it no longer has."""

    default: Retention = KEEP_ALL
    of_tag: Mapping[str, Retention] | None = None

    @classmethod
    def of(cls, retention: Retention, tags: Sequence[TagDefinition]) -> Self:
        """Return the rules of a plant."""
        return cls(retention.of_tag(None), {tag.name: retention.of_tag(tag.keep_days) for tag in tags})

    def hold_for(self, name: str) -> Retention:
        """Return the limits of a tag."""
        return (self.of_tag or {}).get(name, self.default)


@dataclass(frozen=True, slots=True)
class TagLimits:
    """The limits of a tag in hours, None for ever."""

    raw: int | None
    minute: int | None
    hour: int | None


def retention_steps(connection: PlantConnection, rules: RetentionRules, now: int) -> Iterator[Step]:
    """Yield the transactions that keep the limits at an instant (ns UTC); `connection` reads what is there.

    Raise DatabaseDamaged where the names of the tags are not as they were written.
    """
    check_names(connection)
    limits = limits_of_tags(connection, rules)
    state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
    target, number = hour_of(now), _number_of(limits)
    done = min(state.get("retained_at", FIRST_HOUR), target)
    if state.get("retention_rules") != number:
        done = FIRST_HOUR
    yield from _raw_steps(connection, {tag: each.raw for tag, each in limits.items()}, done, target)
    yield from _page_steps(connection, MINUTE, {tag: each.minute for tag, each in limits.items()}, done, target)
    yield from _page_steps(connection, HOUR, {tag: each.hour for tag, each in limits.items()}, done, target)
    yield from _hourly_steps(connection, {tag: each.hour for tag, each in limits.items()}, done, target)
    reached = {"retained_at": target, "retention_rules": number}
    if any(state.get(key) != value for key, value in reached.items()):
        shortest = min((each.raw for each in limits.values() if each.raw is not None), default=None)
        yield _note_progress(reached, None if shortest is None else target - shortest)


def is_clock_borne_out(connection: PlantConnection, now: int) -> bool:
    """Return whether the file has samples of a day's worth of hours in the month before `now` (ns UTC).

    Else the clock may be wrong, and a year too many would cost the plant its past.
    """
    hour = hour_of(now)
    for _ in range(HOURS_PER_DAY):
        stored = newest_hour(connection, hour)
        if stored is None or stored < hour_of(now) - _MONTH_H:
            return False
        hour = stored
    return True


def step_back_to(connection: PlantConnection, hour: int) -> Step | None:
    """Return the transaction that lets the next retention look at an hour again; None where it will anyway."""
    state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
    if hour >= min(state.get("retained_at", FIRST_HOUR), state.get("thinned_before", FIRST_HOUR)):
        return None

    def step_back(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.execute("UPDATE history_state SET value = min(value, ?) WHERE key = 'retained_at'", (hour,))

    return step_back


def limits_of_tags(connection: PlantConnection, rules: RetentionRules) -> dict[int, TagLimits]:
    """Return the limits of every tag of the file, by its number."""
    found = {}
    for name, number, _ in known_tags(connection):
        kept = rules.hold_for(name)
        found[number] = TagLimits(_hours(kept.raw_days), _hours(kept.minute_days), _hours(kept.hour_days))
    return found


def _hours(days: float) -> int | None:
    """Return a limit in whole hours, not less than asked for; None for ever, and for longer than times can tell."""
    hours = math.ceil(days * HOURS_PER_DAY)
    return hours if 0 < hours < -FIRST_HOUR else None


def _number_of(limits: Mapping[int, TagLimits]) -> int:
    text = repr(sorted((tag, each.raw, each.minute, each.hour) for tag, each in limits.items()))
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big")


def _raw_steps(connection: PlantConnection, limits: Mapping[int, int | None], done: int, target: int) -> Iterator[Step]:
    finite = {tag: limit for tag, limit in limits.items() if limit is not None}
    spans = _spans(set(finite.values()), done, target)
    for hour in (hour for first, end in spans for hour in stored_hours(connection, first, end)):
        past = {tag for tag, limit in finite.items() if hour < target - limit}
        rows = connection.execute(
            "SELECT id, length(value) + length(status) FROM chunk WHERE id BETWEEN ? AND ?",
            (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
        ).fetchall()
        parts = list(_parts([row for row in rows if tag_of_chunk(row[0]) in past]))
        for number, part in enumerate(parts, start=1):
            yield _remove_chunks(part, hour, is_last=number == len(parts))


def _spans(limits: set[int], done: int, target: int) -> list[tuple[int, int]]:
    """Return the hours first <= hour < last that have passed a limit since `done`, as spans that do not meet."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((done - limit, target - limit) for limit in limits):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _page_steps(
    connection: PlantConnection, tier: Tier, limits: Mapping[int, int | None], done: int, target: int
) -> Iterator[Step]:
    """Yield the removal of pages of which the last hour has passed its limit."""
    rows = (
        row
        for tag, first, last in _passed(limits, done, target, tier.page_ns // HOUR_NS)
        for row in connection.execute(
            f"SELECT id, length(data) FROM {tier.table} WHERE id BETWEEN ? AND ?",  # noqa: S608 - a constant of ours
            (tag_key(tag, first), tag_key(tag, last) - 1),
        ).fetchall()
    )
    for part in _parts(rows):
        yield _remove_rows(tier.table, part)


def _hourly_steps(
    connection: PlantConnection, limits: Mapping[int, int | None], done: int, target: int
) -> Iterator[Step]:
    """Yield the removal of hours' numbers, those of a page of hours together: who finds the one finds the other."""
    hours = HOUR.page_buckets
    rows = (
        row
        for tag, first, last in _passed(limits, done, target, hours)
        for row in connection.execute(
            "SELECT id, 0 FROM hourly WHERE id BETWEEN ? AND ?",
            (tag_key(tag, first * hours), tag_key(tag, last * hours) - 1),
        ).fetchall()
    )
    for part in _parts(rows):
        yield _remove_rows("hourly", part)


def _passed(limits: Mapping[int, int | None], done: int, target: int, hours: int) -> Iterator[tuple[int, int, int]]:
    """Yield tag, first and end of the stretches of so many `hours` that have wholly passed the limit since `done`."""
    for tag, limit in limits.items():
        if limit is not None and (first := (done - limit) // hours) < (last := (target - limit) // hours):
            yield tag, first, last


def _parts(rows: Iterable[Row]) -> Iterator[list[int]]:
    """Yield the keys of rows in parts that one short transaction can remove."""
    part: list[int] = []
    size = 0
    for key, length in rows:
        part.append(key)
        size += length
        if len(part) >= _ROWS_PER_STEP or size >= _BYTES_PER_STEP:
            yield part
            part, size = [], 0
    if part:
        yield part


def _remove_chunks(keys: Sequence[int], hour: int, *, is_last: bool) -> Step:
    """Remove chunks of an hour; with the last of them the times that no chunk has any more."""

    def remove(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany("DELETE FROM chunk WHERE id = ?", [(key,) for key in keys])
            if is_last:
                connection.execute(
                    "DELETE FROM stamp WHERE id BETWEEN ? AND ? AND id NOT IN "
                    "(SELECT stamp FROM chunk WHERE id BETWEEN ? AND ?)",
                    (hour_key(hour, 0), hour_key(hour + 1, 0) - 1, chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
                )
            _note_thinned(connection, hour + 1)
            _tell_readers(connection)

    return remove


def _remove_rows(table: str, keys: Sequence[int]) -> Step:
    def remove(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(key,) for key in keys])  # noqa: S608 - ours
            _tell_readers(connection)

    return remove


def _note_progress(reached: Mapping[str, int], thinned_before: int | None) -> Step:
    def note(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany("INSERT OR REPLACE INTO history_state VALUES (?, ?)", list(reached.items()))
            if thinned_before is not None:
                _note_thinned(connection, thinned_before)

    return note


def _note_thinned(connection: PlantConnection, before: int) -> None:
    connection.execute(
        "INSERT INTO history_state VALUES ('thinned_before', ?) "
        "ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)",
        (before,),
    )


def _tell_readers(connection: PlantConnection) -> None:
    """Let readers forget what they keep: numbers of times may be given out again, and pages are gone."""
    connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")
