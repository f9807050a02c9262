"""`history-query`: what a screen asks of the past, ours and a peer in turn, and whether both gave the same answer.

Every turn asks another tag, stretch or instant, so that remembering an answer gains nothing; the ends of a stretch lie
anywhere, as on a screen.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.model.block import Block
from app.model.clock import NS_PER_S
from tests.benchmarks.__main__ import Options
from tests.benchmarks.clustered_rows import ClusteredRows
from tests.benchmarks.duckdb_store import DuckDbStore
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import Absent, Answer, HistoryStore, differing, say_not_run
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.recorded_plant import START, TAGS_OF_DEVICE, RecordedPlant, slices, transmitter
from tests.benchmarks.turns import alternate

S = TypeVar("S", OurHistory, ClusteredRows)
HOUR, DAY = 3_600 * NS_PER_S, 86_400 * NS_PER_S
PIXELS = 1_920
LOAD_S, LONG_LOAD_S = 300, 86_400
DAY_TAGS = [TAGS_OF_DEVICE * device + number for device in (1, 2) for number in range(8)]  # at 1 Hz
YEAR_TAG = 3 * TAGS_OF_DEVICE


@dataclass(frozen=True, slots=True)
class Extent:
    """How much the stores hold: seconds of 1,000 tags, and before that days of eight tags and of one, at 1 Hz."""

    seconds: int
    days: int
    long_days: int
    turns: int
    budget_s: float


DEVICES = 50
QUICK = Extent(seconds=600, days=2, long_days=8, turns=15, budget_s=2.0)
FULL = Extent(seconds=3_600, days=2, long_days=366, turns=25, budget_s=30.0)


@dataclass(frozen=True, slots=True)
class Stores:
    """Those that are asked; DuckDB may be absent."""

    ours: OurHistory
    rows: ClusteredRows
    duckdb: DuckDbStore | None

    def load(self, samples: Block, seconds: float, *, to_rows: bool = True) -> None:
        """Put the same samples into all of them, so many seconds at a time."""
        stores: list[HistoryStore | None] = [self.ours, self.duckdb, self.rows if to_rows else None]
        for store in stores:
            if store is not None:
                store.load(slices(samples, seconds))


@dataclass(frozen=True, slots=True)
class Span:
    """Days of some tags that are drawn on a screen; another stretch each turn, within what is stored."""

    text: str
    days: int
    stretch: Callable[[int], tuple[list[int], int, int]]


def measure(options: Options) -> Iterator[Figure]:
    """Fill the stores with the same samples, then put each question to ours and the peer in turn."""
    extent = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder = Path(name)
        plant = RecordedPlant(DEVICES, extent.seconds)
        ours = closing.enter_context(contextlib.closing(OurHistory(folder, plant.tags)))
        rows = closing.enter_context(contextlib.closing(ClusteredRows(folder, tags=len(plant.tags))))
        try:
            duckdb = closing.enter_context(contextlib.closing(DuckDbStore(folder)))
        except Absent as reason:
            say_not_run(str(reason))
            duckdb = None
        _fill(Stores(ours, rows, duckdb), plant, extent)
        yield from _against_rows(extent, ours=ours, rows=rows)
        if duckdb is not None:
            yield from _against_duckdb(extent, ours=ours, duckdb=duckdb)


def _fill(stores: Stores, plant: RecordedPlant, extent: Extent) -> None:
    """The rows go without the year: they are not asked for it, and a smaller file is to their advantage."""
    for tag in DAY_TAGS:
        start = START - extent.days * DAY
        stores.load(transmitter(tag, start=start, seconds=extent.days * 86_400), LONG_LOAD_S)
    start = START - extent.long_days * DAY
    stores.load(transmitter(YEAR_TAG, start=start, seconds=extent.long_days * 86_400), LONG_LOAD_S, to_rows=False)
    stores.load(plant.samples(), LOAD_S)


def _stored(extent: Extent) -> str:
    return f"beside {extent.seconds // 60} min of 1,000 tags and {extent.long_days} days of one"


def _hour(extent: Extent, turn: int) -> tuple[int, int, int]:
    """Return a tag and an hour that is stored of it: the recorded one, or one of the days of eight tags."""
    if extent.seconds >= 3_600:
        return (turn * 37 + TAGS_OF_DEVICE) % (DEVICES * TAGS_OF_DEVICE), START, START + HOUR
    end = START - turn * HOUR
    return DAY_TAGS[turn % len(DAY_TAGS)], end - HOUR, end


def _instant(extent: Extent, turn: int) -> int:
    """Return an instant in the second half of the recorded stretch at which no sample lies."""
    return START + (extent.seconds + turn * extent.seconds // 60) * NS_PER_S // 2 + 777


def _against_rows(extent: Extent, *, ours: OurHistory, rows: ClusteredRows) -> Iterator[Figure]:
    yield from _compared(
        f"an hour raw of one tag, {_stored(extent)}",
        lambda turn: ours.raw(*_hour(extent, turn)),
        lambda turn: rows.raw(*_hour(extent, turn)),
        extent,
        peer_name=rows.name,
        goal="ratio >= 10",
    )
    yield from _compared(
        f"1,000 tags at a past instant, {_stored(extent)}",
        lambda turn: ours.snapshot(_instant(extent, turn)),
        lambda turn: rows.snapshot(_instant(extent, turn)),
        extent,
        peer_name=rows.name,
        goal="ratio >= 1.5",
    )
    yield from _compared(
        f"1,000 tags at a past instant on a file just opened, {_stored(extent)}",
        lambda turn: _reopened(ours).snapshot(_instant(extent, turn)),
        lambda turn: _reopened(rows).snapshot(_instant(extent, turn)),
        extent,
        peer_name=rows.name,
    )


def _reopened(store: S) -> S:
    store.reopen()
    return store


def _against_duckdb(extent: Extent, *, ours: OurHistory, duckdb: DuckDbStore) -> Iterator[Figure]:
    yield from _compared(
        f"an hour raw of one tag, {_stored(extent)}",
        lambda turn: ours.raw(*_hour(extent, turn)),
        lambda turn: duckdb.raw(*_hour(extent, turn)),
        extent,
        peer_name=duckdb.name,
    )
    long = extent.long_days - 1
    day = Span("a day of 8 tags to 1,920 px", 1, _day(613 * NS_PER_S))
    hours = Span("24 whole hours of 8 tags to 1,920 px", 1, _day(HOUR))
    year = Span(f"{'a year' if long == 365 else f'{long} days'} of one tag to 1,920 px", long, _year(long))
    yield from _pixels(hours, extent, ours=ours, duckdb=duckdb, goal="ratio >= 50")
    yield from _pixels(day, extent, ours=ours, duckdb=duckdb)
    yield from _pixels(year, extent, ours=ours, duckdb=duckdb, goal="ratio >= 60" if long == 365 else "")
    yield from _pixels(day, extent, ours=ours, duckdb=duckdb, goal="ratio >= 1.5", from_raw=True)
    yield from _pixels(year, extent, ours=ours, duckdb=duckdb, from_raw=True)


def _day(shift: int) -> Callable[[int], tuple[list[int], int, int]]:
    """Return what gives eight of the sixteen tags and a day or the day before it: four stretches that hardly overlap.

    Every fourth turn they move by `shift` ns.
    """

    def stretch(turn: int) -> tuple[list[int], int, int]:
        half, moved = turn % 2, turn // 4 * shift
        end = START - DAY + moved if turn // 2 % 2 else START - moved
        return DAY_TAGS[half * 8 : half * 8 + 8], end - DAY, end

    return stretch


def _year(days: int) -> Callable[[int], tuple[list[int], int, int]]:
    """Return what gives the one tag and its days up to a little over an hour earlier each turn."""

    def stretch(turn: int) -> tuple[list[int], int, int]:
        end = START - turn % 23 * 3_607 * NS_PER_S
        return [YEAR_TAG], end - days * DAY, end

    return stretch


def _pixels(
    span: Span, extent: Extent, *, ours: OurHistory, duckdb: DuckDbStore, goal: str = "", from_raw: bool = False
) -> Iterator[Figure]:
    """Ask for minimum and maximum per pixel."""
    tags, start, end = span.stretch(0)
    width = ours.bucket_width(tags[0], start, end, buckets=PIXELS, from_raw=from_raw)
    yield from _compared(
        span.text + (" from raw" if from_raw else ""),
        lambda turn: ours.envelope(*span.stretch(turn), buckets=PIXELS, from_raw=from_raw),
        lambda turn: duckdb.envelope(*span.stretch(turn), width=width),
        extent,
        peer_name=duckdb.name,
        goal=goal,
    )


def _compared(
    text: str,
    ours: Callable[[int], Answer],
    peer: Callable[[int], Answer],
    extent: Extent,
    *,
    peer_name: str,
    goal: str = "",
) -> Iterator[Figure]:
    """Yield how many times faster ours is, or, where the answers differ, in how many rows they do and no speed."""
    mine, theirs = alternate([ours, peer], turns=extent.turns, budget_s=extent.budget_s)
    wrong = sum(differing(left(), right()) for left, right in zip(mine.results, theirs.results, strict=True))
    if wrong:
        yield Figure(f"{text}: rows that differ from {peer_name}", "rows", wrong, goal="ours <= 0")
        return
    yield Figure(f"{text}: questions a second", "1/s", 1 / mine.median, 1 / theirs.median, peer_name, goal)
