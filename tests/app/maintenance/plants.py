"""A small plant with maintenance, and people who work in it."""

from __future__ import annotations

from typing import Any

from app.maintenance.desk import WorkChange, WorkDesk, request_work
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.clock import NS_PER_S
from app.model.equipment import Equipment
from app.model.maintenance import CheckItem, MaintenanceDefinition, MaintenanceRules, PlannedStop, SparePart
from app.model.plant import Plant
from app.model.role import Role
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.model.work_order import CheckEntry, WorkCommand, WorkOrder, WorkRequest, WorkSource, WorkStep

NOW = 1_795_530_727_000_000_000
HOUR = 3_600 * NS_PER_S
DAY = 24 * HOUR
LI = Actor("window 1", "Li", Role.OPERATOR)
WANG = Actor("window 2", "Wang", Role.ENGINEER)

SERVICE = MaintenanceDefinition(
    "AC01.service",
    "AC01",
    LocalText("Service", "保养"),
    every=2_000.0,
    meter="AC01.H",
    every_days=180.0,
    estimated_h=4.0,
    parts=("filter",),
    checks=(
        CheckItem(LocalText("Oil level")),
        CheckItem(LocalText("Oil pressure"), "bar", 2.0, 4.0),
    ),
    renews=True,
)


def plant(time_scale: float = 1.0) -> Plant:
    return Plant(
        "plant",
        LocalText("Plant"),
        equipment=(Equipment("air", LocalText("Air")), Equipment("AC01", LocalText("Compressor"), parent="air")),
        connections=(),
        tags=(
            TagDefinition(0, "AC01.H", "AC01", LocalText("Hours"), "c", "a", "h", kind=TagKind.COUNTER),
            TagDefinition(1, "AC01.RUN", "AC01", LocalText("Runs"), "c", "b", kind=TagKind.DISCRETE),
        ),
        time_scale=time_scale,
        maintenance=(SERVICE,),
        maintenance_rules=MaintenanceRules(watch_h=72.0),
        spare_parts=(SparePart("filter", LocalText("Filter"), "A3"),),
        stops=(PlannedStop("monthly", LocalText("Stop"), NOW + 5 * DAY, 8.0, 28.0),),
    )


def desk() -> WorkDesk:
    return WorkDesk(plant(), (), last=0)


def wanted(source: WorkSource = WorkSource.HAND, **given: Any) -> WorkRequest:  # noqa: ANN401 - of any kind
    return request_work("AC01", source, "it rattles", **given)


def opened(at: WorkDesk, request: WorkRequest | None = None) -> WorkOrder:
    change = at.request(request or wanted(), LI, NOW)
    assert isinstance(change, WorkChange)
    return change.order


def done(
    at: WorkDesk,
    order: WorkOrder,
    step: WorkStep,
    who: Actor = WANG,
    now: int = NOW,
    **given: Any,  # noqa: ANN401 - of any kind
) -> WorkOrder:
    command = WorkCommand(order.id, order.version, step, **given)
    changes = at.step(command, who, now)
    assert isinstance(changes, list), changes
    order = changes[0].order
    assert isinstance(order, WorkOrder)
    return order


def in_work(at: WorkDesk, request: WorkRequest | None = None) -> WorkOrder:
    order = opened(at, request)
    order = done(at, order, WorkStep.PLAN, LI, planned_start=NOW + DAY, assignee="Zhao", estimated_h=3.0)
    order = done(at, order, WorkStep.RELEASE)
    return done(at, order, WorkStep.START, LI)


def completed(at: WorkDesk, request: WorkRequest | None = None, now: int = NOW) -> WorkOrder:
    order = in_work(at, request)
    checks = (CheckEntry(0), CheckEntry(1, value=3.0)) if order.checks else ()
    return done(at, order, WorkStep.COMPLETE, LI, now, reason="bearing replaced", checks=checks)


FROM_SERVICE = WorkRequest(
    "AC01", WorkSource.METER, "due", reference=SERVICE.id, definition=SERVICE.id, priority=Priority.DIAGNOSTIC
)
