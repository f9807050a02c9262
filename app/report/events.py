"""What happened in a stretch of time, out of the plant's journals: alarms, deeds, cases, forecasts, work and words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from app.alarm.journal import entries
from app.alarm.journal_search import JournalReader
from app.alarm.statistics.figures import TOP, AlarmFigures
from app.alarm.statistics.journal import alarm_names, numbers_before
from app.alarm.statistics.reading import read_figures
from app.audit.search import between
from app.case import store as case_store
from app.database import PlantConnection
from app.maintenance import store as work_store
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState
from app.model.audit import AuditAction, AuditRecord
from app.model.case import RankedCause
from app.model.content import Content, is_nothing
from app.model.journal_search import JournalSearch
from app.model.score import Claim, ClaimKind, Outcome
from app.model.text import LocalText
from app.model.work_order import WorkOrder
from app.prediction.store import claims
from app.report.content import (
    AlarmPart,
    CaseLine,
    Comment,
    Deed,
    FloodTime,
    ForecastLine,
    PersonDeeds,
    StandingAlarm,
    TopAlarm,
    WorkRow,
)

MOST_DEEDS = 200
MOST_COMMENTS = 200
_MOST_RECORDS = 100_000
_LONG_S = 30.0
_TOLD = (
    AuditAction.WRITE_RESULT,
    AuditAction.WRITE_REFUSED,
    AuditAction.METHOD_RESULT,
    AuditAction.METHOD_REFUSED,
    AuditAction.CONFIGURATION_CHANGED,
)
_COUNTED = (
    *_TOLD,
    AuditAction.ALARM_OPERATED,
    AuditAction.ALARM_REFUSED,
    AuditAction.CASE_CLOSED,
    AuditAction.CASE_REFUSED,
    AuditAction.WORK_STEPPED,
    AuditAction.WORK_REFUSED,
)
_SPOKEN = frozenset(
    {
        AlarmEvent.COMMENT,
        AlarmEvent.ACKNOWLEDGE,
        AlarmEvent.RESET,
        AlarmEvent.SHELVE,
        AlarmEvent.SUPPRESS,
        AlarmEvent.REMOVE_FROM_SERVICE,
    }
)


def alarm_part(connection: PlantConnection, start: int, end: int) -> AlarmPart:
    """Return what the alarms of start <= t < end (ns UTC) were, and how they stood at its end."""
    figures = read_figures(connection, start, end)
    answer = figures.acknowledgements.median_s
    return AlarmPart(
        figures.activations,
        tuple(figures.by_priority.tolist()),
        figures.mean_per_period,
        int(figures.per_period.max(initial=0)),
        figures.flood_share,
        None if math.isnan(answer) else answer,
        tuple(_top(connection, figures)),
        tuple(FloodTime(flood.start, flood.end, flood.activations, flood.peak) for flood in figures.floods),
        tuple(_standing(connection, end)),
    )


def deeds(connection: PlantConnection, start: int, end: int) -> tuple[tuple[PersonDeeds, ...], tuple[Deed, ...], int]:
    """Return how much each person did, what was written, called and configured, and how many more deeds there were."""
    records = [line.record for line in between(connection, _COUNTED, start, end, limit=_MOST_RECORDS) if line.record]
    told = [record for record in records if record.action in _TOLD]
    return _people(records), tuple(map(_deed, told[-MOST_DEEDS:])), max(0, len(told) - MOST_DEEDS)


def case_lines(connection: PlantConnection, start: int, end: int) -> tuple[CaseLine, ...]:
    """Return the cases that were open at any time of it, oldest first."""
    found = [
        CaseLine(
            case.number,
            case.equipment,
            case.opened,
            case.closed if case.closed < end else 0,
            case.cause if case.cause.en and case.closed < end else _likely(case.causes),
            case.verdict if case.closed < end else None,
            case.by if case.closed < end else "",
        )
        for case in case_store.cases(connection, limit=-1)
        if case.opened < end and (case.is_open or case.closed >= start)
    ]
    return tuple(reversed(found))


def forecast_lines(connection: PlantConnection, start: int, end: int) -> tuple[ForecastLine, ...]:
    """Return what was foretold in it, what came of earlier forecasts in it, and what is still waited for.

    What was told of the same thing again and again is one line, in the order in which it was told first.
    """
    found: dict[tuple[ClaimKind, str], list[Claim]] = {}
    for claim in reversed(claims(connection, limit=_MOST_RECORDS)):
        if claim.made < end and (not claim.scored or claim.scored >= start):
            found.setdefault((claim.kind, claim.subject), []).append(claim)
    return tuple(_forecast(told, end) for told in found.values())


def _forecast(told: Sequence[Claim], end: int) -> ForecastLine:
    last = told[-1]
    is_known = last.scored < end
    return ForecastLine(
        last.kind,
        last.equipment,
        last.subject,
        len(told),
        told[0].made,
        last.made,
        last.p10,
        last.p50,
        last.outcome if is_known else Outcome.WAITING,
        last.happened if is_known else 0,
    )


def work_rows(connection: PlantConnection, start: int, end: int) -> tuple[WorkRow, ...]:
    """Return the orders that were open at any time of it as they stood at its end, the most urgent first."""
    known = [order for order in work_store.all_orders(connection) if order.requested < end]
    then = (_at(connection, order, end) for order in known if not order.state.is_final or order.changed >= start)
    rows = [
        WorkRow(
            order.id,
            order.equipment,
            order.title,
            order.state,
            order.requested,
            order.due,
            order.assignee,
            start <= order.completed < end,
        )
        for order in sorted((order for order in then if order is not None), key=_urgency)
        if not order.state.is_final or order.changed >= start
    ]
    return tuple(rows)


def comments(connection: PlantConnection, start: int, end: int) -> tuple[tuple[Comment, ...], int]:
    """Return what was said with deeds on alarms, oldest first; of many the newest, and how many more there were."""
    reader = JournalReader(connection)
    wanted = JournalSearch(events=_SPOKEN, start=start, end=end)
    found: list[Comment] = []
    page = reader.page(wanted, limit=1_000, budget_s=_LONG_S)
    while True:
        found += [
            Comment(entry.time, entry.record.by, entry.record.alarm, entry.record.reason)
            for entry in page.entries
            if entry.record.reason.strip()
        ]
        if not page.before:
            break
        page = reader.page(wanted, page.before, limit=1_000, budget_s=_LONG_S, alarms=page.alarms)
    return tuple(reversed(found[:MOST_COMMENTS])), max(0, len(found) - MOST_COMMENTS)


def _top(connection: PlantConnection, figures: AlarmFigures) -> Iterator[TopAlarm]:
    loads = [load for load in figures.loads[:TOP] if load.activations]
    names = alarm_names(connection, [load.alarm for load in loads])
    for load in loads:
        _, equipment, priority, english, chinese = names.get(load.alarm, ("", "", 4, load.alarm, ""))
        message = LocalText(english, chinese)
        yield TopAlarm(load.alarm, equipment, message, priority, load.activations, load.active_s)


def _standing(connection: PlantConnection, end: int) -> Iterator[StandingAlarm]:
    numbers = numbers_before(connection, end)
    records = [entry.record for entry in (entries(connection, numbers) if numbers else ())]
    standing = [record for record in records if record.state is not AlarmState.NORMAL]
    for record in sorted(standing, key=lambda each: (each.state.is_hidden, each.priority, each.raised, each.alarm)):
        yield _stands(record)


def _stands(record: AlarmRecord) -> StandingAlarm:
    hold = record.out_of_service or record.suppression or record.shelf
    return StandingAlarm(
        record.alarm,
        record.equipment,
        record.message,
        int(record.priority),
        record.state.value,
        record.raised if record.course is not AlarmState.NORMAL else 0,
        0 if hold is None else hold.since,
        0 if hold is None else hold.until,
        "" if hold is None else hold.by,
        ", ".join(record.suppressed_by) if hold is None else hold.reason,
    )


def _people(records: Iterable[AuditRecord]) -> tuple[PersonDeeds, ...]:
    counts: dict[str, Counter[str]] = {}
    for record in records:
        kind = "refused" if record.action.value.endswith("refused") else record.action.kind
        counts.setdefault(record.user or record.window, Counter())[kind] += 1
    rows = [
        PersonDeeds(
            user,
            found["write"],
            found["method"],
            found["alarm"],
            found["refused"],
            found.total() - sum(found[kind] for kind in ("write", "method", "alarm", "refused")),
        )
        for user, found in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.user, row.user)))


def _deed(record: AuditRecord) -> Deed:
    return Deed(
        record.time,
        record.action.value,
        record.user,
        record.tag or record.subject,
        _content(record.old),
        _content(record.new),
        record.outcome,
        record.reason,
    )


def _content(value: Content) -> float | str | None:
    return None if is_nothing(value) else value


def _likely(causes: Iterable[RankedCause]) -> LocalText:
    first = next(iter(causes), None)
    return LocalText("") if first is None else first.cause


def _at(connection: PlantConnection, order: WorkOrder, end: int) -> WorkOrder | None:
    """Return an order as it stood before `end` (ns UTC)."""
    if order.changed < end:
        return order
    steps = [line.order for line in work_store.steps_of(connection, order.id) if line.order.changed < end]
    return steps[-1] if steps else None


def _urgency(order: WorkOrder) -> tuple[bool, int, int, int]:
    return order.state.is_final, int(order.priority), order.due or order.requested, order.id
