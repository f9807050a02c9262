"""The list of connections says which devices are there, and why the others are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.connection import ConnectionDefinition, LinkState
from app.model.missed import Arrears
from app.pubsub.frame import CollectorChanged
from tests.widgets import plant
from widgets.equipment.connections import ConnectionList, place_of
from widgets.feed import Feed
from widgets.number import day_and_time
from widgets.translation import set_language


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    feed = plant.feed(tmp_path)
    feed.is_linked = True
    return feed


@pytest.fixture
def connections(qtbot: QtBot, feed: Feed) -> ConnectionList:
    connections = ConnectionList(feed)
    qtbot.addWidget(connections)
    return connections


def test_that_a_running_connection_is_quiet(connections: ConnectionList, feed: Feed) -> None:
    feed.receive([CollectorChanged(plant.report())])
    assert connections.rows["utilities"].is_running
    assert connections.rows["utilities"].toolTip() == "utilities: modbus://127.0.0.1:15020?unit=1\nrunning"


def test_that_trouble_is_told_with_its_reason(connections: ConnectionList, feed: Feed) -> None:
    feed.receive([CollectorChanged(plant.report(state=LinkState.BACKOFF, reason="no answer: check the cable"))])
    row = connections.rows["utilities"]
    assert not row.is_running
    assert row.toolTip().endswith("retrying\nno answer: check the cable")
    assert connections.rows["line"].is_running


def test_that_what_is_being_fetched_of_a_break_is_told(connections: ConnectionList, feed: Feed) -> None:
    told = plant.report()
    first = replace(told.connections[0], arrears=Arrears(12, plant.NOW, "not connected", refused=3))
    feed.receive([CollectorChanged(replace(told, connections=(first, *told.connections[1:])))])
    row = connections.rows["utilities"]
    assert row.is_running
    assert row.has_notes
    assert row.toolTip().splitlines()[2:] == [
        f"Values missed of 12 tags are being fetched, from {day_and_time(plant.NOW)} on",
        "They must wait: not connected",
        "The device has nothing of what was missed of 3 tags",
    ]


def test_that_nothing_is_known_while_the_collector_is_silent(connections: ConnectionList, feed: Feed) -> None:
    feed.receive([CollectorChanged(plant.report())])
    feed.is_linked = False
    feed.collector_link_changed.emit(False, "silent")
    assert connections.rows["utilities"].state_text() == "not known"


def test_that_states_are_named_in_the_operators_language(qtbot: QtBot, connections: ConnectionList, feed: Feed) -> None:
    set_language("zh")
    qtbot.waitUntil(lambda: connections.title.text() == "通信连接")
    names = []
    for state in LinkState:
        feed.receive([CollectorChanged(plant.report(state=state))])
        names.append(connections.rows["utilities"].state_text())
    assert names == ["已断开", "连接中", "运行中", "部分异常", "重连中"]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("modbus://10.0.0.2:502?unit=1", "10.0.0.2:502"),
        ("opc.tcp://[::1]:4840/line", "[::1]:4840"),
        ("modbus://[::bad", "[::bad"),
        ("COM3", "COM3"),
    ],
)
def test_that_a_place_is_shown_of_any_url_be_it_understood_or_not(url: str, place: str) -> None:
    assert place_of(ConnectionDefinition("press", "modbus", url)) == f"press  {place}"


def test_that_one_tag_is_one(connections: ConnectionList, feed: Feed) -> None:
    one, many = (
        replace(report, tags=tags, tags_good=tags) for tags in (1, 2) for report in plant.report().connections[:1]
    )
    feed.receive([CollectorChanged(replace(plant.report(), connections=(one,)))])
    assert connections.rows[one.connection]._right_text() == "1 tag"
    feed.receive([CollectorChanged(replace(plant.report(), connections=(many,)))])
    assert connections.rows[one.connection]._right_text() == "2 tags"
