"""What is derived from the samples of chunks, made again from them."""

from __future__ import annotations

from contextlib import suppress

from app.database import PlantConnection
from app.history.chunk import COLUMNS, PackedChunk, StampReader, unpack_chunk
from app.history.codec import CodecError
from app.history.layout import HOUR_NS, PIECES, chunk_key
from app.history.rollup import Buckets, Tier, bucketed, regrouped
from app.history.samples import KIND_OF, Samples, converted, merged
from app.history.tag_table import data_type_of


def in_own_kind(connection: PlantConnection, tag: int, samples: Samples) -> Samples:
    """Return samples of a tag in the kind of value that the file gives it; as they are where it is not known."""
    data_type = data_type_of(connection, tag)
    return samples if data_type is None else samples.in_kind(KIND_OF[data_type])


def hour_samples(connection: PlantConnection, tag: int, hour: int) -> Samples:
    """Return what the chunks of an hour of a tag hold; damaged ones are left out."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ? ORDER BY id",  # noqa: S608 - a constant
        (chunk_key(hour, tag), chunk_key(hour, tag, PIECES - 1)),
    ).fetchall()
    stamps = StampReader("stamp")
    stamps.load(connection, [row[0] for row in rows])
    parts = []
    for row in rows:
        chunk = PackedChunk(*row)
        with suppress(CodecError):  # the integrity check tells it
            parts.append(unpack_chunk(chunk, tag, stamps.time_of(chunk.stamp)))
    return in_own_kind(connection, tag, merged(parts))


def remade_page(connection: PlantConnection, tag: int, tier: Tier, page: int) -> Buckets:
    """Return the buckets of a rollup's page from the chunks of its hours."""
    first = page * tier.page_ns // HOUR_NS
    parts = []
    for hour in range(first, first + tier.page_ns // HOUR_NS):
        samples = hour_samples(connection, tag, hour)
        parts.append(bucketed(samples.time, converted(samples.value, "f"), samples.status, tier.width))
    return regrouped(parts, tier.width)
