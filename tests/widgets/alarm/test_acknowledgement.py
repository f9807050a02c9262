"""An acknowledgement carries a name: it is asked for once, and a comment where the operator wants to give one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmState
from app.pubsub.frame import CommandDone
from tests.widgets import plant
from tests.widgets.alarm.test_banner import Sent
from widgets.alarm.acknowledgement import AcknowledgeDialog, Acknowledgement
from widgets.feed import Feed
from widgets.preference import Preferences


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def sent(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> Sent:
    return Sent(feed, monkeypatch)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def acknowledgement(tmp_path: Path, feed: Feed, window: QWidget) -> Acknowledgement:
    return Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)


def dialog_of(window: QWidget) -> AcknowledgeDialog:
    dialog = window.findChild(AcknowledgeDialog)
    assert isinstance(dialog, AcknowledgeDialog)
    return dialog


def test_that_a_known_operator_is_not_asked(acknowledgement: Acknowledgement, window: QWidget, sent: Sent) -> None:
    acknowledgement.set_operator("L. Chen")
    acknowledgement.acknowledge([plant.alarm("AC01.T_D")])
    assert sent.orders == [(["AC01.T_D.H"], "L. Chen", "")]
    assert window.findChild(AcknowledgeDialog) is None


def test_that_an_unknown_operator_is_asked_and_remembered(
    acknowledgement: Acknowledgement, window: QWidget, sent: Sent
) -> None:
    acknowledgement.acknowledge([plant.alarm("AC01.T_D")])
    dialog = dialog_of(window)
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    assert not box.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.name.setText(" L. Chen ")
    dialog.comment.setText("oil cooler")
    dialog.accept()
    assert sent.orders == [(["AC01.T_D.H"], "L. Chen", "oil cooler")]
    assert acknowledgement.operator == "L. Chen"


def test_that_cancelling_acknowledges_nothing(acknowledgement: Acknowledgement, window: QWidget, sent: Sent) -> None:
    acknowledgement.acknowledge([plant.alarm("AC01.T_D")])
    dialog_of(window).reject()
    assert sent.orders == []
    assert acknowledgement.operator == ""


def test_that_acknowledged_alarms_are_not_sent_again(acknowledgement: Acknowledgement, sent: Sent) -> None:
    acknowledgement.set_operator("L. Chen")
    steady = plant.alarm("F01.T", state=AlarmState.ACKNOWLEDGED)
    acknowledgement.acknowledge([steady, plant.alarm("AC01.T_D", state=AlarmState.RETURNED)])
    acknowledgement.acknowledge([steady])
    assert sent.orders == [(["AC01.T_D.H"], "L. Chen", "")]


def test_that_a_refusal_is_told_with_its_reason(
    qtbot: QtBot, acknowledgement: Acknowledgement, feed: Feed, sent: Sent
) -> None:
    acknowledgement.set_operator("L. Chen")
    acknowledgement.acknowledge([plant.alarm("AC01.T_D")])
    with qtbot.waitSignal(acknowledgement.refused) as told:
        feed.requests.answered.emit(CommandDone(1, done=False, reason="it was raised anew"))
    assert told.args == ["Not acknowledged: it was raised anew"]
    with qtbot.assertNotEmitted(acknowledgement.refused):
        feed.requests.answered.emit(CommandDone(99, done=False, reason="another window's"))
