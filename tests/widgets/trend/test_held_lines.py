"""What a server that tells changes alone said last is drawn on to the right, for as long as it is known to hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.writer import HistoryWriter
from app.model import clock, status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.live import LatestValues
from widgets.feed import Feed, ValuesChanged
from widgets.operation import wait_for_all
from widgets.picture.sparkline import Sparkline
from widgets.theme import theme
from widgets.trend.drawn_curve import within
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.time_window import TimeWindow

HOUR = 3_600 * NS_PER_S
VALVE = TagDefinition(0, "VALVE", "E", LocalText("valve"), "c", "a", kind=TagKind.DISCRETE, low=0.0, high=1.0)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    """A valve that opened three hours ago and has said nothing since."""
    folder, opened = PlantFolder(tmp_path), clock.now_ns() - 3 * HOUR
    with closing(open_writer(folder.history)) as connection:
        times = np.array([opened - HOUR, opened])
        HistoryWriter(connection, [VALVE]).write(block_of(0, times, [0.0, 1.0], status.GOOD))
    made = Feed(Plant("p", LocalText("plant"), (), (), (VALVE,)), folder)
    made.is_linked = True
    say(made, opened, 1.0, status.GOOD)
    yield made
    wait_for_all()
    made.close()


def say(feed: Feed, time: int, value: float, code: int) -> None:
    block = block_of(0, np.array([time]), [value], code)
    feed.receive_values(ValuesChanged(block, LatestValues(block.time, block.value, block.status)))


@pytest.fixture
def pane(feed: Feed, qtbot: QtBot) -> TrendPane:
    made = TrendPane(feed, TimeWindow(HOUR), LiveSamples(feed))
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.show_tags([VALVE], has_ahead=False)
    return made


def covered(pane: TrendPane) -> list[bool]:
    """Return at some places from left to right whether the curve passes the height of "open"."""
    pane.refresh()
    frame = pane.plot.frame
    assert frame is not None
    geometry, image, color = frame.geometry, pane.plot.grab().toImage(), theme().pen(0)
    ratio, y = image.devicePixelRatio(), geometry.y(1.0)
    return [
        any(
            abs(image.pixelColor(round(x * ratio), round((y + down) * ratio)).blue() - color.blue()) < 60
            for down in (-1, 0, 1)
        )
        for x in np.linspace(geometry.plot.left() + 10, geometry.now_x - 10, 9)
    ]


def test_that_a_valve_that_opened_hours_ago_is_drawn_open_up_to_now(pane: TrendPane, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(covered(pane)), timeout=20_000)


def test_that_what_went_bad_is_not_drawn_on(pane: TrendPane, feed: Feed, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(covered(pane)), timeout=20_000)
    say(feed, clock.now_ns() - HOUR // 2, float("nan"), status.BAD_NO_COMMUNICATION)
    assert not any(covered(pane)[5:])


def test_that_nothing_holds_while_the_collector_is_silent_nor_over_its_silence(
    pane: TrendPane, feed: Feed, qtbot: QtBot
) -> None:
    say(feed, clock.now_ns() - HOUR // 3, 1.0, status.GOOD)
    qtbot.waitUntil(lambda: all(covered(pane)), timeout=20_000)
    feed.is_linked = False
    feed.collector_link_changed.emit(False, "")
    assert not any(covered(pane)[7:])
    feed.is_linked = True
    say(feed, clock.now_ns() + NS_PER_S, 1.0, status.GOOD)
    pane.refresh()
    shown = pane._shown
    assert shown is not None
    assert shown.pens[0]._source.columns.severed.any(), "nobody knows what it did in the meantime"


def test_that_a_value_from_before_a_gap_on_record_is_not_drawn_on(pane: TrendPane, feed: Feed, qtbot: QtBot) -> None:
    now = clock.now_ns()
    with closing(open_writer(feed.folder.history)) as connection:
        record_gaps(connection, [Gap(now - 2 * HOUR, now - HOUR, GapReason.NOT_COLLECTING)])
    pane.show_tags([VALVE], has_ahead=False)
    shown = pane._shown
    assert shown is not None
    qtbot.waitUntil(lambda: shown.pens[0].trace.loaded is not None, timeout=20_000)
    assert not any(covered(pane))


def test_that_a_small_trend_shows_what_has_held_for_hours(feed: Feed, qtbot: QtBot) -> None:
    small = Sparkline(feed, LiveSamples(feed), VALVE)
    qtbot.addWidget(small)
    small.resize(160, 90)
    small.show()

    def lines() -> list[int]:
        small.refresh()
        image = small.grab().toImage()
        ground, ratio = image.pixelColor(0, image.height() // 3), image.devicePixelRatio()
        columns = [round(x * ratio) for x in (4, 80, 155)]
        rows = range(round(20 * ratio), round((90 - 30) * ratio))
        return [sum(image.pixelColor(x, y) != ground for y in rows) for x in columns]

    qtbot.waitUntil(lambda: all(lines()), timeout=20_000)
    say(feed, clock.now_ns(), float("nan"), status.BAD_NO_COMMUNICATION)
    small.refresh()
    assert small._held is None


def test_that_lines_far_beside_the_plot_are_cut_off_on_their_way() -> None:
    plot = QRectF(100, 0, 200, 100)
    lines = np.array([[-1e9, 0.0, 1e9, 100.0], [150, 10, 160, 20], [-5e8, 7, 200, 7], [-9e9, 3, -8e9, 4]])
    cut = within(lines, plot)
    assert cut[:, 0::2].min() >= -100
    assert cut[:, 0::2].max() <= 500
    assert cut[0, 1:4:2] == pytest.approx([50, 50], abs=0.01), "it crosses the plot at half its height"
    assert cut[1].tolist() == lines[1].tolist()
    assert cut[2].tolist() == [-100, 7, 200, 7]
