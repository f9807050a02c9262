"""Sixteen trend panes of 8 pens with 20,000 points each, all of which get a new sample ten times a second."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from app.model import clock, status
from app.model.block import Block, ValueArray
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.series import Series
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.live import LatestValues
from tests.benchmarks.figure import Figure
from tests.benchmarks.screen_time import application, costs, shown, timed
from tests.benchmarks.trend_frame import SCALE, Fill
from widgets.feed import Feed, ValuesChanged
from widgets.trend.decimate import samples
from widgets.trend.live_buffer import CAPACITY
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.time_window import TimeWindow
from widgets.trend.trace import HistoryQuery, LoadedHistory

PANES, PENS, POINTS = 16, 8, 20_000
HERTZ = 10
STEP_NS = NS_PER_S // HERTZ
LIVE = min(CAPACITY, POINTS // 2)
WIDTH, HEIGHT = 1_920, 1_040


def measure_panes(*, turns: int, budget_s: float) -> Iterator[Figure]:
    """Yield the share of a core that the panes take at 10 Hz, each refreshed and painted every time."""
    application(scale=SCALE)
    with tempfile.TemporaryDirectory(prefix="foreshift-panes-") as name:
        wall = PaneWall(Path(name))
        fill = Fill()
        ours, filled = costs([timed(wall.frame), timed(fill.show_course, times=9)], turns=turns, budget_s=budget_s)
        wall.close()
    what = f"{PANES} panes x {PENS} pens x {POINTS:,} points at {HERTZ} Hz"
    yield Figure(f"{what}, share of a core", "%", ours * HERTZ * 100, goal="ours <= 20")
    yield Figure(f"{what}, a frame", "ms", ours * 1_000, filled * PANES * 1_000, f"filling {PANES} pictures")


class PaneWall:
    """Panes as a page has them, on a plant without a collector: samples come as from the feed's frame clock."""

    def __init__(self, folder: Path) -> None:
        number = PANES * PENS
        tags = tuple(
            TagDefinition(handle, f"T{handle:03}", "E", LocalText("signal"), "c", "a", low=0.0, high=10.0, scan_ms=100)
            for handle in range(number)
        )
        self._feed = Feed(Plant("wall", LocalText("wall"), (), (), tags), PlantFolder(folder))
        self._feed.is_linked = True
        self._window = TimeWindow(POINTS * STEP_NS)
        self._live = LiveSamples(self._feed)
        self._chance = np.random.default_rng(20_261)
        self._handles = np.arange(number, dtype=np.uint32)
        self._now = clock.now_ns()
        self._page = QWidget()
        grid = QGridLayout(self._page)
        self._panes = [TrendPane(self._feed, self._window, self._live) for _ in range(PANES)]
        for place, pane in enumerate(self._panes):
            grid.addWidget(pane, place // 4, place % 4)
            pane.show_tags(tags[place * PENS : (place + 1) * PENS], has_ahead=False)
        shown(self._page, WIDTH, HEIGHT)
        for pane in self._panes:
            self._load(pane)

    def frame(self, number: int) -> None:
        """Take a new sample of every tag, bring every pane up to date and paint it."""
        del number
        self._now = max(self._now + 1, clock.now_ns())
        self._receive(np.full(len(self._handles), self._now), self._handles, self._values(len(self._handles)))
        for pane in self._panes:
            pane.refresh()
        QApplication.processEvents()

    def close(self) -> None:
        """Let go of everything."""
        for pane in self._panes:
            pane.clear()
        self._page.close()
        self._feed.close()

    def _load(self, pane: TrendPane) -> None:
        """Give the pens of a pane what the history and the last minutes would have given."""
        assert pane._shown is not None
        for pen in pane._shown.pens:
            past = self._now - np.arange(POINTS, LIVE, -1) * STEP_NS
            series = Series(past, self._values(len(past)), np.full(len(past), status.GOOD, np.uint32))
            query = HistoryQuery(pen.tag.name, int(past[0]) - NS_PER_S, int(past[-1]) + NS_PER_S)
            pen.trace.take(LoadedHistory(query, samples(series), asked=self._now))
            recent = self._now - np.arange(LIVE, 0, -1) * STEP_NS
            pen.trace.live.append(recent, self._values(LIVE), np.full(LIVE, status.GOOD, np.uint32))

    def _values(self, number: int) -> ValueArray:
        values: ValueArray = 5 + self._chance.normal(0, 1.0, number)
        return values

    def _receive(self, time: np.ndarray, handles: np.ndarray, values: ValueArray) -> None:
        good = np.full(len(time), status.GOOD, np.uint32)
        block = Block(handles, time, values, good, time)
        self._feed.receive_values(ValuesChanged(block, LatestValues(time, values, good)))
