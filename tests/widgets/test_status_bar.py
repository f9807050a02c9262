"""The status bar says whether the collector lives, how much comes in, how late it is shown, and what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model import block, clock
from app.pubsub.frame import CollectorChanged
from tests.widgets import plant
from widgets.feed import Feed, ValuesChanged
from widgets.number import NO_VALUE
from widgets.status_bar import StatusBar


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def bar(qtbot: QtBot, feed: Feed) -> StatusBar:
    bar = StatusBar(feed)
    qtbot.addWidget(bar)
    bar.resize(1900, 30)
    bar.show()
    return bar


def link(feed: Feed, *, problem: str = "") -> None:
    feed.is_linked = True
    feed.receive([CollectorChanged(replace(plant.report(), problem=problem))])


def test_that_a_living_collector_is_named_with_its_figures(bar: StatusBar, feed: Feed) -> None:
    with clock.frozen(plant.NOW):
        link(feed)
    assert bar.collector.value.text() == "PID 4127  ·  3 d 04 h"
    assert bar.rate.value.text() == "18\N{NO-BREAK SPACE}240 samples/s"
    assert bar.history.value.text() == "12.4 GB"
    assert not bar.problem.isVisible()


def test_that_a_silent_collector_shows_no_figures_but_the_reason(bar: StatusBar, feed: Feed) -> None:
    link(feed)
    feed.is_linked = False
    feed.collector_link_changed.emit(False, feed.link_text)
    assert bar.collector.value.text() == "waiting"
    assert NO_VALUE in bar.rate.value.text()
    assert bar.delay.value.text() == NO_VALUE
    assert bar.problem.text == "The collector does not answer; waiting for it"
    assert bar.sign.isVisible()


def test_that_the_collectors_own_problem_is_told(bar: StatusBar, feed: Feed) -> None:
    link(feed, problem="the disk is full: free 2 GB on /data")
    assert bar.problem.text == "the disk is full: free 2 GB on /data"
    link(feed)
    assert not bar.problem.isVisible()


def test_that_the_delay_is_the_oldest_of_the_last_second(bar: StatusBar, feed: Feed) -> None:
    link(feed)
    with clock.frozen(plant.NOW) as advance:
        for age_ms in (10, 37, 20):
            received = clock.now_ns() - age_ms * clock.NS_PER_MS
            samples = block.block_of(0, plant.NOW, 1.0, received=received)
            feed.receive_values(ValuesChanged(samples, feed.latest))
            advance(clock.NS_PER_S // 3 + 1)
        bar.refresh()
        assert bar.delay.value.text() in {"10 ms", "37 ms"}


def test_that_a_report_of_the_collector_does_not_take_the_delay_away(bar: StatusBar, feed: Feed) -> None:
    link(feed)
    with clock.frozen(plant.NOW):
        samples = block.block_of(0, plant.NOW, 1.0, received=clock.now_ns() - 37 * clock.NS_PER_MS)
        feed.receive_values(ValuesChanged(samples, feed.latest))
        link(feed)
    assert bar.delay.value.text() == "37 ms"
