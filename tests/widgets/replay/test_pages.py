"""Every page of a replay shows what was so at the replayed instant, back and forth, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from app.audit.configuration import log_configuration
from app.audit.journal import AuditJournal
from app.database import open_writer
from app.handover.desk import HandoverDesk, HandoverStep
from app.handover.store import HandoverStore
from app.learning.store import ModelStore
from app.maintenance.desk import WorkChange, WorkDesk, request_work
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.handover import HandoverAction, HandoverCommand
from app.model.maintenance import PlannedStop, SparePart
from app.model.model_command import ModelDeed
from app.model.plant import Plant
from app.model.provision import BookingKind, PartBooking, ProvisionDeed, StopChange
from app.model.role import Role
from app.model.score import Claim, ClaimKind, Ground, Outcome
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, Trigger
from app.model.work_order import WorkCommand, WorkSource, WorkStep
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.prediction.store import ClaimStore
from app.vibration.analysis import analyse
from app.vibration.store import WaveformStore
from tests.app.vibration.synthetic import noise, waveform
from tests.widgets import plant as screens
from tests.widgets.learning.records import record as model_record
from tests.widgets.replay.recorded_day import at, record_day, recorded_plant
from widgets.alarm.page import JOURNAL, AlarmPage
from widgets.audit.page import AuditTrailPage
from widgets.case.page import SCORES, CasePage
from widgets.editor.page import EditorPage
from widgets.explain.subject import Subject, SubjectKind, of_health, of_tag
from widgets.feed import Feed
from widgets.handover.page import HandoverPage
from widgets.learning.page import ModelPage
from widgets.maintenance.lists import MaintenanceList
from widgets.maintenance.page import MaintenancePage
from widgets.operation import wait_for_all
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.renewed_page import RenewedPage
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.window import ReplayWindow
from widgets.screen import open_dialogs
from widgets.vibration.page import VibrationPage

LI = Actor("window 1", "Li", Role.ENGINEER)
POINT = MeasuringPoint("P01.DE", "P01", LocalText("Drive end"), rated_rpm=1_475.0, level="P01.VIB")


def replayed_plant() -> Plant:
    part, plain = SparePart("seal", LocalText("Seal"), "rack 4"), recorded_plant()
    equipment = tuple(
        replace(each, nameplate=replace(each.nameplate, meter="P01.VIB")) if each.id == "P01" else each
        for each in plain.equipment
    )
    return replace(plain, equipment=equipment, measuring_points=(POINT,), spare_parts=(part,), is_read_only=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    """A day on which something of everything was done at second 150, and something more at second 450."""
    folder = record_day(tmp_path_factory.mktemp("day"))
    write_plant(folder.configuration, screens.plant())
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        with clock.frozen(at(10)):
            log_configuration(journal, folder.configuration, window="collector")
        for second in (150, 450):
            journal.append([AuditRecord(at(second), AuditAction.WRITE_INTENT, user=f"user {second}", tag="AC01.T_D")])
            given = replace(waveform(noise(1.0), time=at(second)), point="P01.DE", trigger=Trigger.SCHEDULE)
            WaveformStore(connection).add(given, analyse(given, POINT, None).measure)
            ModelStore(connection).add(model_record(at(second), made=at(second)))
        _work(WorkStore(connection))
        _handovers(HandoverStore(connection))
        claim = Claim(1, ClaimKind.FORECAST, "P01", "bearing", at(150), "trend 1", p50=at(460))
        scored = replace(claim, outcome=Outcome.HIT, happened=at(450), scored=at(450), ground=Ground.LIMIT)
        ClaimStore(connection).write([claim, scored])
    return folder


def _work(store: WorkStore) -> None:
    desk = WorkDesk(replayed_plant(), (), last=0)
    asked = desk.request(request_work("P01", WorkSource.HAND, "it rattles"), LI, at(150))
    assert isinstance(asked, WorkChange)
    gone = desk.step(WorkCommand(1, 1, WorkStep.CANCEL, reason="it does not"), LI, at(450))
    assert isinstance(gone, list)
    store.record([asked])
    store.record(gone)
    stop = PlannedStop("summer", LocalText("Summer"), at(9_000), 8.0)
    store.change_stop(StopChange(1, at(150), "summer", stop, None, "Li"))
    store.change_stop(StopChange(2, at(450), "summer", None, None, "Li"))
    store.book([PartBooking("booking 1", at(150), "seal", 3.0, BookingKind.COUNT, "Li")])
    store.book([PartBooking("booking 2", at(450), "seal", -1.0, BookingKind.WITHDRAWAL, "Li")])


def _handovers(store: HandoverStore) -> None:
    desk = HandoverDesk(replayed_plant().calendar, ["P01"])
    commands = (
        (150, HandoverCommand(HandoverAction.NOTE, equipment="P01", text="Seal drips")),
        (450, HandoverCommand(HandoverAction.CLOSE, 1, text="new seal")),
    )
    for second, command in commands:
        step = desk.do(command, LI, at(second), digest="d", is_proven=True)
        assert isinstance(step, HandoverStep)
        store.record(step)


class Replay:
    """A window on the day, with all its pages."""

    def __init__(self, qtbot: QtBot, folder: PlantFolder, settings: Path) -> None:
        self.qtbot, self.playhead = qtbot, Playhead(at(95))
        source = ReplaySource(folder, replayed_plant(), self.playhead)
        self.feed = Feed(replayed_plant(), folder, source=source)
        clock.live_at(lambda: self.playhead.shown)
        self.window = ReplayWindow(
            self.feed,
            screens.feed(settings.parent),
            source,
            preferences=Preferences(settings),
            pages=lambda acknowledgement: pages_of(folder, acknowledgement),
        )
        self.window.resize(1600, 900)
        qtbot.addWidget(self.window)

    def until(self, is_so: Callable[[], bool]) -> None:
        def pull() -> bool:
            self.feed.frame()
            return is_so()

        self.qtbot.waitUntil(pull, timeout=20_000)

    def go(self, second: float) -> None:
        self.playhead.jump(at(second))
        self.until(lambda: self.playhead.shown == at(second))

    def page(self, key: str) -> RenewedPage:
        self.window.navigation.open_page(key)
        page = self.window.page(key)
        assert isinstance(page, RenewedPage)
        return page

    def sees(self, look: Callable[[], object], *expected: object) -> None:
        """Check what is seen before second 150, between, behind 450, and between, before and behind them again."""
        before, between, behind = expected
        for second, wanted in (
            (95, before),
            (250, between),
            (500, behind),
            (200, between),
            (95, before),
            (599, behind),
        ):
            self.go(second)
            self.until(lambda wanted=wanted: look() == wanted)  # type: ignore[misc]


@pytest.fixture
def replay(qtbot: QtBot, folder: PlantFolder, tmp_path: Path) -> Iterator[Replay]:
    replay = Replay(qtbot, folder, tmp_path / "replay.ini")
    replay.window.show()
    replay.until(lambda: replay.feed.is_linked)
    yield replay
    wait_for_all()
    replay.feed.close()
    clock.live_at(None)


def test_that_work_orders_stops_parts_and_scores_are_those_of_then(replay: Replay) -> None:
    feed = replay.feed

    def known() -> tuple[object, ...]:
        held = [(each.hit, each.waiting) for each in feed.scores.values()]
        return list(feed.work_orders), [stop.id for stop in feed.stops], feed.stock["seal"].on_hand, held

    replay.sees(known, ([], [], None, []), ([1], ["summer"], 3.0, [(0, 1)]), ([], [], 2.0, [(1, 0)]))


def test_that_maintenance_lists_what_was_closed_by_then(replay: Replay) -> None:
    page = replay.page("maintenance")
    assert isinstance(page, MaintenancePage)
    page.list.setCurrentIndex(list(MaintenanceList).index(MaintenanceList.CLOSED))
    replay.sees(lambda: [row.key for row in page.table.rows], [], [], ["1"])


def test_that_the_audit_trail_ends_at_the_instant(replay: Replay) -> None:
    page = replay.page("audit")
    assert isinstance(page, AuditTrailPage)

    def seen() -> tuple[int, list[object]]:
        return page.table.rowCount(), [page.person.itemData(place) for place in range(1, page.person.count())]

    replay.sees(seen, (1, []), (2, ["user 150"]), (3, ["user 150", "user 450"]))


def test_that_vibration_models_and_points_are_those_of_then(replay: Replay) -> None:
    vibration, models, handover = replay.page("vibration"), replay.page("models"), replay.page("handover")
    assert isinstance(vibration, VibrationPage)
    assert isinstance(models, ModelPage)
    assert isinstance(handover, HandoverPage)
    replay.sees(lambda: len(handover.points.rows), 0, 1, 0)
    replay.page("vibration")
    replay.sees(lambda: len(vibration.table.rows), 0, 1, 2)
    replay.page("models")
    replay.sees(lambda: len(models.table.rows), 0, 1, 2)


def test_that_the_values_in_the_lists_of_every_page_can_be_explained(replay: Replay) -> None:
    replay.go(250)
    window = replay.window

    def explained(view: QAbstractItemView, row: int) -> Subject | None:
        place = view.visualRect(view.model().index(row, 1)).center()
        return window.explaining.subject_at(view.viewport().mapTo(window, place))

    vibration = replay.page("vibration")
    assert isinstance(vibration, VibrationPage)
    replay.until(lambda: bool(vibration.table.rows))
    assert explained(vibration.point_view, 0) == explained(vibration.view, 0) == of_tag("P01.VIB")
    audit = replay.page("audit")
    assert isinstance(audit, AuditTrailPage)
    replay.until(lambda: audit.table.rowCount() == 2)
    assert explained(audit.view, 0) == of_tag("AC01.T_D")
    assert explained(audit.view, 1) is None, "a record that is about no value"
    maintenance = replay.page("maintenance")
    assert isinstance(maintenance, MaintenancePage)
    maintenance.list.setCurrentIndex(list(MaintenanceList).index(MaintenanceList.REGISTER))
    rows = [row.key for row in maintenance.table.rows]
    assert explained(maintenance.view, rows.index("P01")) == of_tag("P01.VIB")
    replay.window.navigation.open_page("cases")
    cases = replay.window.page("cases")
    assert isinstance(cases, CasePage)
    cases.open_tab(SCORES)
    assert explained(cases.scores.view, 0) == Subject(SubjectKind.FORECAST, "bearing")
    replay.until(lambda: bool(cases.scores.claims.rows))
    assert explained(cases.scores.claim_view, 0) == Subject(SubjectKind.FORECAST, "bearing")
    replay.window.navigation.open_page("alarms")
    alarms = replay.window.page("alarms")
    assert isinstance(alarms, AlarmPage)
    alarms.show_tab(JOURNAL)
    replay.until(lambda: alarms.journal.table.rowCount() > 0)
    assert explained(alarms.journal.view, 0) == of_tag("AC01.T_D")
    replay.window.navigation.open_page("equipment")
    tree = replay.window.tree.view
    index = replay.window.tree.model.index_of("AC01")
    assert window.explaining.subject_at(tree.viewport().mapTo(window, tree.visualRect(index).center())) == of_health(
        "AC01"
    )


def test_that_nothing_is_asked_or_touched_from_the_pages_of_a_replay(replay: Replay, folder: PlantFolder) -> None:
    replay.go(250)
    folder.draft.write_text("the draft of today")
    maintenance, models, handover = replay.page("maintenance"), replay.page("models"), replay.page("handover")
    assert isinstance(maintenance, MaintenancePage)
    assert isinstance(models, ModelPage)
    assert isinstance(handover, HandoverPage)
    replay.until(lambda: bool(models.table.rows))
    told: list[str] = []
    replay.feed.refused.connect(told.append)
    maintenance.request.click()
    maintenance.detail.step_asked.emit(WorkStep.PLAN)
    maintenance.provision.ask_stop(is_new=True)
    maintenance.provision.ask(ProvisionDeed.COUNT)
    assert models.ask_learning() is None
    assert models.act(ModelDeed.PROMOTE) is None
    assert handover.ask(HandoverAction.NOTE) is None
    assert told == ["This is a replay: go back to live (F8) to act"] * len(told)
    assert len(told) >= 6
    replay.window.navigation.open_page("engineering")
    editor = replay.window.page("engineering")
    assert isinstance(editor, EditorPage)
    replay.until(lambda: editor.drafting.draft is not None)
    editor.add()
    editor.drafting.discard()
    editor.drafting.undo()
    assert "replay" in editor.message.text()
    assert folder.draft.read_text() == "the draft of today"
    assert editor.drafting.draft is not None
    assert not editor.drafting.draft.is_changed
    assert open_dialogs(replay.window) == []
    folder.draft.unlink()
