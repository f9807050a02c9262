"""A history with samples of a few tags, for the tests of its exchange with files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from app.database import open_writer
from app.exchange.selection import ExchangedTag, Selection
from app.history.newest import NewestSamples
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import Block, block_of
from app.model.tag import TagDefinition
from tests.app.history.plant import tag

NAMES = ("AC01.T", '=SUM("A";1)', "温度, 油")
UNITS = ("Cel", "", "m3/h")
TAGS = [tag(handle, name, unit) for handle, (name, unit) in enumerate(zip(NAMES, UNITS, strict=True))]
EXCHANGED = tuple(ExchangedTag(name, unit) for name, unit in zip(NAMES, UNITS, strict=True))
BEGIN = 1_773_000_000_123_456_789
EVER = (-(1 << 63), (1 << 63) - 1)
CODES = (
    status.GOOD,
    status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH,
    status.BAD_NO_COMMUNICATION,
    0xFFFF_FFFF,
)

Stored = dict[str, list[tuple[int, str, int]]]
"""Per tag, every sample as time, repr of the value and code: repr tells -0.0 from 0.0 and finds NaN equal."""


def record(path: Path, *blocks: Block, is_settled: bool = False) -> Path:
    """Store blocks in a history at `path`; `is_settled`: packed, as they are some hours later."""
    return record_of(TAGS, path, *blocks, is_settled=is_settled)


def record_of(tags: Sequence[TagDefinition], path: Path, *blocks: Block, is_settled: bool = False) -> Path:
    """Store blocks of other tags."""
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, tags)
        for block in blocks:
            writer.write(block)
        if is_settled:
            NewestSamples(path).refresh(lambda step: step(connection))
            HistoryUpkeep(path, lambda step: step(connection)).settle()
    return path


def some_block(count: int = 300) -> Block:
    """Return samples of all tags, half of them at common times, with values of every kind and some bad ones."""
    chance = np.random.default_rng(3)
    time = BEGIN + chance.integers(0, count // 3, count) * 1_000_000_007
    value = chance.normal(50, 20, count)
    value[::17], value[1::17], value[2::17], value[3::17] = np.nan, np.inf, 5e-324, -1e308
    code = np.array(CODES, np.uint32)[chance.integers(0, 3, count)]
    return block_of(np.arange(count) % len(TAGS), time, value, code)


def stored(path: Path, names: Sequence[str] = NAMES) -> Stored:
    """Return all that a history holds."""
    with HistoryReader(path) as reader:
        found = {}
        for name in names:
            series = reader.raw(name, *EVER)
            found[name] = [
                (time, repr(value), code)
                for time, value, code in zip(
                    series.time.tolist(), series.value.tolist(), series.status.tolist(), strict=True
                )
            ]
        return found


@contextmanager
def all_of(path: Path) -> Iterator[tuple[HistoryReader, Selection]]:
    """Give a reader and the selection of everything."""
    with HistoryReader(path) as reader:
        extent = reader.extent()
        assert extent is not None
        yield reader, Selection(EXCHANGED, extent[0], extent[1] + 1)
