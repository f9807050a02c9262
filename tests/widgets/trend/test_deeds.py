"""A trend shows when somebody wrote, called, commented, worked or changed the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.audit.journal import AuditJournal
from app.database import open_writer
from app.model.audit import AuditAction, AuditRecord
from app.model.clock import NS_PER_S
from tests.widgets.trend.air_station import Station
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.trend.deeds import DeedKind, deed_of, read_deeds
from widgets.trend.page import TrendPage

MINUTE = 60 * NS_PER_S


def records(now: int) -> list[AuditRecord]:
    return [
        AuditRecord(now - 50 * MINUTE, AuditAction.WRITE_INTENT, user="Li", tag="PT-220", old=6.8, new=7.0),
        AuditRecord(
            now - 50 * MINUTE, AuditAction.WRITE_RESULT, user="Li", tag="PT-220", old=6.8, new=7.0, outcome="completed"
        ),
        AuditRecord(
            now - 40 * MINUTE,
            AuditAction.ALARM_OPERATED,
            "comment",
            user="Wang",
            tag="TT-201-D",
            alarm="TT-201-D.H",
            reason="滤芯已检查",
        ),
        AuditRecord(now - 39 * MINUTE, AuditAction.ALARM_OPERATED, "acknowledge", user="Wang", tag="TT-201-D"),
        AuditRecord(
            now - 30 * MINUTE,
            AuditAction.WORK_STEPPED,
            "complete",
            user="Li",
            subject="WO-7 C-201",
            outcome="completed",
        ),
        AuditRecord(now - 20 * MINUTE, AuditAction.CONFIGURATION_CHANGED, user="Zhao", subject="plant.toml"),
    ]


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    connection = open_writer(station.feed.folder.history)
    for record in records(station.now):
        AuditJournal(connection).append([record])
    connection.close()
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.grid.show_panes([["TT-201-D"], ["PT-220"]])
    yield made
    made.close()
    wait_for_all()


def kinds(page: TrendPage, place: int) -> list[DeedKind]:
    page.grid.panes[place].refresh()
    frame = page.grid.panes[place].plot.frame
    return [deed.kind for deed in frame.deeds] if frame is not None else []


def test_that_each_pane_has_the_deeds_of_its_signals_and_those_of_the_plant(page: TrendPage, qtbot: QtBot) -> None:
    page.window_of_time.set_span(3_600 * NS_PER_S)
    qtbot.waitUntil(lambda: len(kinds(page, 0)) == 3, timeout=5_000)
    assert kinds(page, 0) == [DeedKind.COMMENT, DeedKind.SERVICE, DeedKind.ENGINEERING]
    assert kinds(page, 1) == [DeedKind.WRITE, DeedKind.ENGINEERING]


def test_that_the_cursor_on_a_mark_tells_who_did_what(page: TrendPage, station: Station, qtbot: QtBot) -> None:
    page.window_of_time.set_span(3_600 * NS_PER_S)
    qtbot.waitUntil(lambda: len(kinds(page, 0)) == 3, timeout=5_000)
    page.window_of_time.move_cursor(station.now - 40 * MINUTE)
    page.grid.panes[0].refresh()
    words = page.grid.panes[0].plot._deed_marks._words
    assert "Wang" in words
    assert "滤芯已检查" in words
    page.window_of_time.move_cursor(station.now - 45 * MINUTE)
    page.grid.panes[0].refresh()
    assert not page.grid.panes[0].plot._deed_marks._words


def test_that_an_acknowledgement_without_words_is_no_mark(station: Station) -> None:
    acknowledgement = records(station.now)[3]
    assert deed_of(acknowledgement, {}) is None


def test_that_a_plant_without_a_history_has_no_deeds(tmp_path: Path) -> None:
    assert read_deeds(tmp_path / "none.sqlite", {}, 0, 1) == ()
