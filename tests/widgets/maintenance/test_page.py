"""The page of maintenance: its lists, the chosen order, and what is asked of the collector."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.maintenance.effect import Observation
from app.model.work_order import (
    CheckEntry,
    PartUse,
    WorkCommand,
    WorkRefusal,
    WorkRefusalCode,
    WorkRequest,
    WorkSource,
    WorkStep,
)
from tests.widgets.maintenance.station import BELT, DAY, HOUR, SERVICE, Station
from widgets.maintenance.lists import MaintenanceList
from widgets.maintenance.request_dialog import RequestDialog
from widgets.maintenance.step_dialog import StepDialog
from widgets.translation import set_language


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    return Station(qtbot, tmp_path, monkeypatch)


def choose_list(station: Station, name: MaintenanceList) -> None:
    station.page.list.setCurrentIndex(list(MaintenanceList).index(name))


def press(dialog: RequestDialog | StepDialog | None) -> None:
    assert dialog is not None
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def test_that_what_is_overdue_stands_first_and_what_is_to_be_judged_before_the_rest(station: Station) -> None:
    plain = station.ask("P01")
    done = station.step(station.in_work(station.ask("F01", WorkSource.ALARM, reference="F01.T.H")), WorkStep.COMPLETE)
    soon = station.ask("T01", WorkSource.CASE, reference="1", due=station.now + 2 * DAY)
    late = station.ask("AC01", WorkSource.CASE, reference="2", due=station.now - 3 * HOUR)
    change = station.desk.observe(done.id, Observation(raised=station.now), station.now)
    assert change is not None
    station.do([change])
    assert [cells[0] for cells in station.rows()] == [f"WO-{each.id:05d}" for each in (late, soon, done, plain)]
    assert station.rows()[0][4].startswith("overdue by 3.0 h")
    assert "did it help?" in station.rows()[2][3]
    assert station.page.note.text() == "1 overdue"


def test_that_text_and_equipment_narrow_the_list(station: Station) -> None:
    station.ask("P01")
    station.in_work(station.ask("F01"))
    station.page.text.setText("zhao furnace")
    assert [cells[1] for cells in station.rows()] == ["F01"]
    station.page.text.setText("nothing of it")
    assert station.rows() == []
    assert station.page.nothing.text() == "The filter hides all of it"
    station.page.text.clear()
    station.page.area.choose("cooling")
    assert [cells[1] for cells in station.rows()] == ["P01"]


def test_that_the_chosen_order_tells_its_plan_and_its_steps(qtbot: QtBot, station: Station) -> None:
    order = station.in_work(station.ask())
    station.page.choose(order.id)
    qtbot.waitUntil(lambda: "Work started" in station.page.detail.steps.text())
    facts = dict(station.page.detail.facts())
    assert (facts["Why"], facts["Who does it"]) == ("it rattles", "Zhao")
    assert station.page.detail.steps.text().splitlines()[-1].endswith("Requested  ·  Chen")


def test_that_only_possible_steps_are_offered(station: Station) -> None:
    order = station.ask()
    station.page.choose(order.id)
    buttons = station.page.detail.buttons
    shown = {step for step, button in buttons.items() if not button.isHidden()}
    assert shown == {WorkStep.PLAN, WorkStep.NOTE, WorkStep.CANCEL}
    assert buttons[WorkStep.PLAN].property("kind") == "primary"


def test_that_a_plan_begins_with_the_next_planned_stop(station: Station) -> None:
    order = station.ask()
    station.page.choose(order.id)
    dialog = station.page._orders.step(order, WorkStep.PLAN, ())
    assert dialog is not None
    dialog.assignee.setText("Zhao")
    dialog.hours.setValue(2.5)
    press(dialog)
    command, _ = station.sent[0]
    assert isinstance(command, WorkCommand)
    assert abs(command.planned_start - station.plant.stops[0].start) < 1_000_000_000
    assert (command.assignee, command.estimated_h, command.seen) == ("Zhao", 2.5, order.version)


def test_that_release_and_start_need_one_press(station: Station) -> None:
    order = station.step(station.ask(), WorkStep.PLAN, planned_start=station.now)
    station.page.choose(order.id)
    QTest.mouseClick(station.page.detail.buttons[WorkStep.RELEASE], Qt.MouseButton.LeftButton)
    assert station.sent == [(WorkCommand(order.id, order.version, WorkStep.RELEASE), "")]


def test_that_completion_carries_checklist_hours_parts_and_the_pin(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = Station(qtbot, tmp_path, monkeypatch, has_users=True)
    asked = station.ask("AC01", WorkSource.METER, reference=SERVICE.id, definition=SERVICE.id)
    order = station.in_work(asked)
    station.page.choose(order.id)
    first, second = station.page.detail.checks.lines
    first.tick.setChecked(True)
    QTest.keyClicks(second.value, "4.6")
    assert second.remark.placeholderText() == "Beyond the limits: what was done about it?"
    assert second.tick.isChecked()
    QTest.keyClicks(second.remark, "valve ordered")
    dialog = station.page._orders.step(order, WorkStep.COMPLETE, station.page.detail.checks.entries())
    assert dialog is not None
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not button.isEnabled(), "no PIN yet"
    dialog.pin.setText("2345")
    dialog.hours.setValue(1.5)
    assert dialog.parts["belt"].value() == 1.0
    press(dialog)
    command, secret = station.sent[0]
    assert isinstance(command, WorkCommand)
    assert secret == "2345"  # noqa: S105
    assert command.checks == (CheckEntry(0), CheckEntry(1, True, 4.6, "valve ordered"))
    assert (command.spent_h, command.parts) == (1.5, (PartUse("belt"),))


def test_that_a_reason_is_asked_for_before_an_order_is_cancelled(station: Station) -> None:
    order = station.ask()
    dialog = station.page._orders.step(order, WorkStep.CANCEL, ())
    assert dialog is not None
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not button.isEnabled()
    dialog.reason.setPlainText("not needed")
    press(dialog)
    assert isinstance(station.sent[0][0], WorkCommand)
    assert station.sent[0][0].reason == "not needed"


def test_that_what_the_station_thinks_decides_which_answer_is_offered_first(station: Station) -> None:
    asked = station.ask("F01", WorkSource.ALARM, reference="F01.T.H")
    order = station.step(station.in_work(asked), WorkStep.COMPLETE)
    station.page.choose(order.id)
    buttons = station.page.detail.buttons
    assert buttons[WorkStep.CONFIRM_FIXED].property("kind") == "primary"
    change = station.desk.observe(order.id, Observation(raised=station.now), station.now)
    assert change is not None
    station.do([change])
    assert "It does not look fixed: the alarm came again" in station.page.detail.proposal.text()
    assert buttons[WorkStep.CONFIRM_NOT_FIXED].property("kind") == "primary"


def test_that_a_refusal_tells_who_was_first(station: Station) -> None:
    order = station.step(station.ask(), WorkStep.PLAN, planned_start=station.now)
    station.page.choose(order.id)
    QTest.mouseClick(station.page.detail.buttons[WorkStep.RELEASE], Qt.MouseButton.LeftButton)
    station.answer(done=False, refusal=WorkRefusal(1, WorkRefusalCode.CHANGED, "…", "Wang", station.now))
    assert station.page.note.text().startswith("Not done: Wang changed the order at ")


def test_that_a_new_order_is_shown_once_it_is_there(qtbot: QtBot, station: Station) -> None:
    station.ask("P01")
    station.navigation.select_equipment("F01")
    QTest.mouseClick(station.page.request, Qt.MouseButton.LeftButton)
    (dialog,) = station.page.findChildren(RequestDialog)
    assert dialog.equipment.currentData() == "F01"
    dialog.title.setText("Look at the door")
    dialog.reason.setPlainText("smoke at the seal")
    press(dialog)
    request, _ = station.sent[0]
    assert isinstance(request, WorkRequest)
    assert (request.equipment, request.title.en, request.reason) == ("F01", "Look at the door", "smoke at the seal")
    order = station.ask("F01")
    station.answer(work=order.id)
    assert station.page.detail.order == order
    assert station.page.note.text() == "WO-00002 is requested"


def test_that_recurring_work_is_listed_by_what_is_due_first(qtbot: QtBot, station: Station) -> None:
    choose_list(station, MaintenanceList.RECURRING)
    qtbot.waitUntil(lambda: len(station.rows()) == 2)
    belt, service = station.rows()
    assert belt[:3] == ("overdue by 2.0 d", "P01", "Belt")
    assert (service[1], service[3], service[5]) == ("AC01", "every 100 h of AC01.RUN", "50 left")
    assert station.page.detail.isHidden()
    station.page.view.selectRow(0)
    station.page._open_row()
    (dialog,) = station.page.findChildren(RequestDialog)
    press(dialog)
    request, _ = station.sent[0]
    assert isinstance(request, WorkRequest)
    assert (request.source, request.reference, request.definition) == (WorkSource.CALENDAR, BELT.id, BELT.id)


def test_that_the_register_tells_nameplate_and_running_hours(qtbot: QtBot, station: Station) -> None:
    station.ask("AC01")
    choose_list(station, MaintenanceList.REGISTER)
    qtbot.waitUntil(lambda: any(cells[4] for cells in station.rows()))
    row = next(cells for cells in station.rows() if cells[0] == "AC01")
    assert row == ("AC01", "Compressor AC01", "Atlas GA30", "S-1", "90.0 h", "2019-05-02", "", "1")


def test_that_closed_orders_are_read_and_all_are_exported(qtbot: QtBot, station: Station, tmp_path: Path) -> None:
    station.step(station.ask("P01"), WorkStep.CANCEL, reason="no")
    station.ask("F01")
    choose_list(station, MaintenanceList.CLOSED)
    qtbot.waitUntil(lambda: [cells[0] for cells in station.rows()] == ["WO-00001"])
    target = tmp_path / "orders.csv"
    station.page.write(target)
    qtbot.waitUntil(lambda: station.page.note.text() == "2 orders written to orders.csv")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row["state"] for row in csv.DictReader(file)] == ["cancelled", "requested"]


def test_that_what_is_being_filled_in_stays_while_other_orders_change(station: Station) -> None:
    asked = station.ask("AC01", WorkSource.METER, reference=SERVICE.id, definition=SERVICE.id)
    order = station.in_work(asked)
    station.page.choose(order.id)
    QTest.keyClicks(station.page.detail.checks.lines[1].value, "3.1")
    station.ask("P01")
    station.page.refresh()
    assert station.page.detail.checks.entries() == [CheckEntry(1, True, 3.1, "")]


def test_that_an_alarm_leads_to_the_trend_of_its_tag(station: Station) -> None:
    order = station.ask("F01", WorkSource.ALARM, reference="F01.T.H")
    station.page.choose(order.id)
    assert station.page.detail.source.text() == "Alarm: Furnace temperature high"
    QTest.mouseClick(station.page.detail.source, Qt.MouseButton.LeftButton)
    assert station.navigation.tag == "F01.T"


def test_that_the_page_speaks_chinese(station: Station, qapp: QApplication) -> None:
    order = station.ask("AC01", WorkSource.METER, reference=SERVICE.id, definition=SERVICE.id)
    station.page.choose(order.id)
    set_language("zh")
    qapp.processEvents()
    assert station.page.detail.title.text() == "保养"
    assert station.rows()[0][3] == "已提出"
    assert station.page.detail.checks.lines[0].tick.text() == "油位"


def test_that_an_order_of_another_page_is_shown(station: Station) -> None:
    station.ask("P01")
    order = station.ask("F01")
    choose_list(station, MaintenanceList.REGISTER)
    station.navigation.open_order(order.id)
    assert station.page.shown_list() is MaintenanceList.OPEN
    assert station.page.detail.order == order
    assert replace(order) == order


def test_that_a_closed_order_that_was_searched_for_is_shown_among_the_closed_ones(
    station: Station, qtbot: QtBot
) -> None:
    first, second = station.ask(), station.ask("P01")
    for order in (first, second):
        station.step(order, WorkStep.CANCEL, reason="not needed")
    station.navigation.open_order(first.id)
    qtbot.waitUntil(lambda: station.page.view.chosen() == str(first.id), timeout=20_000)
    qtbot.waitUntil(lambda: len(station.page.table.rows) == 2, timeout=20_000)
    assert station.page.shown_list() is MaintenanceList.CLOSED
    station.page.view.selectRow(1 - station.page.view.currentIndex().row())
    station.page.refresh()
    assert station.page.view.chosen() == str(second.id), "whoever chooses another one keeps it"
