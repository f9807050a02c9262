"""Whoever looks back at an instant reads of a real file what was read of it then, whatever has been written since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from app.audit import journal as audit
from app.audit.checkpoints import newest_checkpoint
from app.audit.journal import AuditJournal
from app.audit.search import AuditQuery, persons, search
from app.audit.zone import ZONE
from app.case import store as case
from app.case.store import CaseStore
from app.database import DatabaseReadOnly, PlantConnection, open_reader, open_writer
from app.handover import store as handover
from app.handover.desk import HandoverDesk, HandoverStep
from app.handover.store import HandoverStore
from app.learning import store as learning
from app.learning.store import ModelStore
from app.maintenance import meter_store, provision_store
from app.maintenance import store as work
from app.maintenance.desk import WorkDesk
from app.maintenance.meter import MeterReading
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.case import CaseAction, CaseCommand, Verdict
from app.model.handover import HandoverAction, HandoverCommand
from app.model.learned_model import ModelKind, ModelRecord, ModelScore, ModelState, ModelStep, ModelTrial
from app.model.maintenance import PlannedStop
from app.model.provision import BookingKind, PartBooking, PartRule, StopChange
from app.model.score import Claim, ClaimKind, Ground, Outcome
from app.model.text import LocalText
from app.model.vibration import Trigger
from app.past import NEVER, PastTable, look_ahead, look_back, open_as_known, unchanged_around
from app.prediction import store as prediction
from app.prediction.store import ClaimStore
from app.vibration import store as vibration
from app.vibration.analysis import analyse
from app.vibration.store import WaveformStore
from tests.app.case import plants as cases
from tests.app.handover.test_desk import CALENDAR, LI, NOW, WANG, note, over, take
from tests.app.maintenance.plants import HOUR, plant
from tests.app.maintenance.test_store import whole_way
from tests.app.vibration.synthetic import POINT, ZONES, noise, waveform

Deed: TypeAlias = tuple[int, Callable[[PlantConnection], object]]


@dataclass(frozen=True, slots=True)
class Store:
    """One store: what is done to it, oldest first, with the instants (ns UTC), and all that can be read of it."""

    past: Sequence[PastTable]
    deeds: Callable[[], Iterator[Deed]]
    look: Callable[[PlantConnection], object]


def doing(
    keeper: Callable[[PlantConnection], object], name: str, *given: object
) -> Callable[[PlantConnection], object]:
    """Return what lets a store, made for a connection, do something."""
    return lambda connection: getattr(keeper(connection), name)(*given)


def work_deeds() -> Iterator[Deed]:
    for change in whole_way(WorkDesk(plant(), (), last=0)):
        yield change.time, doing(WorkStore, "record", [change])
    later = NOW + 50 * HOUR
    yield later, doing(WorkStore, "note_seen", ["service"], later)


def look_at_work(connection: PlantConnection) -> object:
    return (
        work.open_orders(connection),
        work.closed_orders(connection),
        work.steps_of(connection, 1),
        work.last_done(connection),
        work.renewals(connection),
        meter_store.seen_since(connection),
        work.order_of(connection, 1),
    )


def meter_deeds() -> Iterator[Deed]:
    for hour in range(3):
        reading = MeterReading(NOW + hour * HOUR, 100.0 + hour, None)
        yield reading.time, doing(WorkStore, "note_meters", [("M", reading)])


def look_at_meters(connection: PlantConnection) -> object:
    return meter_store.first_and_last_readings(connection), meter_store.meter_readings(connection)


def provision_deeds() -> Iterator[Deed]:
    stop = PlannedStop("summer", LocalText("Summer"), NOW, 8.0)
    changes = [StopChange(1, NOW, "summer", stop, None, "Li"), StopChange(2, NOW + 10, "summer", None, None, "Li")]
    booking = PartBooking("booking 1", NOW + 20, "seal", 3.0, BookingKind.COUNT, "Li")
    rule = PartRule("seal", NOW + 30, 2.0, "rack 4", "Li")
    for change in changes:
        yield change.time, doing(WorkStore, "change_stop", change)
    yield booking.time, doing(WorkStore, "book", [booking])
    yield rule.time, doing(WorkStore, "set_rule", rule)


def look_at_provision(connection: PlantConnection) -> object:
    stops, books = provision_store.stop_changes(connection), provision_store.bookings(connection)
    return stops, books, provision_store.part_rules(connection)


def handover_deeds() -> Iterator[Deed]:
    desk = HandoverDesk(CALENDAR, ["PU01"])
    close = HandoverCommand(HandoverAction.CLOSE, 1, text="new seal")
    for place, (command, who) in enumerate(((note(), LI), (over(), LI), (take(), WANG), (close, WANG))):
        step = desk.do(command, who, NOW + place, digest="d", is_proven=True)
        assert isinstance(step, HandoverStep)
        yield step.time, doing(HandoverStore, "record", step)


def learning_deeds() -> Iterator[Deed]:
    record = ModelRecord(
        0, ModelKind.EQUIPMENT, "PU01", is_class=False, made=NOW, author="Li", data_begin=1, data_end=2,
        data_digest="d", code_version="1", tags=("T",), units=("Cel",), period_s=1.0, parameters=b"p",
    )  # fmt: skip
    trial = ModelTrial(1, 0, NOW + 5, 1, 2, (ModelScore("share", 0.5, 4),))
    yield NOW, doing(ModelStore, "add", record)
    yield trial.made, doing(ModelStore, "try_out", trial)
    step = ModelStep(1, NOW + 9, ModelState.ACTIVE, "Li", "better")
    yield step.time, doing(ModelStore, "note", [step])
    yield NOW + 20, doing(ModelStore, "add", replace(record, made=NOW + 20))


def look_at_models(connection: PlantConnection) -> object:
    return (
        learning.models(connection),
        learning.steps_of(connection),
        learning.trials_of(connection, 1),
        learning.active_models(connection, ModelKind.EQUIPMENT),
    )


def vibration_deeds() -> Iterator[Deed]:
    for time in (10, 20, 30):
        given = replace(waveform(noise(1.0), time=time), trigger=Trigger.SCHEDULE)
        measure = analyse(given, POINT, ZONES).measure
        yield time, doing(WaveformStore, "add", given, measure)


def look_at_vibration(connection: PlantConnection) -> object:
    return vibration.records_of(connection), vibration.newest_times(connection)


def claim_deeds() -> Iterator[Deed]:
    first = Claim(1, ClaimKind.FORECAST, "PU01", "bearing", NOW, "trend 1", p50=NOW + 60)
    scored = replace(first, outcome=Outcome.HIT, happened=NOW + 50, scored=NOW + 55, ground=Ground.LIMIT)
    second = replace(first, number=2, made=NOW + 57)
    for time, claim in ((NOW, first), (NOW + 55, scored), (NOW + 57, second)):
        yield time, doing(ClaimStore, "write", [claim])


def look_at_claims(connection: PlantConnection) -> object:
    return prediction.claims(connection), prediction.past_of(connection)


def case_deeds() -> Iterator[Deed]:
    book = cases.book()
    steps = [(second, cases.step(book, second, *said)) for second, *said in (
        (0, cases.said(0, 2.0)), (60,), (70, cases.said(70, 3.0)),
    )]  # fmt: skip
    steps.append((80, book.obey(cases.close(1, Verdict.CONFIRMED, cause=cases.STRAINER.id), by="Li", now=cases.at(80))))
    steps.append((90, book.obey(CaseCommand(CaseAction.UNDO, 1, reason="no"), by="Li", now=cases.at(90))))
    for second, step in steps:
        yield cases.at(second), doing(CaseStore, "write", [step])


def look_at_cases(connection: PlantConnection) -> object:
    closed = case.cases(connection, is_open=False)  # of one that is open, app.case.instant tells
    return closed, [case.evidence(connection, each.number) for each in closed], case.effects(connection)


def audit_deeds() -> Iterator[Deed]:
    actions = (AuditAction.SIGN_IN, AuditAction.WRITE_INTENT, AuditAction.CONFIGURATION_CHANGED, AuditAction.SIGN_OFF)
    for place, action in enumerate(actions):
        record = AuditRecord(NOW + place, action, user=f"user {place}")
        yield record.time, doing(AuditJournal, "append", [record])


def look_at_audit(connection: PlantConnection) -> object:
    return (
        audit.size_of(connection),
        search(connection, AuditQuery()),
        search(connection, AuditQuery(person="user 1", kind="write")),
        persons(connection),
        audit.newest(connection, AuditAction.CONFIGURATION_CHANGED),
        newest_checkpoint(connection),
    )


STORES = {
    "work": Store(work.PAST_WORK, work_deeds, look_at_work),
    "meters": Store(meter_store.PAST_METERS, meter_deeds, look_at_meters),
    "provision": Store(provision_store.PAST_PROVISION, provision_deeds, look_at_provision),
    "handover": Store(handover.PAST, handover_deeds, handover.steps),
    "learning": Store(learning.PAST, learning_deeds, look_at_models),
    "vibration": Store(vibration.PAST, vibration_deeds, look_at_vibration),
    "claims": Store(prediction.PAST_CLAIMS, claim_deeds, look_at_claims),
    "cases": Store(case.PAST, case_deeds, look_at_cases),
    "audit": Store(audit.PAST, audit_deeds, look_at_audit),
}


def told(content: object) -> str:
    """Return what was read as text: NaN is like itself, arrays by their values."""
    with np.printoptions(threshold=10_000):
        return repr(content)


@pytest.mark.parametrize("name", STORES)
def test_that_the_past_is_read_as_it_was_read_then(tmp_path: Path, name: str) -> None:
    store, path = STORES[name], tmp_path / "history.sqlite"
    seen: dict[int, str] = {}
    with closing(open_writer(path)) as writer:
        for time, do in store.deeds():
            do(writer)
            with closing(open_reader(path)) as reader:
                seen[time] = told(store.look(reader))
    assert len(set(seen.values())) > 1
    times = sorted(seen)
    with closing(open_reader(path)) as reader:
        whole = told(store.look(reader))
        for place, time in reversed(list(enumerate(times))):
            since, until = unchanged_around(reader, time, store.past)
            following = times[place + 1] if place + 1 < len(times) else NEVER
            other = next((each for each in times[place + 1 :] if seen[each] != seen[time]), NEVER)
            assert since <= time < until <= other, "what changes is known beforehand"
            for at in {time, min(following, time + 1_000) - 1}:
                look_back(reader, at, store.past)
                assert told(store.look(reader)) == seen[time], at
                look_ahead(reader, store.past)
        look_back(reader, 0, store.past)
        assert told(store.look(reader)) != whole
        look_ahead(reader, store.past)
        assert told(store.look(reader)) == whole == seen[times[-1]]


def test_that_a_replay_reads_the_past_and_the_present_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as writer:
        for _, do in audit_deeds():
            do(writer)
    for live_at, size in ((None, 4), (NOW + 1, 2), (NOW - 1, 0)):
        clock.live_at(None if live_at is None else lambda live_at=live_at: live_at)  # type: ignore[misc]
        try:
            with closing(open_as_known(path, audit.PAST)) as connection:
                assert audit.size_of(connection) == size
                with pytest.raises(DatabaseReadOnly):
                    connection.execute("CREATE TABLE t (x)")
        finally:
            clock.live_at(None)


def test_that_a_look_into_the_past_of_a_long_log_reads_little_of_what_came_later(tmp_path: Path) -> None:
    path, last = tmp_path / "history.sqlite", 12 * ZONE + 100
    with closing(open_writer(path)) as writer:
        journal = AuditJournal(writer)
        journal.append([AuditRecord(n, AuditAction.SIGN_IN, user=f"user {n // ZONE}") for n in range(1, last)])
    with closing(open_reader(path)) as reader:
        for at in (1, ZONE - 1, ZONE, ZONE + 1, 5 * ZONE + 17, 12 * ZONE, last - 50):
            look_back(reader, at, audit.PAST)
            assert audit.size_of(reader) == at
            assert persons(reader) == tuple(sorted({f"user {n // ZONE}" for n in range(1, at + 1)}))
            found = search(reader, AuditQuery(person=f"user {at // ZONE}"))
            assert found.lines[0].time == at
            plan = [row[3] for row in reader.execute("EXPLAIN QUERY PLAN SELECT max(seq) FROM audit").fetchall()]
            assert "USING INTEGER PRIMARY KEY" in plan[0], plan
            assert not any("SCAN main.audit" in step and "zone" not in step for step in plan), plan
            look_ahead(reader, audit.PAST)
