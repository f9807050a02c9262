"""The page of models on a real file: what it tells of each, and the commands that it sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.learning.model_file import SharedModel, read_model, write_model
from app.model import clock
from app.model.learned_model import ModelKind, ModelState
from app.model.model_command import JobPhase, ModelCommand, ModelDeed, ModelJob, ModelRefusal
from app.model.model_command import ModelRefusalCode as Code
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import ActOnModel, Command, CommandDone, LearningChanged
from tests.widgets import plant
from tests.widgets.learning.records import record, trial, write_models
from tests.widgets.text_room import faults, painted_texts
from widgets import translation
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.learning.deeds import ModelDeeds
from widgets.learning.page import ModelPage
from widgets.learning.reading import ModelReading
from widgets.learning.refusal import refusal_text
from widgets.navigation import Navigation
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.translation import Language


def pumps() -> Plant:
    """The test plant, whose pumps have a class."""
    whole = plant.plant()
    kinds = {"P01": "centrifugal_pump", "P02": "centrifugal_pump"}
    return replace(whole, equipment=tuple(replace(each, kind=kinds.get(each.id, "")) for each in whole.equipment))


class Page:
    """The page; `sent`: the commands that went to the collector."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.now_ns()
        self.feed = Feed(pumps(), PlantFolder(folder))
        self.sent: list[Command] = []

        def ask(command: Callable[[int], Command]) -> int:
            self.sent.append(command(len(self.sent) + 1))
            return len(self.sent)

        monkeypatch.setattr(self.feed.requests, "ask", ask)
        preferences = Preferences(folder / "window.ini")
        preferences.operator = "Erna"
        around = QWidget()
        qtbot.addWidget(around)
        acknowledgement = Acknowledgement(self.feed, preferences, around)
        self.page = ModelPage(
            self.feed,
            Navigation(self.feed.plant),
            deeds=lambda page: ModelDeeds(self.feed, acknowledgement, page),
            reading=ModelReading(PlantFolder(folder), self.feed.plant),
        )
        qtbot.addWidget(self.page)
        self.page.resize(1500, 760)
        self.page.show()

    def commands(self) -> list[ModelCommand]:
        return [each.command for each in self.sent if isinstance(each, ActOnModel)]

    def answer(self, refusal: ModelRefusal | None = None) -> None:
        self.feed.receive([CommandDone(len(self.sent), refusal is None, model_refusal=refusal)])

    def choose(self, number: int) -> None:
        self.page.view.selectRow([row.key for row in self.page.table.rows].index(str(number)))


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    write_models(tmp_path, clock.now_ns())
    page = Page(qtbot, tmp_path, monkeypatch)
    qtbot.waitUntil(lambda: len(page.page.table.rows) == 3, timeout=20_000)
    return page


def test_that_the_model_that_counts_stands_first_with_who_promoted_it_and_when(shown: Page) -> None:
    rows = shown.page.table.rows
    assert [(row.cells[0], row.cells[1], row.is_strong) for row in rows] == [
        ("1", "Counts", True), ("3", "Candidate", False), ("2", "Candidate", False),
    ]  # fmt: skip
    assert rows[2].cells[2:4] == ("Diagnosis", "Class centrifugal_pump (2)")
    assert rows[2].cells[5] == "True cause first 96 % (88 %)"
    detail = shown.page.detail
    assert ", promoted by E. Sommer" in detail.state.text()
    assert "a month without a wrong cause" in detail.steps.text()
    facts = dict(detail.facts())
    assert (facts["Asked for by"], facts["Signals"], facts["One row every"]) == ("L. Chen", "VIB, DP", "1 min")


def test_that_a_candidate_is_shown_beside_the_model_that_counts(shown: Page) -> None:
    shown.choose(2)
    (row,) = shown.page.detail.trials.rows
    assert row.cells == ("True cause first", "96 %", "88 %", "at least 50 %", "25")
    assert "beside model 1" in shown.page.detail.trial_head.text()
    shown.choose(3)
    assert "cannot be promoted" in shown.page.detail.trial_head.text()
    assert not shown.page.detail.buttons[ModelDeed.PROMOTE].isEnabled()


def test_that_one_press_promotes_with_the_trial_as_reason_and_a_return_needs_one(shown: Page) -> None:
    shown.choose(2)
    dialog = shown.page.act(ModelDeed.PROMOTE)
    assert dialog is not None
    QTest.mouseClick(dialog.buttons.buttons()[0], Qt.MouseButton.LeftButton)
    assert shown.commands() == [ModelCommand(ModelDeed.PROMOTE, 2, reason="True cause first 96 % (88 %)")]
    shown.answer()
    assert shown.page.note.text() == "Done, and on disk"
    shown.choose(1)
    back = shown.page.act(ModelDeed.RETURN)
    assert back is not None
    assert not back.buttons.buttons()[0].isEnabled()
    QTest.keyClicks(back.reason, "wrong twice")
    back.accept()
    assert shown.commands()[-1] == ModelCommand(ModelDeed.RETURN, 1, reason="wrong twice")
    shown.answer(ModelRefusal(Code.ROLE, "...", {"name": "Erna"}))
    assert shown.page.note.text() == "Not done: Erna may not: this needs an engineer"


def test_that_learning_is_asked_for_shown_and_cancelled(shown: Page, qtbot: QtBot) -> None:
    dialog = shown.page.ask_learning()
    assert dialog is not None
    dialog.kind.setCurrentIndex(dialog.kind.findData(ModelKind.REMAINING_LIFE))
    assert [dialog.subject.itemData(place) for place in range(dialog.subject.count())] == ["centrifugal_pump"]
    assert dialog.command.period_s == 3_600.0
    dialog.accept()
    (command,) = shown.commands()
    assert (command.deed, command.kind, command.subject) == (
        ModelDeed.LEARN, ModelKind.REMAINING_LIFE, "centrifugal_pump",
    )  # fmt: skip
    job = ModelJob(ModelDeed.LEARN, command.kind, command.subject, "Erna", shown.now, JobPhase.LEARNING, 0.37)
    shown.feed.receive([LearningChanged(job)])
    assert shown.page.job.text.text.endswith("  37 %")
    assert shown.page.job.bar.value() == 37
    assert not shown.page.learn.isEnabled()
    assert not shown.page.detail.buttons[ModelDeed.TRY].isEnabled()
    QTest.mouseClick(shown.page.job.cancel, Qt.MouseButton.LeftButton)
    assert shown.commands()[-1] == ModelCommand(ModelDeed.CANCEL)
    few = ModelRefusal(Code.TOO_FEW_FAILURES, "...", {"failures": "8", "needed": "20"})
    shown.feed.receive([LearningChanged(replace(job, phase=JobPhase.REFUSED, ended=shown.now, refusal=few))])
    assert "8 failures are recorded, 20 are needed" in shown.page.job.text.text
    assert shown.page.learn.isEnabled()


def test_that_a_model_goes_into_a_file_and_comes_in_bound_to_signals_of_its_units(
    shown: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    shown.choose(3)
    target = tmp_path / "pump.json"
    shown.page.write(target)
    qtbot.waitUntil(lambda: "was written to pump.json" in shown.page.note.text(), timeout=20_000)
    assert read_model(target).equipment_class == "centrifugal_pump"
    model = replace(record(shown.now), kind=ModelKind.EQUIPMENT, is_class=False, subject="PU9", tags=("V", "DP"))
    write_model(target, SharedModel(model, "centrifugal_pump", "qingdao", trial(1, shown.now, 0.9)))
    dialog = shown.page.offer(shown.page._reading.offered(target))
    assert [dialog.subject.itemData(place) for place in range(dialog.subject.count())] == ["P01", "P02"]
    assert (dialog.roles["V"].currentData(), dialog.roles["DP"].currentData()) == ("VIB", "DP")
    assert dialog.buttons.buttons()[0].isEnabled()
    assert (dialog.command.subject, dialog.command.names) == ("P01", {"V": "VIB"})
    dialog.subject.setCurrentIndex(1)
    assert "No signal here has the unit of V (mm/s), DP (kPa)" in dialog.problem.text()
    assert not dialog.buttons.buttons()[0].isEnabled()


def test_that_a_file_that_is_no_model_is_told_with_its_name(shown: Page, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text("{}", encoding="utf-8")
    shown.page.open_file(tmp_path / "letter.json")
    qtbot.waitUntil(lambda: "letter.json: not a model that was exported" in shown.page.note.text(), timeout=20_000)


@pytest.mark.parametrize("words", ["en", "zh"])
def test_that_every_text_of_the_page_has_room_on_a_small_screen(shown: Page, words: Language) -> None:
    translation.set_language(words)
    job = ModelJob(ModelDeed.TRY, ModelKind.DIAGNOSIS, "centrifugal_pump", "Erna", shown.now, JobPhase.TRYING, model=2)
    shown.feed.receive([LearningChanged(job)])
    shown.page.resize(1264, 560)
    shown.choose(2)
    settle(shortest_ms=1)
    with painted_texts() as texts:
        assert not shown.page.grab().isNull()
    assert faults(shown.page, texts) == []


@pytest.mark.parametrize("code", list(Code))
def test_that_every_reason_has_words(code: Code) -> None:
    values = {"reason": "disk full", "model": "3", "other": "1", "by": "Li", "subject": "pump", "name": "Li"}
    text = refusal_text(ModelRefusal(code, "as the station says it", values))
    assert (text == "as the station says it") == (code is Code.OTHER)


def test_that_a_plant_without_models_says_what_they_would_add(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(qtbot, tmp_path, monkeypatch).page
    assert page.nothing.isVisibleTo(page)
    assert not page.detail.isVisibleTo(page)
    assert ModelState.ACTIVE not in {each.state for each in page._models.values()}
