"""What was proposed is taken over with a name and a reason, the answer is told, and the way back is one button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model.alarm_command import AlarmRefusal, RefusalCode
from app.plant.folder import PlantFolder
from app.pubsub.frame import Command, CommandDone, ReviseAlarm
from tests.widgets.plant import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm_performance.take_over import Change, TakeOver
from widgets.feed import Feed
from widgets.preference import Preferences

CHANGE = Change("AC01.T_D.H", {"deadband": 2.0, "on_delay_s": 4.0}, {"deadband": 0.5, "on_delay_s": None}, "seen")


class Bench:
    """The form over a feed whose commands are kept."""

    def __init__(self, qtbot: QtBot, tmp_path: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.feed = Feed(plant(), PlantFolder(tmp_path))
        self.sent: list[ReviseAlarm] = []
        preferences = Preferences(tmp_path / "window.ini")
        acknowledgement = Acknowledgement(self.feed, preferences, self.window)
        self.form = TakeOver(self.feed, acknowledgement, lambda: "as it is now", self.window)

    def keep(self, command: Command) -> bool:
        assert isinstance(command, ReviseAlarm)
        self.sent.append(command)
        return True

    def ask(self, reason: str) -> ReviseAlarm:
        self.form.reason.setText(reason)
        with patch.object(self.feed._source, "send", self.keep):
            self.form.button.click()
        return self.sent[-1]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(qtbot, tmp_path)
    yield bench
    bench.feed.close()


def test_that_nothing_is_taken_over_without_a_change_a_name_and_a_reason(bench: Bench) -> None:
    form = bench.form
    assert form.isHidden()
    form.offer(CHANGE)
    assert not form.isHidden()
    assert not form.button.isEnabled()
    form.name.setText("Li")
    form.reason.setText("  ")
    assert not form.button.isEnabled()
    form.reason.setText("chatters")
    assert form.button.isEnabled()


def test_that_a_change_is_taken_over_and_taken_back(bench: Bench) -> None:
    form = bench.form
    form.offer(CHANGE)
    form.name.setText("Li")
    asked = bench.ask("chatters")
    assert (asked.alarm, asked.keys, asked.seen) == (CHANGE.alarm, CHANGE.keys, "seen")
    assert (asked.reason, asked.operator) == ("chatters", "Li")
    assert not form.button.isEnabled(), "it would be asked for twice"
    bench.feed.receive([CommandDone(asked.request, done=True)])
    assert form.button.text() == "Take back"
    assert "counts from now on" in form.told.text()
    back = bench.ask("missed a true one")
    assert (back.keys, back.seen) == (CHANGE.former, "as it is now")
    bench.feed.receive([CommandDone(back.request, done=True)])
    assert form.button.text() == "Take over"


def test_that_a_refusal_says_why_and_changes_nothing(bench: Bench) -> None:
    form = bench.form
    form.offer(CHANGE)
    form.name.setText("otto")
    asked = bench.ask("chatters")
    refusal = AlarmRefusal(CHANGE.alarm, RefusalCode.ROLE, "not changed: otto is operator", by="otto")
    bench.feed.receive([CommandDone(asked.request, done=False, reason=refusal.text, refusals=(refusal,))])
    assert "otto may not do this" in form.told.text()
    assert form.button.text() == "Take over"
    assert form.button.isEnabled()
