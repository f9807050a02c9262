"""Panning and zooming over ten years of history, down to an hour and back: what a step costs until all is painted."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from app.model import clock, status
from app.model.block import Block, TimeArray, ValueArray
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from tests.benchmarks.figure import Figure
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.screen_time import application, shown
from tests.benchmarks.stored_years import TEN_DAYS_NS, write_years
from widgets.feed import Feed
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.time_window import TimeWindow

PENS = 2
YEAR_NS = 31_557_600 * NS_PER_S
YEARS = 10
HOUR_S, STEP_S = 3_600, 10
ZOOM, ZOOMS = 0.5, 16
PANS = 12
WIDTH, HEIGHT = 1_200, 600
LONGEST_WAIT_S = 20.0
NOW = 1_795_000_000 * NS_PER_S


def measure_years(*, hours_apart: int) -> Iterator[Figure]:
    """Yield what 95 of 100 steps take at most; one hour in so many was recorded, a sample every ten seconds.

    Where that is every hour, 63 million samples, they are written as the history keeps them.
    """
    application()
    with tempfile.TemporaryDirectory(prefix="foreshift-years-") as name, clock.frozen(NOW):
        pane = PaneOfYears(Path(name), hours_apart)
        costs = sorted(pane.cost(step) for step in pane.steps())
        pane.close()
    hours = YEARS * YEAR_NS // (hours_apart * HOUR_S * NS_PER_S)
    text = f"a step of pan or zoom over {YEARS} years, {PENS} pens of {hours:,} recorded hours"
    yield Figure(f"{text}, p95", "ms", costs[int(0.95 * (len(costs) - 1))] * 1_000, goal="ours <= 100")
    yield Figure(f"{text}, median", "ms", costs[len(costs) // 2] * 1_000)


class PaneOfYears:
    """A pane on a plant whose history goes back ten years; nothing is live."""

    def __init__(self, folder: Path, hours_apart: int) -> None:
        tags = tuple(TagDefinition(n, f"T{n}", "E", LocalText("signal"), "c", "a", scan_ms=1_000) for n in range(PENS))
        plant = PlantFolder(folder)
        with contextlib.closing(OurHistory(plant.history.parent, tags)) as history:
            if hours_apart == 1:
                write_years(history.path, _whole_years())
            else:
                history.load(_years(hours_apart))
            history.path.rename(plant.history)
        self._feed = Feed(Plant("years", LocalText("years"), (), (), tags), plant)
        self._window = TimeWindow(YEARS * YEAR_NS)
        self._pane = TrendPane(self._feed, self._window, LiveSamples(self._feed))
        self._pane.show_tags(tags, has_ahead=False)
        shown(self._pane, WIDTH, HEIGHT)
        self.settle()

    def steps(self) -> Iterator[Callable[[], None]]:
        """Yield what an operator does: zoom in at three places, pan there, and zoom out again."""
        for share in (0.2, 0.5, 0.9):
            for _ in range(ZOOMS):
                yield partial(self._zoom, ZOOM, share)
            for _ in range(PANS):
                yield lambda: self._window.pan(self._window.span // 8)
            for _ in range(ZOOMS):
                yield partial(self._zoom, 1 / ZOOM, share)

    def cost(self, step: Callable[[], None]) -> float:
        """Return the processor seconds, of all threads, from a step until its picture is whole."""
        began = time.process_time()
        step()
        self.settle()
        return time.process_time() - began

    def settle(self) -> None:
        """Paint until nothing is missing; raise TimeoutError where that never comes."""
        until = time.monotonic() + LONGEST_WAIT_S
        self._pane.refresh()
        QApplication.processEvents()
        while self._pane.is_loading:
            if time.monotonic() > until:
                raise TimeoutError("the history does not answer")
            time.sleep(0.001)
            QApplication.processEvents()
        self._pane.refresh()
        QApplication.processEvents()

    def close(self) -> None:
        """Let go of everything."""
        self._pane.clear()
        self._pane.close()
        self._feed.close()

    def _zoom(self, factor: float, share: float) -> None:
        start, end = self._window.edges(NOW)
        self._window.zoom(factor, around=round(start + share * (end - start)), share=share)


def _whole_years() -> Iterator[tuple[TimeArray, ValueArray]]:
    """Yield every hour, as `write_years` takes them: slow waves with noise, and spikes in them."""
    chance = np.random.default_rng(20_264)
    first = NOW - YEARS * YEAR_NS
    for page in range(first // TEN_DAYS_NS, NOW // TEN_DAYS_NS + 1):
        begin, end = max(first, page * TEN_DAYS_NS), min(NOW, (page + 1) * TEN_DAYS_NS)
        time = np.arange(begin, end, STEP_S * NS_PER_S, dtype=np.int64)
        value = np.round(50 + 20 * np.sin(time / YEAR_NS * 40) + chance.normal(0, 2, (PENS, len(time))), 2)
        value[:, chance.integers(0, len(time))] = 150.0
        yield time, value


def _years(hours_apart: int) -> Iterator[Block]:
    """Yield the recorded hours, a year after the other: slow waves with noise, and spikes in them."""
    chance = np.random.default_rng(20_264)
    handles = np.arange(PENS, dtype=np.uint32)
    second = np.arange(0, HOUR_S, STEP_S, dtype=np.int64) * NS_PER_S
    first = NOW - YEARS * YEAR_NS
    hours = np.arange(first, NOW, hours_apart * HOUR_S * NS_PER_S, dtype=np.int64)
    for part in np.array_split(hours, YEARS):
        at = (part[:, None] + second).ravel()
        times, count = np.repeat(at, PENS), len(at) * PENS
        value = np.round(50 + 20 * np.sin(times / YEAR_NS * 40) + chance.normal(0, 2, count), 2)
        value[chance.integers(0, count, 20)] = 150.0
        yield Block(np.tile(handles, len(at)), times, value, np.full(count, status.GOOD, np.uint32), times)
