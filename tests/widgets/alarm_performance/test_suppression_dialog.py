"""An engineer tries a suppression on the recorded history before it is taken over with validation and a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.alarm.trial import Trial
from app.command.tag_taking import take_text
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.alarm.test_simulation import folder
from tests.app.collector.writing import trail
from widgets.alarm_performance.suppression_dialog import SHELF, SuppressionDialog
from widgets.alarm_performance.trial_reading import AskTrial, TrialAnswer, trial_of
from widgets.editor.file_change import FileChange
from widgets.feed import Feed

__all__ = ["folder"]
LONG = 20_000


@pytest.fixture
def opened(qtbot: QtBot, folder: PlantFolder) -> Iterator[Callable[..., SuppressionDialog]]:
    plant = read_plant(folder.configuration)
    feed = Feed(plant, folder)
    page = QWidget()
    qtbot.addWidget(page)

    def writer(_: QWidget) -> Callable[[str, str, str], Path]:
        return lambda before, after, reason: take_text(folder, before, after, reason, "Li Na")

    def open_dialog(ask: AskTrial | None = None) -> SuppressionDialog:
        asked = ask or trial_of(folder, plant)
        dialog = SuppressionDialog("flow", plant.alarms, asked, change=FileChange(feed, writer, page), parent=page)
        dialog.show()
        return dialog

    yield open_dialog
    feed.close()


def test_that_a_rule_is_tried_and_taken_over_with_a_reason(
    qtbot: QtBot, opened: Callable[..., SuppressionDialog], folder: PlantFolder
) -> None:
    dialog = opened()
    assert (dialog.rule.text(), dialog.after.value()) == ("T1 == 0", 10.0)  # as the file has it
    dialog.rule.setText("")
    assert not dialog.run.isEnabled()
    dialog.rule.setText("T1 == 0")
    dialog.after.setValue(0)
    dialog.run.click()
    qtbot.waitUntil(lambda: dialog.answer is not None, timeout=LONG)
    assert "it came 3 times: 1 never shown, 1 shown late" in dialog.summary.text()
    assert [row.cells[2] for row in dialog.hidden.rows] == ["T1 == 0", "T1 == 0"]
    assert "None of them was dangerous" in dialog.danger.text()
    assert folder.configuration.read_text("utf-8").count("suppress_after_s") == 1
    dialog.take.click()
    change = dialog._change
    assert change is not None
    review = change.dialog
    assert review is not None
    qtbot.waitUntil(lambda: review.review is not None, timeout=LONG)
    assert [row.cells[1:] for row in review.table.rows] == [("Alarm flow", "suppress_after_s: 10.0 → (0.0)")]
    review.reason.setText(review.reason.text() + "the pump stands")
    review.take.click()
    qtbot.waitUntil(lambda: "No collector runs now" in dialog.summary.text(), timeout=LONG)
    assert read_plant(folder.configuration).alarms[0].suppress_after_s == 0.0
    assert trail(folder)[-1].reason.endswith("Suppress flow by T1 == 0: the pump stands")


def test_that_what_was_tried_cannot_be_taken_over_once_the_fields_say_something_else(
    qtbot: QtBot, opened: Callable[..., SuppressionDialog]
) -> None:
    dialog = opened()
    dialog.after.setValue(20)
    dialog.run.click()
    qtbot.waitUntil(dialog.take.isEnabled, timeout=LONG)
    dialog.rule.setText("T1 == 1")
    assert not dialog.take.isEnabled()
    dialog.kind.setCurrentIndex(SHELF)
    assert not dialog.take.isVisible()
    dialog.shelf.setValue(10)
    dialog.run.click()
    qtbot.waitUntil(lambda: dialog.answer is not None, timeout=LONG)
    assert {row.cells[2] for row in dialog.hidden.rows} == {"shelving"}


@pytest.mark.parametrize(
    ("alarm", "rule", "told"),
    [("flwo", "T1 == 0", "write flow"), ("flow", "T1 = 0", "at character 4"), ("flow", "T7 > 0", "T7")],
)
def test_that_what_cannot_be_tried_says_why(
    qtbot: QtBot, opened: Callable[..., SuppressionDialog], alarm: str, rule: str, told: str
) -> None:
    dialog = opened()
    dialog.alarm.setText(alarm)
    dialog.rule.setText(rule)
    dialog.run.click()
    qtbot.waitUntil(lambda: told in dialog.summary.text(), timeout=LONG)
    assert not dialog.take.isEnabled()
    assert dialog.run.isEnabled()


def test_that_a_trial_runs_in_the_background_tells_how_far_it_is_and_can_be_given_up(
    qtbot: QtBot, opened: Callable[..., SuppressionDialog]
) -> None:
    go, threads = Event(), list[str]()

    def ask(_: Trial, __: int, told: Callable[[float], None]) -> TrialAnswer:
        threads.append(current_thread().name)
        told(0.25)
        assert go.wait(LONG / 1_000)
        told(0.5)
        raise AssertionError("it was not given up")

    dialog = opened(ask)
    dialog.rule.setText("T1 == 0")
    dialog.run.click()
    qtbot.waitUntil(lambda: dialog.bar.isVisible() and dialog.bar.value() == 25, timeout=LONG)
    assert not dialog.run.isEnabled()
    dialog.cancel.click()
    go.set()
    qtbot.waitUntil(dialog.run.isEnabled, timeout=LONG)
    assert dialog.summary.text() == "Given up; nothing was changed."
    assert main_thread().name not in threads
