"""The page of cases on a real file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.case import CaseAction, CaseCommand, CaseRefusal, CaseRefusalCode, RankedCause, Verdict
from app.model.remaining_life import LifeForecast, LifeState
from app.model.score import Claim, ClaimKind, Outcome, Score
from app.model.text import LocalText
from app.model.work_order import WorkRequest, WorkSource
from app.plant.folder import PlantFolder
from app.pubsub.frame import CasesChanged, CommandDone, LivesChanged, ScoresChanged
from tests.widgets import plant
from tests.widgets.case.records import SCORES, open_case, write_cases
from widgets import translation
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.case.page import CHANGES, CLOSED, CasePage
from widgets.case.page import SCORES as SCORES_TAB
from widgets.case.reading import CaseReading
from widgets.case.verdict_dialog import UndoDialog
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.preference import Preferences


class Page:
    """The page with what stands around it; `sent`: the commands that went to the collector."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.now_ns()
        write_cases(folder, self.now)
        self.feed: Feed = plant.feed(folder)
        self.feed.receive([CasesChanged((open_case(now=self.now),), is_snapshot=True)])
        self.sent: list[tuple[CaseCommand, str]] = []

        def act(command: CaseCommand, *, operator: str) -> int:
            self.sent.append((command, operator))
            return len(self.sent)

        monkeypatch.setattr(self.feed.requests, "act_on_case", act)
        preferences = Preferences(folder / "window.ini")
        preferences.operator = "Chen"
        self.around = QWidget()
        qtbot.addWidget(self.around)
        self.navigation = Navigation(self.feed.plant)
        self.page = CasePage(
            self.feed,
            self.navigation,
            reading=CaseReading(PlantFolder(folder)),
            acknowledgement=Acknowledgement(self.feed, preferences, self.around),
        )
        qtbot.addWidget(self.page)
        self.page.resize(1500, 760)
        self.page.show()

    def answer(self, *, done: bool = True, refusal: CaseRefusal | None = None) -> None:
        self.feed.receive([CommandDone(len(self.sent), done, case_refusal=refusal)])


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(qtbot, tmp_path, monkeypatch)


def test_that_an_open_case_is_listed_and_shown_with_its_cause_action_evidence_and_tags(
    shown: Page, qtbot: QtBot
) -> None:
    (row,) = shown.page.table.rows
    assert (row.cells[1], row.cells[2], row.cells[4]) == ("P01", "Bearing damage", "still bad")
    detail = shown.page.detail
    assert detail.action.text() == "Replace the bearing"
    assert detail.causes[0].texts == ("Bearing damage", "by its signature", "91 %")
    assert detail.causes[1].texts == ("Loose belt", "taught by case 1", "42 %")
    assert detail.tags[0].texts == ("P01.VIB", "Drive-end bearing vibration", "+3.2 mm/s")
    assert [pane.tags for pane in detail.panes] == [["P01.VIB"], ["P01.DP"]]
    assert "P02" in detail.similar.text()
    qtbot.waitUntil(lambda: "times its limit" in detail.evidence.accessibleDescription())
    assert detail.evidence.accessibleDescription().count("Health") == 2


def test_that_everything_is_told_in_chinese_too(shown: Page, qtbot: QtBot) -> None:
    translation.set_language("zh")
    qtbot.waitUntil(lambda: shown.page.table.rows[0].cells[2] == "轴承损伤")
    assert shown.page.detail.action.text() == "更换轴承"
    assert shown.page.detail.verdicts[Verdict.FALSE].text() == "误报…"


def test_that_a_verdict_needs_a_reason_and_is_sent_in_the_name_of_who_gives_it(shown: Page) -> None:
    dialog = shown.page.judge(Verdict.FALSE)
    assert dialog is not None
    ok = dialog.buttons.buttons()[0]
    assert not ok.isEnabled()
    QTest.keyClicks(dialog.reason, "sensor was swapped")
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert shown.sent == [(CaseCommand(CaseAction.CLOSE, 2, Verdict.FALSE, "sensor was swapped"), "Chen")]
    shown.answer()
    assert shown.page.note.text() == "Done, and on disk"


def test_that_confirming_offers_the_ranked_causes_and_asks_for_words_where_none_is_it(shown: Page) -> None:
    dialog = shown.page.judge(Verdict.CONFIRMED)
    assert dialog is not None
    assert [dialog.cause.itemText(place) for place in range(3)] == [
        "Bearing damage",
        "Loose belt",
        "Another one, in your own words",
    ]
    QTest.keyClicks(dialog.reason, "opened it")
    ok = dialog.buttons.buttons()[0]
    assert ok.isEnabled()
    dialog.cause.setCurrentIndex(2)
    assert not ok.isEnabled()
    QTest.keyClicks(dialog.own, "sand in the oil")
    assert dialog.command.cause == "sand in the oil"
    dialog.cause.setCurrentIndex(0)
    assert dialog.command.cause == "pump.bearing"
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert shown.sent[0][0] == CaseCommand(CaseAction.CLOSE, 2, Verdict.CONFIRMED, "opened it", "pump.bearing")


def test_that_a_refusal_is_told_with_who_was_first(shown: Page) -> None:
    dialog = shown.page.judge(Verdict.EXPECTED)
    assert dialog is not None
    QTest.keyClicks(dialog.reason, "trial")
    dialog.accept()
    shown.answer(done=False, refusal=CaseRefusal(CaseRefusalCode.ALREADY_CLOSED, "...", "Li", shown.now))
    assert shown.page.note.text().startswith("Not done: Li has closed it already, at ")


def test_that_a_case_that_is_closed_elsewhere_leaves_the_list_of_open_ones(shown: Page) -> None:
    shown.feed.receive([CasesChanged((), is_snapshot=True)])
    assert shown.page.table.rows == ()
    assert shown.page.nothing.isVisibleTo(shown.page)
    assert shown.page.tabs[0].text() == "Open: 0"


def test_that_closed_cases_are_read_and_take_no_verdict(shown: Page, qtbot: QtBot) -> None:
    shown.page.open_tab(CLOSED)
    qtbot.waitUntil(lambda: len(shown.page.table.rows) == 1)
    assert shown.page.table.rows[0].cells[2] == "Loose belt"
    assert shown.page.judge(Verdict.FALSE) is None
    assert "closed by Li" in shown.page.detail.about.text()
    assert not shown.page.detail.verdicts[Verdict.FALSE].isVisibleTo(shown.page)


def test_that_what_a_verdict_changed_is_listed_and_undone_with_a_reason(shown: Page, qtbot: QtBot) -> None:
    shown.page.open_tab(CHANGES)
    qtbot.waitUntil(lambda: len(shown.page.changes.table.rows) == 1)
    row = shown.page.changes.table.rows[0]
    assert row.cells[1:4] == ("P02", "Limit of Health: ×1.00 → ×1.50", "Li")
    assert not shown.page.changes.undo.isEnabled()
    shown.page.changes.view.selectRow(0)
    assert shown.page.changes.undo.isEnabled()
    QTest.mouseClick(shown.page.changes.undo, Qt.MouseButton.LeftButton)
    dialog = shown.page.findChild(UndoDialog)
    assert isinstance(dialog, UndoDialog)
    QTest.keyClicks(dialog.reason, "it was real")
    dialog.accept()
    assert shown.sent[-1] == (CaseCommand(CaseAction.UNDO, 1, reason="it was real"), "Chen")


def test_that_a_tag_is_brought_into_the_upper_trend_and_then_to_its_own_page(shown: Page) -> None:
    asked: list[str] = []
    shown.navigation.tag_changed.connect(asked.append)
    detail = shown.page.detail
    QTest.mouseClick(detail.tags[1], Qt.MouseButton.LeftButton)
    assert [pane.tags for pane in detail.panes] == [["P01.DP"], ["P01.VIB"]]
    QTest.mouseClick(detail.tags[1], Qt.MouseButton.LeftButton)
    assert asked == ["P01.DP"]


def test_that_the_scoreboard_tells_sums_each_forecast_and_what_was_said_last(shown: Page, qtbot: QtBot) -> None:
    shown.feed.receive([ScoresChanged(SCORES)])
    shown.page.open_tab(SCORES_TAB)
    forecasts, healths = shown.page.scores.sums.text().splitlines()
    assert "70 % of 10 that came" in forecasts
    assert "1 came earlier, 1 never" in forecasts
    assert healths == "Health alerts: 1 right, 0 false, 2 waiting"
    assert [row.cells[2:] for row in shown.page.scores.table.rows] == [
        ("70 %", "7", "1", "2", "1", "0", "0", "0"),
        ("—", "1", "0", "0", "0", "0", "0", "2"),
    ]
    qtbot.waitUntil(lambda: len(shown.page.scores.claims.rows) == 1)
    cells = shown.page.scores.claims.rows[0].cells
    assert (cells[2], cells[6], cells[7], cells[8]) == ("P01", "▲ came earlier", "its limit", "trend 1")


def test_that_learned_causes_and_lives_stand_on_the_scoreboard_and_beside_what_they_say_now(shown: Page) -> None:
    learned = (
        Score("P01", ClaimKind.CAUSE, "model 3", hit=9, false=2, missed=1, waiting=1),
        Score("P01", ClaimKind.LIFE, "model 5", hit=7, early=1, late=2, false=1),
    )
    life = LifeForecast("P01", shown.now, LifeState.TOLD, "pump", "model 5", 32, 20, p10_h=240.0, p50_h=300.0,
                        p90_h=400.0)  # fmt: skip
    told = RankedCause("model 3: worn", LocalText("worn"), LocalText(""), 0.7, "model 3")
    shown.feed.receive([ScoresChanged((*SCORES, *learned)), LivesChanged((life,))])
    shown.feed.receive([CasesChanged((replace(open_case(now=shown.now), causes=(told,)),))])
    detail = shown.page.detail
    assert detail.causes[0].texts == ("worn", "told by model 3  ·  9 of 12 held", "70 %")
    assert "Remaining life: P10 240  ·  P50 300  ·  P90 400 h of running  ·  7 of 11 held" in detail.life.text()
    shown.page.open_tab(SCORES_TAB)
    sums = shown.page.scores.sums.text().splitlines()
    assert sums[2] == "Learned causes: 9 right, 2 wrong, 1 not recognised, 1 waiting"
    assert sums[3].startswith("Learned remaining lives: the band held in 70 % of 10 that came")
    names = [(row.cells[1], row.cells[2]) for row in shown.page.scores.table.rows]
    assert ("Cause, by model 3", "—") in names
    assert ("Remaining life, by model 5", "70 %") in names
    cause = Claim(8, ClaimKind.CAUSE, "P01", "2", shown.now, "model 3", cause="worn", outcome=Outcome.HIT)
    shown.page.scores.show_claims(
        [cause, Claim(9, ClaimKind.LIFE, "P01", "pump", shown.now, "model 5", left_h=(240.0, 300.0, 400.0))]
    )
    rows = [(row.cells[3], row.cells[4], row.cells[6]) for row in shown.page.scores.claims.rows]
    assert rows == [
        ("Cause of case 2: worn", "—", "hit"),
        ("Remaining life, by model 5", "240 – 400 h of running", "waiting"),
    ]


def test_that_the_trends_of_an_open_case_keep_its_beginning_in_view(shown: Page) -> None:
    detail = shown.page.detail
    detail.window_of_time.set_span(5 * clock.NS_PER_S)
    detail.show_case(open_case(now=shown.now, age_s=900))
    detail._grow()
    assert detail.window_of_time.span >= 900 * clock.NS_PER_S


def test_that_a_work_order_is_asked_for_with_what_is_known_of_the_case_and_once_only(shown: Page) -> None:
    asked: list[WorkRequest] = []
    shown.navigation.work_asked.connect(asked.append)
    QTest.mouseClick(shown.page.detail.work, Qt.MouseButton.LeftButton)
    (request,) = asked
    assert (request.equipment, request.source, request.reference) == ("P01", WorkSource.CASE, "2")
    assert request.title == LocalText("Replace the bearing", "更换轴承")
    assert request.reason == "Case 2, Bearing damage: Health (P01.VIB, P01.DP)"
    ordered = replace(open_case(now=shown.now), work_order="WO-00007")
    shown.feed.receive([CasesChanged((ordered,))])
    assert shown.page.detail.work.text() == "WO-00007"
    assert "work order WO-00007" in shown.page.detail.about.text()
