"""The header shows pages, connections by driver, look, language, operator and time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.connection import LinkState
from app.pubsub.frame import CollectorChanged
from tests.widgets import plant, screen
from tests.widgets.text_room import PaintedTexts, faults, painted_texts
from widgets import number
from widgets.feed import Feed
from widgets.header.badge import Badge
from widgets.header.header import Header
from widgets.main_window import MainWindow
from widgets.navigation import Navigation, PageFactory
from widgets.translation import set_language


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def header(window: MainWindow) -> Header:
    return window.header


@pytest.fixture
def feed(window: MainWindow) -> Feed:
    return window.feed


def test_that_a_tab_opens_its_page(header: Header, window: MainWindow) -> None:
    header.tabs[1].click()
    assert window.navigation.page == "alarms"
    header.tabs[1].click()
    assert header.tabs[1].isChecked(), "a second press does not leave the page"


def test_that_connections_are_counted_by_driver(header: Header, feed: Feed) -> None:
    feed.is_linked = True
    feed.receive([CollectorChanged(plant.report(state=LinkState.BACKOFF))])
    assert header.links["modbus"].accessibleName() == "Modbus: 0 of 1 connections run"
    assert header.links["opcua"].accessibleName() == "OPC UA: 1 of 1 connections run"


def test_that_counts_are_unknown_while_the_collector_is_silent(header: Header, feed: Feed) -> None:
    feed.is_linked = True
    feed.receive([CollectorChanged(plant.report())])
    known = header.links["modbus"].grab().toImage()
    feed.is_linked = False
    feed.collector_link_changed.emit(False, "silent")
    assert header.links["modbus"].grab().toImage() != known
    assert number.NO_VALUE in header.links["modbus"].accessibleName()


def test_that_the_clock_shows_local_time(header: Header) -> None:
    with clock.frozen(plant.NOW):
        header.clock.tick()
        assert header.clock.time.text() == number.time_of_day(plant.NOW)
        assert header.clock.date.text() == "2026-11-24"
    header.clock.tick()


def test_that_the_operator_is_named_or_said_to_be_unknown(header: Header) -> None:
    assert header.operator.accessibleName() == "Operator: not named"
    header.set_operator("L. Chen")
    assert header.operator.accessibleName() == "Operator: L. Chen"


def test_that_look_and_language_switch_the_whole_window(qtbot: QtBot, header: Header, window: MainWindow) -> None:
    from widgets import theme

    header.look.click()
    assert theme.theme().name == "light"
    header.language.click()
    qtbot.waitUntil(lambda: header.operator.accessibleName() == "操作员：未登记")
    assert header.language.text() == "EN"


@pytest.mark.parametrize("chinese", [False, True])
def test_that_eleven_pages_have_room_at_every_width(qtbot: QtBot, feed: Feed, *, chinese: bool) -> None:
    set_language("zh" if chinese else "en")
    names = (
        "Overview",
        "Equipment",
        "Alarms",
        "Cases",
        "Maintenance",
        "Handover",
        "Vibration",
        "Performance",
        "Audit trail",
        "Trends",
        "Models",
    )
    pages = [PageFactory(name, lambda name=name: name, lambda *_: QLabel()) for name in names]  # type: ignore[misc]
    window = QWidget()
    header = Header(feed, Navigation(feed.plant), pages=pages)
    header.setParent(window)
    qtbot.addWidget(window)
    window.show()
    header.show()
    for width in (1240, 1366, 1600, 1820, 1880, 1920, 2560, 1240):
        window.resize(width, 48)
        header.resize(width, 48)
        QApplication.processEvents()
        places = [tab.geometry() for tab in header.tabs] + [header.search.geometry(), header.clock.geometry()]
        assert all(left.right() < right.left() for left, right in pairwise(places)), width
        assert places[-1].right() <= width
        assert faults(window, PaintedTexts()) == [], width
        missing = sum(tab.sizeHint().width() - tab.width() for tab in header.tabs)
        assert missing <= 0, width


def test_that_a_tab_tells_how_much_waits_on_its_page_and_which_keys_open_it(qtbot: QtBot, feed: Feed) -> None:
    set_language("en")
    badges: list[Badge] = []

    def badge(_: Feed, parent: QObject) -> Badge:
        badges.append(Badge(parent))
        return badges[-1]

    names = [f"Page {place}" for place in range(1, 13)]
    pages = [PageFactory(name, lambda name=name: name, lambda *_: QLabel(), badge=badge) for name in names]  # type: ignore[misc]
    header = Header(feed, Navigation(feed.plant), pages=pages)
    qtbot.addWidget(header)
    tab = header.tabs[1]
    header.resize(2_400, 48)
    header.show()
    width, calm = tab.sizeHint().width(), tab.grab().toImage()
    badges[1].show_count(3)
    assert tab.sizeHint().width() > width
    qtbot.waitUntil(lambda: tab.width() == tab.sizeHint().width(), timeout=20_000)
    assert (tab.toolTip(), tab.accessibleName()) == ("3\nCtrl+2", "Page 2, 3")
    with painted_texts() as texts:
        assert tab.grab().toImage() != calm
    assert [text.text for text in texts.of[tab]] == ["Page 2", "3"]
    assert faults(header, texts) == []
    badges[1].show_count(0)
    assert tab.sizeHint().width() == width
    keys = [each.toolTip() for each in header.tabs[8:]]
    assert keys == ["Ctrl+9", "Ctrl+0", "Ctrl+F1", "Ctrl+F2"]
