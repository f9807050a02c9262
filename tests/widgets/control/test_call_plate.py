"""The faceplate of a method, and the other entries of values: what is asked for, sent, and told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.model import clock, status
from app.model.content import NOTHING, Content
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.exact import DataType
from app.model.role import Role
from app.model.write_rule import WriteRule
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import Call, Cancel, Command, ControlChanged, Select, SelectMethod, SessionChanged
from tests.app.collector.press import BIG, plant_text
from tests.widgets import plant as small
from widgets.control.call_plate import CallPlate
from widgets.control.value_entry import MOST_BUTTONS, ValueEntry
from widgets.control.writing import Writing
from widgets.equipment.commands import Commands
from widgets.feed import Feed
from widgets.translation import set_language

GOOD: tuple[Content, ...] = (6.5, BIG, 1.0, "A-17")


class Bench:
    """A window on the press, and a collector that says what the test lets it say."""

    def __init__(self, folder: Path, window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
        path = folder / "plant.toml"
        path.write_text(plant_text(1, 1), encoding="utf-8")
        self.feed = Feed(read_plant(path), PlantFolder(folder))
        self.sent: list[Command] = []
        monkeypatch.setattr(self.feed.requests, "send", self._send)
        self.writing = Writing(self.feed, window)
        self.feed.receive([SessionChanged(1, "Li Na", Role.OPERATOR)])

    def _send(self, command: Command) -> bool:
        self.sent.append(command)
        return True

    def tell(self, state: ControlState, **told: object) -> None:
        """Let the collector tell the newest selection's state."""
        operation = [command for command in self.sent if isinstance(command, SelectMethod)][-1].operation
        until = clock.now_ns() + 30 * clock.NS_PER_S
        record = ControlRecord(operation, "", state, "Li Na", "operator", "window", 0, until, method="Move")
        self.feed.receive([ControlChanged(replace(record, **told))])  # type: ignore[arg-type]  # fields of a record

    def open(self) -> CallPlate:
        plate = self.writing.open_method("Move")
        assert plate is not None
        return plate


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Bench:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Bench(tmp_path, window, monkeypatch)


def fill(plate: CallPlate) -> None:
    target, parts, fast, name = plate.values
    QTest.keyClicks(target.line, "6,5")
    QTest.keyClicks(parts.line, str(BIG))
    QTest.mouseClick(fast.buttons.button(1), Qt.MouseButton.LeftButton)
    QTest.keyClicks(name.line, "A-17")


def test_that_a_call_takes_two_steps_and_shows_the_answer(bench: Bench) -> None:
    plate = bench.open()
    assert bench.sent == [SelectMethod(plate._operation, "Move", None)]
    bench.tell(ControlState.SELECTED)
    fill(plate)
    plate.check()
    assert bench.sent[-1] == SelectMethod(plate._operation, "Move", GOOD)
    bench.tell(ControlState.CHECKED, arguments=GOOD)
    assert plate.change.text() == f'Target: 6.5 mm\nParts: {BIG}\nFast: On\nName: "A-17"'
    assert plate.note.text() == "Nobody near the press"
    assert not [command for command in bench.sent if isinstance(command, Call)]
    plate.write()
    (confirmed,) = [command for command in bench.sent if isinstance(command, Call)]
    assert confirmed == Call(plate._operation, GOOD)
    bench.tell(ControlState.DONE, arguments=GOOD, outputs=("6.375", "12", "more"), code=status.GOOD)
    assert plate.message.text() == "Done: the device has answered Good"
    assert plate.outputs.text() == "Position: 6.375 mm\nParts: 12\nmore"
    set_language("zh")
    plate.refresh()
    assert plate.outputs.text().startswith("位置：6.375 mm")


def test_that_what_is_missing_is_asked_for_by_its_name_and_nothing_is_sent(bench: Bench) -> None:
    plate = bench.open()
    before = len(bench.sent)
    plate.check()
    assert plate.message.text() == "Target: Type a number"
    plate.values[0].line.setText("6.5")
    plate.values[1].line.setText("7.5")
    plate.check()
    assert plate.message.text() == "Parts: Type a number"
    plate.values[1].line.setText("7")
    plate.check()
    assert plate.message.text() == "Fast: Choose a value"
    assert len(bench.sent) == before


def test_that_another_argument_takes_back_the_check_and_closing_lets_go(bench: Bench) -> None:
    plate = bench.open()
    fill(plate)
    plate.check()
    bench.tell(ControlState.CHECKED, arguments=GOOD)
    QTest.mouseClick(plate.values[2].buttons.button(0), Qt.MouseButton.LeftButton)
    assert plate.second.isHidden()
    bench.tell(ControlState.SELECTED)
    plate.reject()
    assert isinstance(bench.sent[-1], Cancel)


def test_that_a_refusal_names_its_argument_in_both_languages(bench: Bench) -> None:
    plate = bench.open()
    values = {"value": "101", "low": "0", "high": "100", "argument": "Target"}
    bench.tell(ControlState.REFUSED, reason=Reason(ReasonCode.OUT_OF_RANGE, values))
    assert plate.message.text() == "Refused: Target: 101 is outside of 0 to 100"
    set_language("zh")
    bench.tell(ControlState.REFUSED, reason=Reason(ReasonCode.OUT_OF_RANGE, values))
    assert plate.message.text() == "已拒绝：Target：101 超出 0 至 100"


def test_that_a_call_whose_faceplate_was_closed_tells_the_window_that_it_is_not_known(bench: Bench) -> None:
    told: list[str] = []
    bench.writing.told.connect(told.append)
    plate = bench.open()
    bench.tell(ControlState.EXECUTING, arguments=GOOD)
    plate.reject()
    bench.tell(ControlState.UNKNOWN, reason=Reason(ReasonCode.CALL_NOT_ANSWERED))
    (said,) = told
    assert said.startswith("Call of Move by Li Na: the device has not answered: whether it was done is not known")


def test_that_large_keys_write_where_was_typed_last(bench: Bench) -> None:
    plate = bench.open()
    keys = {key.text(): key for key in plate.findChildren(QPushButton)}
    QTest.mouseClick(keys["7"], Qt.MouseButton.LeftButton)
    plate.values[1].focused.emit()
    QTest.mouseClick(keys["8"], Qt.MouseButton.LeftButton)
    assert [entry.line.text() for entry in plate.values[:2]] == ["7", "8"]


def test_that_an_equipment_offers_its_methods_and_only_enabled_ones_open(bench: Bench, qtbot: QtBot) -> None:
    commands = Commands(bench.feed)
    qtbot.addWidget(commands)
    asked: list[str] = []
    commands.call_asked.connect(asked.append)
    assert commands.isHidden()
    commands.show_equipment("P")
    assert not commands.isHidden()
    actions = {action.text(): action for action in commands.list.actions()}
    assert actions["Move the press…"].isEnabled()
    assert not actions["Drain the press…"].isEnabled()
    actions["Move the press…"].trigger()
    assert asked == ["Move"]
    assert bench.writing.open_method("Drain") is None


def test_that_a_state_a_text_and_a_whole_number_are_written_as_they_are(bench: Bench) -> None:
    for tag, chosen, typed, content in (
        ("M.STEP", 0, "", 1),
        ("U.PRODUCT", 1, "", "铝"),
        ("U.ORDER", -1, " 007", " 007"),
        ("M.COUNT", -1, f"−{BIG}", -BIG),
    ):
        plate = bench.writing.open(tag)
        assert plate is not None
        plate.entry.setText(typed)
        if chosen >= 0:
            plate.value.buttons.button(chosen).click()
        plate.check()
        sent = [command for command in bench.sent if isinstance(command, Select)][-1]
        assert (sent.tag, sent.value, type(sent.value)) == (tag, content, type(content))
        plate.reject()


def test_that_many_allowed_values_are_a_list_and_its_choice_is_the_value(qtbot: QtBot) -> None:
    tag = replace(small.plant().tags[0], data_type=DataType.STRING)
    texts = tuple(f"product {n}" for n in range(MOST_BUTTONS + 1))
    entry = ValueEntry(tag, WriteRule(NOTHING, NOTHING, tolerance=0.0, allowed=texts), "New value")
    qtbot.addWidget(entry)
    assert entry.content is None
    entry.box.setCurrentIndex(3)
    assert entry.content == "product 3"


def test_that_a_typed_number_keeps_its_size_under_the_style_sheet(bench: Bench) -> None:
    plate = bench.writing.open("M.COUNT")
    assert plate is not None
    plate.show()
    assert plate.entry.font().pixelSize() > plate.message.font().pixelSize()
