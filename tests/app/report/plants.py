"""A small plant and a shift of it in a real file, with something of everything that a report tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from msgspec import structs

from app.alarm.journal import AlarmJournal
from app.audit.journal import AuditJournal
from app.case.store import CaseStore
from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.writer import HistoryWriter
from app.maintenance.desk import WorkChange, WorkDesk, request_work
from app.maintenance.store import WorkStore
from app.model import status
from app.model.actor import Actor
from app.model.alarm import AlarmDefinition, AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Hold, Priority
from app.model.audit import AuditAction, AuditRecord
from app.model.block import block_of
from app.model.case import CaseRecord, CaseWrite, RankedCause, Verdict
from app.model.clock import NS_PER_S
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.maintenance import Nameplate
from app.model.picture import Picture, Symbol
from app.model.plant import Plant
from app.model.role import Role
from app.model.score import Claim, ClaimKind, Ground, Outcome
from app.model.shift import Period, ShiftCalendar
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.model.work_order import WorkCommand, WorkRefusal, WorkSource, WorkStep
from app.prediction.store import ClaimStore

HOUR = 3_600 * NS_PER_S
LI = Actor("window 1", "Li Na 李娜", Role.OPERATOR)
WANG = Actor("window 2", "Wang", Role.ENGINEER)


def tag(handle: int, name: str, unit: str = "", **more: object) -> TagDefinition:
    return TagDefinition(handle, name, "PU01", LocalText(f"Title of {name}", f"{name} 名称"), "c", "a", unit, **more)  # type: ignore[arg-type]


PLANT = Plant(
    "works",
    LocalText("Water works", "水厂"),
    equipment=(
        Equipment("water", LocalText("Water", "循环水")),
        Equipment("PU01", LocalText("Pump PU01", "水泵 PU01"), parent="water", nameplate=Nameplate(meter="PU01.H")),
    ),
    connections=(ConnectionDefinition("c", "modbus", "modbus://127.0.0.1:502"),),
    tags=(
        tag(0, "PU01.P", "bar", normal_low=2.0, normal_high=4.0, decimals=2),
        tag(1, "PU01.RUN", kind=TagKind.DISCRETE),
        tag(2, "PU01.H", "h", kind=TagKind.COUNTER, decimals=1),
        tag(3, "PU01.E", "kW.h", kind=TagKind.COUNTER),
        tag(4, "PU01.V", "m3", kind=TagKind.COUNTER),
        tag(
            5, "PU01.MODE", kind=TagKind.DISCRETE, states=((0, LocalText("Off", "停")), (2, LocalText("Auto", "自动")))
        ),
    ),
    alarms=(
        AlarmDefinition(
            "PU01.P.H", "PU01.P", ConditionKind.HIGH, 4.5, Priority.HIGH, LocalText("Pressure high", "压力高")
        ),
    ),
    pictures=(
        Picture(
            "water",
            LocalText("Water"),
            "water",
            (100, 100),
            symbols=(Symbol("pump", (0, 0), (1, 1), "PU01", running="PU01.RUN"),),
        ),
    ),
    calendar=ShiftCalendar(zone="Asia/Shanghai"),
)
SHIFT: Period = PLANT.calendar.named("2026-11-25/early")
START, END = SHIFT.start, SHIFT.end


def hour(hours: float) -> int:
    """Return the instant so many hours after the start of the shift."""
    return START + round(hours * HOUR)


def write_shift(folder: Path) -> Path:
    """Write the file of the plant into a folder and return it."""
    path = folder / "history.sqlite"
    connection = open_writer(path)
    writer = HistoryWriter(connection, PLANT.tags)
    for handle, rows in _SAMPLES.items():
        times = np.array([hour(hours) for hours, _ in rows], np.int64)
        writer.write(block_of(handle, times, np.array([value for _, value in rows]), status.GOOD))
    record_gaps(
        connection, [Gap(hour(6) + 1, hour(6.5), GapReason.NOT_COLLECTING), Gap(hour(20), hour(21), GapReason.OVERLOAD)]
    )
    AlarmJournal(connection).record(_alarm_lines())
    AuditJournal(connection).append(_RECORDS)
    CaseStore(connection).write([CaseWrite(cases=_CASES)])
    ClaimStore(connection).write(_CLAIMS)
    WorkStore(connection).record(_work())
    connection.close()
    return path


_EVEN = [(hours / 4, 3.0) for hours in range(-4, 40)]
_SAMPLES = {
    0: [(hours, 5.0 if 2 <= hours < 3 else value) for hours, value in _EVEN if not 6 < hours < 6.5],
    1: [(-2.0, 1.0), (1.0, 0.0), (1.5, 1.0), (6.0, 1.0), (6.5, 1.0), (9.0, 0.0)],
    2: [(-1.0, 100.0), (6.0, 105.5), (7.9, 107.0), (9.0, 108.0)],
    3: [(-1.0, 10.0), (4.0, 50.0), (7.5, 90.0), (9.0, 99.0)],
    4: [(-1.0, 0.0), (7.5, 730.0)],
    5: [(-1.0, 2.0), (3.0, 0.0), (4.0, 2.0), (6.5, 2.0), (9.0, 0.0)],
}


def _alarm_lines() -> list[AlarmRecord]:
    lines = []
    for place, begun in enumerate((-3.0, 2.0, 2.1, 2.2, 7.0, 8.5)):
        raised = AlarmRecord(
            "PU01.P.H", "PU01.P", "PU01", AlarmState.UNACKNOWLEDGED, Priority.HIGH, ConditionKind.HIGH,
            LocalText("Pressure high", "压力高"), hour(begun), 5.0, 4.5, event=AlarmEvent.RAISE, changed=hour(begun),
            occurrences=place + 1,
        )  # fmt: skip
        seen = structs.replace(
            raised, state=AlarmState.ACKNOWLEDGED, event=AlarmEvent.ACKNOWLEDGE, changed=hour(begun) + 60 * NS_PER_S,
            acknowledged=hour(begun) + 60 * NS_PER_S, by="Li Na 李娜", reason="valve stuck" if begun == 2.0 else "",
        )  # fmt: skip
        gone = structs.replace(
            seen, state=AlarmState.NORMAL, event=AlarmEvent.CLEAR, changed=hour(begun + 0.05),
            returned=hour(begun + 0.05), by="", reason="",
        )  # fmt: skip
        lines += [raised, seen] if begun == 7.0 else [raised, seen, gone]
    shelved = structs.replace(
        lines[0], alarm="PU01.T.H", priority=Priority.MEDIUM, state=AlarmState.SHELVED, beneath=AlarmState.NORMAL,
        event=AlarmEvent.SHELVE, changed=hour(5), by="Li Na 李娜", reason="sensor wet",
        shelf=Hold(hour(5), hour(9), "Li Na 李娜", "sensor wet"),
    )  # fmt: skip
    back = structs.replace(
        shelved, state=AlarmState.NORMAL, event=AlarmEvent.UNSHELVE, changed=hour(9), shelf=None, by="", reason=""
    )
    return sorted([*lines, shelved, back], key=lambda record: record.changed)


_WRITE = AuditRecord(
    hour(1), AuditAction.WRITE_RESULT, user="Li Na 李娜", tag="PU01.P_SP", old=3.0, new=3.2, read=3.2, outcome="done"
)
_RECORDS = [
    replace(_WRITE, time=hour(-1)),
    _WRITE,
    replace(_WRITE, time=hour(2), action=AuditAction.WRITE_REFUSED, user="Wang", outcome="refused", reason="interlock"),
    replace(_WRITE, time=hour(3), action=AuditAction.METHOD_RESULT, tag="", subject="PU01.Reset", new=float("nan")),
    AuditRecord(hour(4), AuditAction.ALARM_OPERATED, user="Li Na 李娜", alarm="PU01.P.H", operation="acknowledge"),
    AuditRecord(hour(5), AuditAction.CONFIGURATION_CHANGED, user="Wang", subject="plant.toml"),
    replace(_WRITE, time=hour(8)),
]
_CASE = CaseRecord(
    1,
    "PU01",
    hour(-9),
    hour(-8),
    2.0,
    ("health",),
    causes=(RankedCause("b", LocalText("Bearing", "轴承"), LocalText("Change it"), 0.9),),
)
_CASES = (
    replace(_CASE, closed=hour(-1), verdict=Verdict.FALSE, by="Wang"),
    replace(
        _CASE, number=2, opened=hour(1), closed=hour(5), verdict=Verdict.CONFIRMED, cause=LocalText("Seal", "密封"),
        by="Wang",
    ),
    replace(_CASE, number=3, opened=hour(6), closed=hour(12), verdict=Verdict.FALSE, by="Wang"),
    replace(_CASE, number=4, opened=hour(9)),
)  # fmt: skip
_CLAIM = Claim(1, ClaimKind.FORECAST, "PU01", "PU01.bearing", hour(-30), "v1", hour(1), hour(2), hour(5))
_CLAIMS = [
    replace(_CLAIM, outcome=Outcome.HIT, happened=hour(-3), scored=hour(-3), ground=Ground.ALARM),
    replace(
        _CLAIM, number=2, made=hour(-2), outcome=Outcome.HIT, happened=hour(2), scored=hour(2), ground=Ground.ALARM
    ),
    replace(
        _CLAIM, number=3, made=hour(3), outcome=Outcome.HIT, happened=hour(10), scored=hour(10), ground=Ground.ALARM
    ),
    replace(_CLAIM, number=4, made=hour(9)),
]


def _work() -> list[WorkChange]:
    desk = WorkDesk(PLANT, [], last=0)
    changes: list[WorkChange] = []

    def ask(reason: str, at: float) -> int:
        change = desk.request(request_work("PU01", WorkSource.HAND, reason), LI, hour(at))
        assert isinstance(change, WorkChange)
        changes.append(change)
        return change.order.id

    def step(number: int, kind: WorkStep, at: float) -> None:
        order = desk.order(number)
        assert order is not None
        command = WorkCommand(number, order.version, kind, reason="as found", planned_start=hour(at))
        done = desk.step(command, WANG, hour(at), is_proven=True)
        assert not isinstance(done, WorkRefusal), done
        changes.extend(done)

    seal, filters, oil = ask("Seal leaks", -5), ask("Filter clogged", 1), ask("Oil low", 2)
    for kind, at in ((WorkStep.PLAN, 1.1), (WorkStep.RELEASE, 1.2), (WorkStep.START, 1.3), (WorkStep.COMPLETE, 5)):
        step(seal, kind, at)
    step(filters, WorkStep.CANCEL, 3)
    step(oil, WorkStep.PLAN, 4)
    step(oil, WorkStep.RELEASE, 9)
    ask("Too late", 10)
    return changes
