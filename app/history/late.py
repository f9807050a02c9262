"""Late samples of hours whose own samples have gone: they are added to the rollups, which know the rest.

Were such an hour compacted like any other, its rollups would be made anew of the late samples alone. A late sample that
was there before counts twice in `count`; extremes, first and last values stay right. Where the minutes have gone too,
only the hour learns of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from app.database import PlantConnection, transaction
from app.history.chunk import COLUMNS, PackedChunk, StampReader, unpack_chunk
from app.history.codec import CodecError
from app.history.gap import Gap, GapReason, record_gaps
from app.history.hourly import hourly_row
from app.history.layout import HOUR_NS, PIECES, chunk_key, tag_key
from app.history.remake import in_own_kind
from app.history.rollup import TIERS, Tier, bucketed, overlaid
from app.history.rollup_page import pack_page, unpack_page
from app.history.samples import Samples, converted, merged
from app.history.seal import Step

_SEALED = "seal <= (SELECT value FROM history_state WHERE key = 'seal')"


@dataclass(frozen=True, slots=True)
class _Late:
    """The late samples of an hour of a tag, the numbers of the chunks that held them, and what was damaged."""

    samples: Samples
    fresh: list[int]
    damaged: list[Gap]


def late_steps(connection: PlantConnection, hour: int) -> Iterator[Step]:
    """Yield a transaction for each tag of which an hour has late samples and rollups, but no samples of its own."""
    rows = connection.execute(
        f"SELECT DISTINCT tag FROM fresh WHERE hour = ? AND {_SEALED} "  # noqa: S608 - a constant
        "AND EXISTS (SELECT 1 FROM hourly WHERE hourly.id = ? + fresh.tag * ?) "
        "AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.id BETWEEN ? + fresh.tag * ? AND ? + fresh.tag * ?) "
        "ORDER BY tag",
        (
            hour,
            *_keys(tag_key(0, hour), tag_key(1, hour)),
            *_keys(chunk_key(hour, 0), chunk_key(hour, 1)),
            *_keys(chunk_key(hour, 0, PIECES - 1), chunk_key(hour, 1, PIECES - 1)),
        ),
    ).fetchall()
    for (tag,) in rows:
        late = _late(connection, hour, tag)
        yield _add(connection, hour, tag, late)


def _keys(of_tag_0: int, of_tag_1: int) -> tuple[int, int]:
    """Return the key of tag 0, and what each further tag adds to it."""
    return of_tag_0, of_tag_1 - of_tag_0


def _late(connection: PlantConnection, hour: int, tag: int) -> _Late:
    rows = connection.execute(
        f"SELECT id, {COLUMNS} FROM fresh WHERE tag = ? AND hour = ? AND {_SEALED} ORDER BY id",  # noqa: S608
        (tag, hour),
    ).fetchall()
    times = StampReader("fresh_stamp")
    times.load(connection, [row[1] for row in rows])
    parts, damaged = [], []
    for _, *columns in rows:
        chunk = PackedChunk(*columns)
        try:
            parts.append(in_own_kind(connection, tag, unpack_chunk(chunk, tag, times.time_of(chunk.stamp))))
        except CodecError:
            damaged.append(Gap(chunk.start, chunk.end + 1, GapReason.DAMAGED_CHUNK, chunk.samples, tag))
    return _Late(merged(parts), [row[0] for row in rows], damaged)


def _add(connection: PlantConnection, hour: int, tag: int, late: _Late) -> Step:
    """Return the transaction that replaces late samples by what they add to the rollups."""
    pages = list(_pages(connection, hour, tag, late.samples)) if len(late.samples) else []
    rows = [_hourly(connection, hour, tag, late.samples)] if len(late.samples) else []

    def add(connection: PlantConnection) -> None:
        with transaction(connection):
            for tier, key, page in pages:
                connection.execute(
                    f"UPDATE {tier.table} SET buckets = ?, crc = ?, data = ? WHERE id = ?",  # noqa: S608 - ours
                    (*page, key),
                )
            connection.executemany(f"INSERT OR REPLACE INTO hourly VALUES ({_MARKS})", rows)  # noqa: S608 - marks
            connection.executemany("DELETE FROM fresh WHERE id = ?", [(number,) for number in late.fresh])
            record_gaps(connection, late.damaged)
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return add


def _pages(
    connection: PlantConnection, hour: int, tag: int, samples: Samples
) -> Iterator[tuple[Tier, int, tuple[int, int, bytes]]]:
    """Yield tier, key and new content of the pages that are still there; a damaged one is left as it is."""
    number = converted(samples.value, "f")
    for tier in TIERS:
        key = tag_key(tag, hour * HOUR_NS // tier.page_ns)
        row = connection.execute(
            f"SELECT buckets, crc, data FROM {tier.table} WHERE id = ?",  # noqa: S608 - a constant
            (key,),
        ).fetchone()
        if row is not None:
            with suppress(CodecError):  # the integrity check tells it
                former = unpack_page(tier, *row)
                added = bucketed(samples.time, number, samples.status, tier.width)
                yield tier, key, pack_page(overlaid(former, added, tier.width), tier)


def _hourly(connection: PlantConnection, hour: int, tag: int, samples: Samples) -> tuple[object, ...]:
    """Return the row of `hourly` for what it knew and the late samples."""
    former = _Hourly._make(connection.execute("SELECT * FROM hourly WHERE id = ?", (tag_key(tag, hour),)).fetchone())
    added = _Hourly._make(hourly_row(hour, tag, samples))
    is_newest = added.end_time >= former.end_time
    newest = added if is_newest else former
    usable = former.usable + added.usable
    return former._replace(
        minimum=_known(min, former.minimum, added.minimum),
        maximum=_known(max, former.maximum, added.maximum),
        mean=_known(lambda one, other: (one * former.usable + other * added.usable) / usable, former.mean, added.mean),
        first=added.first if former.first is None else former.first,
        last=former.last if added.last is None or (former.last is not None and not is_newest) else added.last,
        samples=former.samples + added.samples,
        usable=usable,
        worst_status=max(former.worst_status, added.worst_status),
        end_time=newest.end_time,
        end_value=newest.end_value,
        end_status=newest.end_status,
        begin_time=None,  # the area between samples that have gone and late ones cannot be known
        area=None,
        falls=None,
    )


def _known(combine: Callable[[float, float], float], one: float | None, other: float | None) -> float | None:
    """Return what is known of two numbers."""
    if one is None or other is None:
        return other if one is None else one
    return combine(one, other)


class _Hourly(NamedTuple):
    """A row of `hourly`, in the order of its columns."""

    id: int
    tag: int
    hour: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    first: float | None
    last: float | None
    samples: int
    usable: int
    worst_status: int
    end_time: int
    end_value: object
    end_status: int
    begin_time: int | None
    area: float | None
    falls: int | None


_MARKS = ", ".join("?" * len(_Hourly._fields))
