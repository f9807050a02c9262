"""The faceplate: two steps by keyboard alone, what it tells, and that it lets go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.model import clock, status
from app.model.comparison import Comparison
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.role import Role
from app.model.text import LocalText
from app.model.write_rule import WriteRule
from app.plant.folder import PlantFolder
from app.pubsub.frame import Cancel, Command, ControlChanged, Execute, Select, SessionChanged, SignIn
from tests.widgets import plant
from widgets.control.faceplate import Faceplate
from widgets.control.sign_in import SignInDialog
from widgets.control.wording import reason_text, role_text, state_text
from widgets.control.writing import Writing
from widgets.feed import Feed
from widgets.translation import set_language

NO_VALUE = float("nan")
TAG = "AC01.P_D"
RULE = WriteRule(
    5.0, 8.0, step=0.1, tolerance=0.05, confirm=LocalText("Tell the furnace"),
    interlocks=(Comparison("AC01.RUN", "==", 1.0), Comparison("AC01.T_D", "<", 90.0)),
)  # fmt: skip


class Bench:
    """A window that writes, and a collector that says what the test lets it say."""

    def __init__(self, folder: Path, window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = plant.plant()
        tags = tuple(replace(tag, write=RULE) if tag.name == TAG else tag for tag in whole.tags)
        self.feed = Feed(replace(whole, tags=tags, is_read_only=False), PlantFolder(folder))
        self.sent: list[Command] = []
        self.is_reached = True
        monkeypatch.setattr(self.feed.requests, "send", self._send)
        plant.fill(self.feed, [83.0, 7.0, 1.0, 1.0, 1.0, 1.0, 1.0], time=clock.now_ns())
        self.writing = Writing(self.feed, window)

    def _send(self, command: Command) -> bool:
        self.sent.append(command)
        return self.is_reached

    def sign_in(self) -> None:
        self.feed.receive([SessionChanged(1, "Li Na", Role.OPERATOR)])

    def tell(
        self, state: ControlState, *, reason: Reason | None = None, new: float = NO_VALUE, read: float = NO_VALUE
    ) -> None:
        """Let the collector tell the newest selection's state."""
        operation = [command for command in self.sent if isinstance(command, Select)][-1].operation
        until = clock.now_ns() + 30 * clock.NS_PER_S
        record = ControlRecord(operation, TAG, state, "Li Na", "operator", "window", 0, until, old=7.0, reason=reason)
        self.feed.receive([ControlChanged(replace(record, new=new, read=read))])

    def open(self) -> Faceplate:
        plate = self.writing.open(TAG)
        assert plate is not None
        return plate


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Bench:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Bench(tmp_path, window, monkeypatch)


def selected(commands: Sequence[Command]) -> list[tuple[str, float]]:
    return [(command.tag, float(command.value)) for command in commands if isinstance(command, Select)]


def test_that_a_write_takes_two_steps_and_the_keyboard_alone(bench: Bench) -> None:
    bench.sign_in()
    plate = bench.open()
    (held,) = selected(bench.sent)
    assert held[0] == TAG
    assert math.isnan(held[1])
    bench.tell(ControlState.SELECTED)
    QTest.keyClicks(plate.entry, "6,5")
    QTest.keyClick(plate.entry, Qt.Key.Key_Return)
    assert selected(bench.sent)[-1] == (TAG, 6.5)
    assert plate.second.isHidden()
    bench.tell(ControlState.CHECKED, new=6.5)
    assert plate.change.text() == "7.0 bar  →  6.5 bar"
    assert plate.note.text() == "Tell the furnace"
    assert not plate.second.isHidden()
    assert not [command for command in bench.sent if isinstance(command, Execute)]
    plate.second.setFocus()
    QTest.keyClick(plate.second, Qt.Key.Key_Space)
    (confirmed,) = [command for command in bench.sent if isinstance(command, Execute)]
    assert confirmed.value == 6.5
    bench.tell(ControlState.VERIFYING, new=6.5)
    assert plate.message.text() == "Being read back"
    assert not plate.entry.isEnabled()
    bench.tell(ControlState.DONE, new=6.5, read=6.5)
    assert plate.message.text() == "Done: the device reads 6.5 bar"
    assert plate.leave.text() == "Close"


def test_that_a_key_that_is_held_down_never_confirms(bench: Bench, qapp: QApplication) -> None:
    bench.sign_in()
    plate = bench.open()
    bench.tell(ControlState.CHECKED, new=6.5)
    plate.second.setFocus()
    held = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    plate.keyPressEvent(held)
    assert not [command for command in bench.sent if isinstance(command, Execute)]


def test_that_another_value_takes_back_the_check(bench: Bench) -> None:
    bench.sign_in()
    plate = bench.open()
    plate.entry.setText("6.5")
    plate.check()
    bench.tell(ControlState.CHECKED, new=6.5)
    QTest.keyClicks(plate.entry, "1")
    assert plate.second.isHidden()
    assert plate.first.text() == "Check"
    plate.write()
    assert not [command for command in bench.sent if isinstance(command, Execute)]


def test_that_a_refusal_is_told_and_another_value_can_be_tried(bench: Bench) -> None:
    bench.sign_in()
    plate = bench.open()
    plate.entry.setText("9")
    plate.check()
    reason = Reason(ReasonCode.OUT_OF_RANGE, {"value": "9", "low": "5", "high": "8"})
    bench.tell(ControlState.REFUSED, reason=reason)
    assert plate.message.text() == "Refused: 9 is outside of 5 to 8"
    former = [command for command in bench.sent if isinstance(command, Select)][-1].operation
    plate.entry.setText("6")
    plate.check()
    assert [command for command in bench.sent if isinstance(command, Select)][-1].operation != former


@pytest.mark.parametrize("text", ["", "much", "nan", "inf", "1e999", "--5"])
def test_that_what_is_no_number_is_not_sent(bench: Bench, text: str) -> None:
    bench.sign_in()
    plate = bench.open()
    before = len(bench.sent)
    plate.entry.setText(text)
    plate.check()
    assert len(bench.sent) == before
    assert plate.message.text() == "Type a number"


def test_that_nobody_writes_without_signing_in_and_that_the_reason_of_a_refusal_is_told(bench: Bench) -> None:
    plate = bench.open()
    assert bench.sent == []
    assert plate.first.text() == "Sign in"
    plate.check()
    dialog = plate.findChild(SignInDialog)
    assert isinstance(dialog, SignInDialog)
    dialog.name.setText("Li Na")
    dialog.secret.setText("2468")
    dialog.buttons.accepted.emit()
    (asked,) = bench.sent
    assert isinstance(asked, SignIn)
    assert (asked.name, asked.secret) == ("Li Na", "2468")
    bench.feed.receive([SessionChanged(asked.request, "", None, Reason(ReasonCode.WRONG_SIGN_IN))])
    assert dialog.message.text() == "Not signed in: name or PIN is wrong"
    assert dialog.secret.text() == ""
    bench.sign_in()
    assert dialog.isHidden()
    assert plate.first.text() == "Check"


def test_that_conditions_are_shown_live(bench: Bench) -> None:
    plate = bench.open()
    assert plate.conditions.texts == ["✓  Running = On  now On", "✓  Discharge temperature < 90.0 °C  now 83.0 °C"]
    plant.fill(bench.feed, [95.0, 7.2, 1, 1, 1, 1, 0.0], time=clock.now_ns())
    plate.refresh()
    assert plate.conditions.texts == ["✗  Running = On  now Off", "✗  Discharge temperature < 90.0 °C  now 95.0 °C"]
    plant.fill(bench.feed, [80.0, 7.2, 1, 1, 1, 1, 1.0], time=clock.now_ns(), code=status.BAD_NO_COMMUNICATION)
    plate.refresh()
    assert plate.conditions.texts[0] == "✗  Running = On  not known now"


def test_that_closing_lets_go_of_a_selection_but_not_of_what_is_under_way(bench: Bench) -> None:
    bench.sign_in()
    plate = bench.open()
    bench.tell(ControlState.CHECKED, new=6.5)
    plate.reject()
    assert isinstance(bench.sent[-1], Cancel)
    plate = bench.open()
    bench.tell(ControlState.EXECUTING, new=6.5)
    before = len(bench.sent)
    plate.reject()
    assert len(bench.sent) == before


def test_that_a_write_whose_faceplate_was_closed_tells_the_window_how_it_failed(bench: Bench) -> None:
    told: list[str] = []
    bench.writing.told.connect(told.append)
    bench.sign_in()
    plate = bench.open()
    bench.tell(ControlState.EXECUTING, new=6.5)
    plate.reject()
    bench.tell(ControlState.UNKNOWN, new=6.5, reason=Reason(ReasonCode.NOT_TAKEN, {"value": "7"}))
    assert told == [
        "Write of AC01.P_D Discharge pressure by Li Na: the device has not answered and reads 7: it may yet take it"
    ]


def test_that_a_collector_that_is_gone_is_told(bench: Bench) -> None:
    bench.sign_in()
    plate = bench.open()
    bench.is_reached = False
    plate.entry.setText("6")
    plate.check()
    assert "was not reached" in plate.message.text()


def test_that_one_tag_has_one_faceplate_and_others_have_none(bench: Bench) -> None:
    assert bench.open() is bench.open()
    assert bench.writing.open("AC01.T_D") is None
    assert bench.writing.open("nothing") is None


def test_that_keys_for_gloves_write_into_the_line_and_are_large(bench: Bench) -> None:
    plate = bench.open()
    keys = {key.text(): key for key in plate.keypad.findChildren(QPushButton)}
    for key in ("6", ".", "5", "1", "⌫", "−"):
        QTest.mouseClick(keys[key], Qt.MouseButton.LeftButton)
    assert plate.entry.text() == "−6.5"
    assert plate.value.content == -6.5
    assert min(min(key.minimumWidth(), key.minimumHeight()) for key in keys.values()) >= 48


@pytest.mark.parametrize("code", ReasonCode)
def test_that_each_reason_is_told_in_both_languages(code: ReasonCode) -> None:
    names = ("tag", "user", "window", "connection", "status", "value", "low", "high", "step", "interlock", "reason",
             "seconds", "minutes", "method", "given", "wanted", "allowed", "length", "longest")  # fmt: skip
    reason = Reason(code, dict.fromkeys(names, "7") | {"role": "viewer", "needed": "operator"})
    assert reason_text(reason) == str(reason)
    set_language("zh")
    assert reason_text(reason) != str(reason)


def test_that_states_and_roles_have_words_of_their_own() -> None:
    assert len({state_text(state) for state in ControlState}) >= len(ControlState) - 1
    assert [role_text(role) for role in Role] == ["viewer", "operator", "engineer"]
