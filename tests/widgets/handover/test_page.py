"""The page of handovers over a real file: what waits comes first, what is signed, and what somebody changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.audit.journal import AuditJournal
from app.collector.handover_log import write_handover
from app.database import open_writer
from app.handover.desk import HandoverDesk
from app.handover.store import HandoverStore, digest_of, packed, unpacked
from app.model import clock
from app.model.alarm import Priority
from app.model.former_name import FormerNames
from app.model.handover import (
    Amendment,
    Handover,
    HandoverAction,
    HandoverCommand,
    HandoverRefusal,
    HandoverRefusalCode,
    OpenPoint,
)
from app.model.shift import Period
from app.model.work_order import Signature
from app.plant.folder import PlantFolder
from app.pubsub.frame import ActOnHandover, CommandDone
from app.report.progress import ReportProgress
from app.report.reading import ReportReading
from app.report.record import record_of, report_in
from tests.app.report.plants import LI, PLANT, SHIFT, hour, write_shift
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.handover.deeds import HandoverDeeds
from widgets.handover.dialog import HandoverDialog
from widgets.handover.lists import drafts, shift_rows, unread
from widgets.handover.page import HandoverPage
from widgets.handover.reading import HandoverReading, Shown
from widgets.handover.waiting import WaitingHandovers
from widgets.navigation import Navigation
from widgets.preference import Preferences

NOW = hour(9)
_NUMBERS = count()
"""A file of preferences for each window: what one has begun to write is not told by another."""
LATE = "2026-11-25/late"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a shift that was handed over by Li with one open point, and waits to be taken over."""
    path = write_shift(tmp_path_factory.mktemp("plant"))
    record = record_of(ReportReading(path, PLANT).read(SHIFT, hour(8)))
    desk = HandoverDesk(PLANT.calendar, ["PU01"])
    note = HandoverCommand(
        HandoverAction.NOTE, equipment="PU01", priority=Priority.HIGH, text="Seal drips: look every two hours"
    )
    over = HandoverCommand(HandoverAction.HAND_OVER, key=SHIFT.key, text="quiet but for the seal")
    with closing(open_writer(path)) as connection:
        HandoverStore(connection)
        for command, report in ((note, b""), (over, packed(record))):
            step = desk.do(command, LI, hour(8), digest=digest_of(record), is_proven=True)
            assert not isinstance(step, HandoverRefusal)
            write_handover(connection, AuditJournal(connection), step, report)
    return path


class Station:
    """The page, and what it sent to the collector."""

    def __init__(self, qtbot: QtBot, folder: Path, *, operator: str, has_users: bool) -> None:
        self.qtbot = qtbot
        self.feed = Feed(PLANT, PlantFolder(folder))
        self.sent: list[ActOnHandover] = []
        self.feed.requests.ask = self._ask  # type: ignore[method-assign,assignment]
        self.file = folder / f"window{next(_NUMBERS)}.ini"
        preferences = Preferences(self.file)
        preferences.operator = operator
        self.around = QWidget()
        qtbot.addWidget(self.around)
        acknowledgement = Acknowledgement(self.feed, preferences, self.around)
        self.page = HandoverPage(
            self.feed,
            Navigation(PLANT),
            deeds=lambda page: HandoverDeeds(self.feed, acknowledgement, page),
            reading=HandoverReading(PlantFolder(folder), PLANT),
            has_users=lambda: has_users,
        )
        qtbot.addWidget(self.page)
        self.page.resize(1400, 800)
        self.page.show()

    def _ask(self, make: Callable[[int], Any]) -> int:
        self.sent.append(make(len(self.sent) + 1))
        return len(self.sent)

    def see(self, key: str) -> None:
        """Wait until the report of a shift is shown."""
        page = self.page
        self.qtbot.waitUntil(lambda: page.report.shown is not None and page.report.shown.key == key, timeout=20_000)

    def fill(self, action: HandoverAction, *, name: str, text: str = "", pin: str = "") -> HandoverCommand:
        """Fill in a dialog and accept it; return the command that was sent."""
        dialog = self.page.ask(action)
        assert dialog is not None
        dialog.name.setText(name)
        dialog.text.setPlainText(text)
        dialog.pin.setText(pin)
        assert dialog.buttons.buttons()[0].isEnabled() or dialog.buttons.buttons()[1].isEnabled()
        dialog.accept()
        return self.sent[-1].command


@pytest.fixture
def station(qtbot: QtBot, history: Path) -> Iterator[Station]:
    with clock.frozen(NOW):
        yield Station(qtbot, history.parent, operator="Wang", has_users=True)


def test_that_what_waits_for_the_incoming_operator_is_shown_first_and_told_as_unread(station: Station) -> None:
    station.see(SHIFT.key)
    page = station.page
    assert page.shifts_head.text() == "Shifts, 1 of them unread"
    assert [(row.cells[:3], row.is_strong) for row in page.shifts.rows] == [
        (("2026-11-25  Late shift", "runs", ""), False),
        (("2026-11-25  Early shift", "Li Na 李娜", "waits"), True),
    ]
    assert "Handed over by Li Na 李娜" in page.report.state.text()
    assert "as it was signed" in page.report.state.text()
    told = page.report.text.toPlainText()
    assert "Seal drips: look every two hours" in told
    assert "quiet but for the seal" in told
    assert page.buttons[HandoverAction.TAKE_OVER].isVisible()
    assert not page.buttons[HandoverAction.HAND_OVER].isVisible()


def test_that_taking_over_is_sent_with_name_and_pin(station: Station) -> None:
    station.see(SHIFT.key)
    command = station.fill(HandoverAction.TAKE_OVER, name="Wang", text="understood", pin="2468")
    assert (command.action, command.number, command.text) == (HandoverAction.TAKE_OVER, 1, "understood")
    assert (station.sent[0].operator, station.sent[0].secret) == ("Wang", "2468")


def test_that_the_draft_of_the_running_shift_is_handed_over_with_the_report_that_is_seen(station: Station) -> None:
    station.see(SHIFT.key)
    station.page.choose(LATE)
    station.see(LATE)
    assert station.page.report.state.text().startswith("Draft")
    assert "Seal drips" in station.page.report.text.toPlainText()
    command = station.fill(HandoverAction.HAND_OVER, name="Wang", text="nothing new", pin="2468")
    report = report_in(unpacked(command.report))
    assert (command.key, report.key, report.alarms.activations) == (LATE, LATE, 1)


def test_that_signing_needs_name_and_pin_and_a_point_needs_a_text(station: Station) -> None:
    station.see(SHIFT.key)
    dialog = station.page.ask(HandoverAction.TAKE_OVER)
    assert dialog is not None
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.name.setText("Wang")
    assert not ok.isEnabled()
    dialog.pin.setText("2468")
    assert ok.isEnabled()
    dialog.reject()
    note = station.page.ask(HandoverAction.NOTE)
    assert note is not None
    assert not note.buttons.button(note.buttons.StandardButton.Ok).isEnabled()
    note.text.setPlainText("look")
    assert note.command().equipment == ""
    assert note.buttons.button(note.buttons.StandardButton.Ok).isEnabled()
    note.reject()
    assert station.sent == []


def test_that_a_chosen_point_is_closed_with_what_was_done(station: Station) -> None:
    station.see(SHIFT.key)
    assert station.page.ask(HandoverAction.CLOSE) is None
    station.page.point_view.selectRow(0)
    command = station.fill(HandoverAction.CLOSE, name="Wang", text="new seal")
    assert (command.action, command.number, command.text) == (HandoverAction.CLOSE, 1, "new seal")


def test_that_a_refusal_is_told_in_words(station: Station) -> None:
    station.see(SHIFT.key)
    station.fill(HandoverAction.TAKE_OVER, name="Li Na 李娜", pin="1")
    refusal = HandoverRefusal(HandoverRefusalCode.SAME_PERSON, "no", by="Li Na 李娜")
    station.feed.receive([CommandDone(1, done=False, handover_refusal=refusal)])
    assert station.page.note.text == "Not done: Li Na 李娜 has handed it over: somebody else takes it"


def test_that_a_text_that_was_begun_is_on_disk_and_there_again_until_it_is_done(station: Station) -> None:
    station.see(SHIFT.key)
    dialog = station.page.ask(HandoverAction.TAKE_OVER)
    assert dialog is not None
    dialog.text.setPlainText("valve 7 seized")
    assert "valve 7 seized" in station.file.read_text("utf-8"), "it outlives a window that is killed"
    dialog.reject()
    again = station.page.ask(HandoverAction.TAKE_OVER)
    assert again is not None
    assert again.text.toPlainText() == "valve 7 seized"
    again.name.setText("Wang")
    again.pin.setText("1")
    again.accept()
    wrong = HandoverRefusal(HandoverRefusalCode.WRONG_SIGNATURE, "no", by="Wang")
    station.feed.receive([CommandDone(1, done=False, handover_refusal=wrong)])
    third = station.page.ask(HandoverAction.TAKE_OVER)
    assert third is not None
    assert third.command().text == "valve 7 seized"
    assert third.pin.text() == ""
    third.pin.setText("2468")
    third.accept()
    station.feed.receive([CommandDone(2, done=True)])
    assert "valve 7 seized" not in station.file.read_text("utf-8")


def test_that_a_point_is_not_noted_in_the_name_of_whoever_signs_in_while_it_is_written(station: Station) -> None:
    station.see(SHIFT.key)
    dialog = station.page.ask(HandoverAction.NOTE)
    assert dialog is not None
    dialog.text.setPlainText("look at the tower")
    station.page._deeds._acknowledgement.set_operator("Mo")
    dialog.accept()
    assert station.sent == []
    assert station.page.note.text == "Somebody else operates here now: look at the text again"
    (again,) = [each for each in station.page.findChildren(HandoverDialog) if each.isVisible()]
    assert (again.text.toPlainText(), again.name.text()) == ("look at the tower", "Mo")
    again.accept()
    assert station.sent[-1].command.text == "look at the tower"


def test_that_what_was_signed_is_amended_and_the_amendment_is_told(station: Station) -> None:
    station.see(SHIFT.key)
    command = station.fill(HandoverAction.AMEND, name="Li Na 李娜", text="it was PU02", pin="1111")
    assert (command.action, command.number, command.text) == (HandoverAction.AMEND, 1, "it was PU02")
    shown = station.page.report.shown
    assert shown is not None
    assert shown.handover is not None
    amendment = Amendment("it was PU02", Signature("Li Na 李娜", "operator", NOW, is_proven=True))
    station.page.report.show_report(replace(shown, handover=replace(shown.handover, amendments=(amendment,))))
    assert "Amended since it was signed: 1, last by Li Na" in station.page.report.state.text()
    assert "it was PU02" in station.page.report.text.toPlainText()
    assert "Handed over by Li Na 李娜, 2026-11-25 14:00" in station.page.report.state.text(), "by the plant's clock"
    assert station.page.points.rows[0].cells[-1] == "11-25 14:00"


def test_that_a_long_report_says_how_far_it_is_and_can_be_cancelled(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.see(SHIFT.key)
    begun, go_on, ended = Event(), Event(), Event()

    def long(_: HandoverReading, period: Period, now: int, progress: ReportProgress) -> Shown:
        progress.total, progress.done = 4, 1
        begun.set()
        go_on.wait(60)
        try:
            progress.step()
        finally:
            ended.set()
        return Shown(period.key, None)

    page = station.page
    monkeypatch.setattr(HandoverReading, "draft", long)
    page.choose(LATE)
    assert begun.wait(60)
    station.qtbot.waitUntil(lambda: page.report.state.text().endswith("25 %"), timeout=20_000)
    assert not page.stop.isHidden()
    page.stop.click()
    go_on.set()
    assert ended.wait(60)
    assert page.report.state.text() == "Cancelled: the report was not computed"
    assert page.stop.isHidden()
    assert not page.again.isHidden()
    assert page.report.shown is None


def test_that_handovers_are_found_by_any_word_of_them(station: Station) -> None:
    station.see(SHIFT.key)
    for text, found in (("seal drips", 1), ("李娜 early", 1), ("QUIET", 1), ("no such thing", 0)):
        station.page.search.setText(text)
        assert len(station.page.shifts.rows) == found, text


def test_that_what_is_shown_is_saved_as_a_file(station: Station, tmp_path: Path) -> None:
    station.see(SHIFT.key)
    for name, begin in (("h.pdf", b"%PDF"), ("h.xlsx", b"PK"), ("h.html", b"<!DOCTYPE")):
        target = tmp_path / name
        station.page.write(target)
        station.qtbot.waitUntil(lambda name=name: station.page.note.text == f"Written to {name}", timeout=20_000)  # type: ignore[misc]
        assert target.read_bytes().startswith(begin)
    assert "quiet but for the seal" in (tmp_path / "h.html").read_text("utf-8")
    assert "Handed over by: Li Na 李娜, 2026-11-25 14:00 (with PIN)" in (tmp_path / "h.html").read_text("utf-8")


def test_that_the_report_of_any_past_time_is_shown_and_a_whole_day_is_not_handed_over(station: Station) -> None:
    station.see(SHIFT.key)
    page = station.page
    dialog = page.ask_time()
    dialog.day.setDate(QDate(2026, 11, 24))
    dialog.what.setCurrentIndex(dialog.what.findText("Night shift"))
    dialog.accept()
    station.see("2026-11-24/night")
    assert page.buttons[HandoverAction.HAND_OVER].isEnabled()
    assert page.shift_view.chosen() == ""
    page.show_period(PLANT.calendar.named("2026-11-25"))
    station.see("2026-11-25")
    assert (page.report.title.text(), page.report.state.text()) == ("2026-11-25", "As known now")
    assert not page.buttons[HandoverAction.HAND_OVER].isEnabled()
    page.show_period(SHIFT)
    station.see(SHIFT.key)
    assert page.report.shown is not None
    assert page.report.shown.handover is not None, "what was signed is shown, not a new draft"


def test_that_a_signed_report_that_somebody_changed_is_told(qtbot: QtBot, history: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "history.sqlite"),))
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection:
        connection.execute("DROP TRIGGER handover_step_is_not_altered")
        connection.execute("UPDATE handover_step SET body = replace(body, 'quiet', 'chaos') WHERE number = 2")
        connection.commit()
    with clock.frozen(NOW):
        station = Station(qtbot, tmp_path, operator="Wang", has_users=False)
        station.see(SHIFT.key)
        assert "NOT as it was sealed: handover step 2 is not as it was written" in station.page.report.state.text()


def handover(number: int, outgoing: str, at: int, incoming: str = "") -> Handover:
    point = OpenPoint(1, "", Priority.HIGH, "text", at, outgoing)
    taken = Signature(incoming, "", at + 1, is_proven=True) if incoming else None
    key = PLANT.calendar.of_day(SHIFT.day)[number % 3].key
    return Handover(number, key, 0, 1, "", "d", (point,), Signature(outgoing, "", at, is_proven=True), taken)


def test_that_unread_is_what_others_handed_over_since_ones_own_signature_and_what_waits() -> None:
    told = [
        handover(5, "Chen", 50),
        handover(4, "Li", 40, "Chen"),
        handover(3, "Wang", 30, "Li"),
        handover(2, "Chen", 20, "Wang"),
    ]
    assert unread(told, "Wang") == {5, 4}
    assert unread(told, " li ") == {5}
    assert unread(told, "Chen") == set()
    assert unread(told, "Nobody yet") == {5}


def test_that_a_shift_is_a_draft_until_it_was_handed_over() -> None:
    assert [period.key for period in drafts(PLANT, (), NOW)] == [LATE, SHIFT.key]
    told = replace(handover(1, "Li", 5), key=SHIFT.key)
    assert [period.key for period in drafts(PLANT, (told,), NOW)] == [LATE]
    rows = shift_rows(drafts(PLANT, (), NOW), (), PLANT, now=NOW, operator="", text="", former=FormerNames(PLANT))
    assert [row.cells[1] for row in rows] == ["runs", "ended, not handed over"]


def test_that_the_tab_tells_how_many_handovers_wait_for_whoever_operates(
    qtbot: QtBot, history: Path, tmp_path: Path
) -> None:
    folder = PlantFolder(history.parent)
    feed, preferences = Feed(PLANT, folder), Preferences(tmp_path / "window.ini")
    owner = QWidget()
    qtbot.addWidget(owner)
    acknowledgement = Acknowledgement(feed, preferences, owner)
    waiting = WaitingHandovers(feed, folder, acknowledgement, owner)
    assert waiting.count == 0
    with qtbot.waitSignal(waiting.changed, timeout=20_000):
        waiting.renew()
    assert (waiting.count, waiting.text()) == (1, "1 unread")
    acknowledgement.set_operator(LI.name)  # who has handed over need not read it
    assert waiting.count == 0
    acknowledgement.set_operator("Wang")
    assert waiting.count == 1
    missing = WaitingHandovers(feed, PlantFolder(tmp_path), acknowledgement, owner)
    missing.renew()
    qtbot.waitUntil(lambda: missing._newest == 0, timeout=20_000)
    assert missing.count == 0
