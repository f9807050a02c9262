"""Planned stops with what is foretold before each, and spare parts: what the page shows, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model.maintenance import PlannedStop
from app.model.provision import PartStock, ProvisionCommand, ProvisionDeed, ProvisionRefusal
from app.model.provision import ProvisionRefusalCode as Code
from app.model.remaining_life import LifeForecast, LifeState
from app.model.text import LocalText
from app.model.work_order import WorkStep
from app.pubsub.frame import Command, CommandDone, LivesChanged, Provide, ProvisionChanged
from tests.widgets.maintenance.station import DAY, Station
from tests.widgets.text_room import faults, painted_texts
from widgets.maintenance.lists import MaintenanceList
from widgets.maintenance.part_dialog import PartDialog
from widgets.maintenance.provision_wording import refusal_text
from widgets.maintenance.remove_dialog import RemoveDialog
from widgets.maintenance.stop_dialog import StopDialog
from widgets.pictures import settle
from widgets.translation import Language, set_language

BELTS = PartStock("belt", 1.0, 3.0, "A3")


class Bench(Station):
    """The page with AC01 foretold to fail in two to six days, before and after the stop in three; `asked`: commands."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(qtbot, folder, monkeypatch)
        self.asked: list[Command] = []

        def ask(command: Callable[[int], Command]) -> int:
            self.asked.append(command(len(self.asked) + 1))
            return len(self.asked)

        monkeypatch.setattr(self.feed.requests, "ask", ask)
        life = LifeForecast("AC01", self.now, LifeState.TOLD, "compressor", "model 3", 25, 20,
                            p10=self.now + 2 * DAY, p50=self.now + 4 * DAY, p90=self.now + 6 * DAY)  # fmt: skip
        self.stop = self.plant.stops[0]
        self.feed.receive([LivesChanged((life,)), ProvisionChanged((self.stop,), (BELTS, PartStock("oil")))])

    def show(self, name: MaintenanceList) -> None:
        self.page.list.setCurrentIndex(list(MaintenanceList).index(name))
        if self.page.table.rows:
            self.page.view.selectRow(0)

    def commands(self) -> list[ProvisionCommand]:
        return [each.command for each in self.asked if isinstance(each, Provide)]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(qtbot, tmp_path, monkeypatch)


def test_that_a_stop_tells_what_is_foretold_before_it_and_follows_at_once(bench: Bench) -> None:
    bench.show(MaintenanceList.STOPS)
    assert [(cells[0], cells[3], cells[2]) for cells in bench.rows()] == [
        ("Stop", "the whole plant", "may be too late for AC01 Remaining life")
    ]
    later = replace(bench.stop, start=bench.now + 5 * DAY)
    other = PlannedStop("line", LocalText("Line"), bench.now + DAY, 4.0, equipment=("F01",))
    bench.feed.receive([ProvisionChanged((later, other), (BELTS,))])
    assert [(cells[0], cells[2]) for cells in bench.rows()] == [
        ("Line", "nothing"), ("Stop", "▲ too late for AC01 Remaining life"),
    ]  # fmt: skip
    assert bench.page.list.itemText(list(MaintenanceList).index(MaintenanceList.STOPS)) == "Planned stops: 2"


def test_that_a_stop_is_moved_while_its_margin_is_seen(bench: Bench) -> None:
    bench.show(MaintenanceList.STOPS)
    dialog = bench.page.provision.ask(ProvisionDeed.SET_STOP)
    assert isinstance(dialog, StopDialog)
    assert dialog.told.text().startswith("AC01 Remaining life: Stop may be ")
    dialog.start.setDateTime(QDateTime.fromMSecsSinceEpoch((bench.now + DAY) // 1_000_000))
    assert dialog.told.text().startswith("AC01 Remaining life: Stop is ")
    assert dialog.told.text().endswith(" before it")
    dialog.equipment.setCurrentIndex(dialog.equipment.findText("F01  Quench furnace F01"))
    assert "Nothing is foretold" in dialog.told.text()
    dialog.accept()
    (command,) = bench.commands()
    assert command.stop is not None
    assert (command.deed, command.seen, command.stop.id) == (ProvisionDeed.SET_STOP, bench.stop, "stop")
    assert (command.stop.name, command.stop.equipment) == (LocalText("Stop", "停机"), ("F01",))
    assert abs(command.stop.start - bench.now - DAY) < 1_000_000_000
    bench.feed.receive([CommandDone(1, done=False, provision_refusal=ProvisionRefusal(Code.CHANGED, "..."))])
    assert bench.page.note.text() == "Not done: somebody has changed it meanwhile: look at it again"


def test_that_a_new_stop_gets_an_id_of_its_own_and_a_stop_is_removed_with_a_reason(bench: Bench) -> None:
    bench.show(MaintenanceList.STOPS)
    dialog = bench.page.provision.ask_stop(is_new=True)
    assert dialog is not None
    assert not dialog.buttons.buttons()[0].isEnabled()
    QTest.keyClicks(dialog.title, "Stop")
    assert dialog.stop.id == "stop-2"
    dialog.title.setText("年度大修")
    assert dialog.stop.id == "stop-2"
    dialog.reject()
    gone = bench.page.provision.ask(ProvisionDeed.REMOVE_STOP)
    assert isinstance(gone, RemoveDialog)
    assert not gone.buttons.buttons()[0].isEnabled()
    QTest.keyClicks(gone.reason, "sold out")
    gone.accept()
    assert bench.commands() == [ProvisionCommand(ProvisionDeed.REMOVE_STOP, seen=bench.stop, reason="sold out")]


def test_that_parts_that_are_short_stand_first_and_are_booked(bench: Bench) -> None:
    bench.show(MaintenanceList.PARTS)
    assert bench.rows() == [
        ("belt", "1", "Belt", "3", "A3", "▲ below its minimum: order it"),
        ("oil", "not counted", "", "", "", ""),
    ]
    assert bench.page.list.currentText() == "Spare parts: 1 short"
    for deed in (ProvisionDeed.RECEIVE, ProvisionDeed.COUNT, ProvisionDeed.SET_RULE):
        dialog = bench.page.provision.ask(deed)
        assert isinstance(dialog, PartDialog)
        assert dialog.quantity.lineEdit().width() > dialog.quantity.width() / 2, "its number is seen"
        dialog.quantity.setValue(5.0)
        dialog.place.setText("A4")
        dialog.accept()
    assert bench.commands() == [
        ProvisionCommand(ProvisionDeed.RECEIVE, part="belt", quantity=5.0),
        ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=5.0),
        ProvisionCommand(ProvisionDeed.SET_RULE, part="belt", minimum=5.0, place="A4"),
    ]
    bench.feed.receive([ProvisionChanged((), (PartStock("belt", -1.0),))])
    assert bench.rows()[0][5] == "▲ less than nothing: count it"


def test_that_who_completes_work_sees_how_many_parts_there_are(bench: Bench) -> None:
    order = bench.in_work(bench.ask("AC01"))
    dialog = bench.page._orders.step(order, WorkStep.COMPLETE, ())
    assert dialog is not None
    assert dialog.parts["belt"].accessibleName() == "Belt  belt  (1)"
    assert dialog.parts["belt"].toolTip() == "By the books there are 1"


@pytest.mark.parametrize("code", list(Code))
def test_that_every_reason_has_words(code: Code) -> None:
    assert refusal_text(ProvisionRefusal(code, "as the station says it", {"name": "X"})) != "as the station says it"


@pytest.mark.parametrize("words", ["en", "zh"])
def test_that_every_text_has_room_on_a_small_screen(bench: Bench, words: Language) -> None:
    set_language(words)
    bench.page.resize(1264, 560)
    found = []
    for name in (MaintenanceList.STOPS, MaintenanceList.PARTS):
        bench.show(name)
        settle(shortest_ms=1)
        with painted_texts() as texts:
            assert not bench.page.grab().isNull()
        found += faults(bench.page, texts)
    dialog = bench.page.provision.ask(ProvisionDeed.COUNT)
    assert dialog is not None
    settle(shortest_ms=1)
    with painted_texts() as texts:
        assert not dialog.grab().isNull()
    assert found + faults(dialog, texts) == []
