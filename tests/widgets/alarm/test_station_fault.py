"""Alarms of the station itself, which no tag stands for, in the banner and in the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.alarm.journal_search import JournalPage
from app.model.alarm import AlarmRecord, ConditionKind
from app.model.text import LocalText
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.page import AlarmPage
from widgets.alarm.wording import limit_text
from widgets.feed import Feed
from widgets.model.alarm_table import RECORD, Column
from widgets.navigation import Navigation
from widgets.preference import Preferences


@pytest.fixture
def fault() -> AlarmRecord:
    return structs.replace(
        plant.alarm("AC01.T_D"),
        alarm="station/connection/utilities",
        tag="",
        equipment="utilities",
        condition=ConditionKind.FAULT,
        message=LocalText("Connection utilities lost", "连接 utilities 中断"),
        value=float("nan"),
        limit=0.5,
    )


def test_that_a_fault_has_no_limit(fault: AlarmRecord) -> None:
    assert limit_text(fault, None, with_unit=True) == ""


def test_that_a_lost_connection_stands_in_the_list_under_its_name_and_leads_to_no_tag(
    qtbot: QtBot, tmp_path: Path, fault: AlarmRecord
) -> None:
    feed: Feed = plant.feed(tmp_path)
    navigation = Navigation(feed.plant)
    window = QWidget()
    qtbot.addWidget(window)
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    page = AlarmPage(feed, navigation, acknowledgement=acknowledgement, read_journal=lambda _: JournalPage(()))
    qtbot.addWidget(page)
    page.resize(1350, 400)
    page.show()
    feed.receive([AlarmsChanged((fault, plant.alarm("AC01.T_D")), is_snapshot=True)])
    model = page.active.table
    rows = [row for row in range(model.rowCount()) if model.index(row, 0).data(RECORD).alarm == fault.alarm]
    texts = [model.index(rows[0], column).data() for column in range(model.columnCount())]
    assert "utilities" in texts
    assert "Connection utilities lost" in texts
    assert model.index(rows[0], Column.LIMIT).data() == ""
    page.active.open(model.index(rows[0], 0))
    assert navigation.tag == ""
