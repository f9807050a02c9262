"""The one place through which all work orders of a plant go: what is asked for, each step, each refusal.

Of several who do the same the first one does it; the others are told who that was, and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.maintenance.check import entered, step_refusal, text_refusal
from app.maintenance.effect import Observation, proposed
from app.maintenance.transition import next_state
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.clock import NS_PER_S
from app.model.maintenance import MaintenanceDefinition
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.work_order import (
    CheckResult,
    MaintenanceEvent,
    PartUse,
    Signature,
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkRefusalCode,
    WorkRequest,
    WorkSource,
    WorkState,
    WorkStep,
)

STATION = Actor("station")
"""Who asks for work that is due, and proposes whether work has helped."""
_NS_PER_HOUR = 3_600 * NS_PER_S
_MANY = {WorkSource.HAND, WorkSource.FOLLOW_UP}
"""Of these there may be several at a time for one equipment."""


@dataclass(frozen=True, slots=True)
class WorkChange:
    """One step that was done: the order after it, by whom, from where and why. `time`: int64 ns UTC."""

    order: WorkOrder
    who: Actor
    reason: str

    @property
    def time(self) -> int:
        """Return when the step was taken, int64 ns UTC."""
        return self.order.changed

    @property
    def renewal(self) -> MaintenanceEvent | None:
        """Return that equipment was renewed, if this step is what says so."""
        order = self.order
        if order.step is WorkStep.COMPLETE and order.renews:
            return MaintenanceEvent(order.completed, order.equipment, order.id)
        return None


def request_work(
    equipment: str,
    source: WorkSource,
    reason: str,
    *,
    reference: str = "",
    title: LocalText = LocalText(""),
    priority: Priority = Priority.MEDIUM,
    due: int = 0,
) -> WorkRequest:
    """Return the request for work on an equipment, to be taken by a WorkDesk or sent to the collector.

    `reference`: what asked for it, opaque here: an alarm's id, a forecast's, a case's. While one order with the same
    source and reference is open, a second one is refused. `due`: int64 ns UTC, 0 for no date.
    """
    return WorkRequest(equipment, source, reason, reference, title, priority, due)


class WorkDesk:
    """Knows the orders that are not closed; changes are returned, and stored by whoever asked."""

    def __init__(self, plant: Plant, orders: Iterable[WorkOrder], *, last: int) -> None:
        """Go on with the open `orders`; `last`: the highest number given so far, 0 for none."""
        self._plant = plant
        self._orders = {order.id: order for order in orders if not order.state.is_final}
        self._last = last
        self._equipment = {equipment.id for equipment in plant.equipment}
        self._definitions = {definition.id: definition for definition in plant.maintenance}

    def open_orders(self) -> list[WorkOrder]:
        """Return the orders that are not closed, oldest first."""
        return list(self._orders.values())

    def order(self, number: int) -> WorkOrder | None:
        """Return an open order."""
        return self._orders.get(number)

    def open_for(self, source: WorkSource, reference: str) -> WorkOrder | None:
        """Return the open order that the same thing has asked for already."""
        return next(
            (order for order in self._orders.values() if order.source is source and order.reference == reference), None
        )

    def request(self, request: WorkRequest, who: Actor, now: int) -> WorkChange | WorkRefusal:
        """Open an order at `now` (ns UTC), or say why not."""
        refusal = self._request_refusal(request, who)
        if refusal is not None:
            return refusal
        definition = self._definitions.get(request.definition)
        self._last += 1
        order = WorkOrder(
            id=self._last,
            version=1,
            equipment=request.equipment,
            title=_title(request, definition),
            state=WorkState.REQUESTED,
            source=request.source,
            reference=request.reference,
            reason=request.reason.strip(),
            priority=request.priority,
            requested=now,
            requested_by=who.name.strip(),
            changed=now,
            changed_by=who.name.strip(),
            step=WorkStep.REQUEST,
            due=request.due,
            estimated_h=definition.estimated_h if definition else 0.0,
            planned_parts=definition.parts if definition else (),
            checks=tuple(map(CheckResult, definition.checks)) if definition else (),
            renews=bool(definition and definition.renews),
            follows=request.follows,
        )
        return self._take(WorkChange(order, who, order.reason))

    def step(
        self,
        command: WorkCommand,
        who: Actor,
        now: int,
        *,
        is_proven: bool = False,
        meter: float | None = None,
    ) -> Sequence[WorkChange] | WorkRefusal:
        """Do a step at `now` (ns UTC), or say why not; an order that did not help is followed by another request.

        `is_proven`: whether `who` has just proven with a PIN to be that. `meter`: the equipment's running hours.
        """
        order = self._orders.get(command.order)
        if order is None:
            text = f"there is no open order {command.order}"
            return WorkRefusal(command.order, WorkRefusalCode.NO_ORDER, text)
        refusal = step_refusal(order, command, who.name)
        if refusal is not None:
            return refusal
        after = _stepped(order, command, who.name.strip(), now)
        if command.step in {WorkStep.COMPLETE, WorkStep.CANCEL}:
            after = replace(after, meter=meter)
        if command.step is WorkStep.COMPLETE:
            watch = int(self._plant.maintenance_rules.watch_h * _NS_PER_HOUR / self._plant.time_scale)
            after = replace(
                after,
                completed=now,
                signature=Signature(who.name.strip(), who.role or "", now, is_proven),
                watch_until=now + watch,
            )
        changes = [self._take(WorkChange(after, who, command.reason.strip()))]
        if command.step is WorkStep.CONFIRM_NOT_FIXED:
            follow = self.request(_follow_up(order, command.reason), who, now)
            if isinstance(follow, WorkChange):
                changes.append(follow)
        return changes

    def observe(self, number: int, observation: Observation, now: int) -> WorkChange | None:
        """Judge completed work by what is seen at `now` (ns UTC); return the proposal where it is another one."""
        order = self._orders.get(number)
        if order is None or order.state is not WorkState.DONE:
            return None
        proposal = proposed(order, observation, now)
        before = order.proposal
        if before is not None and (before.effect, before.ground) == (proposal.effect, proposal.ground):
            return None
        after = replace(
            order, version=order.version + 1, proposal=proposal, changed=now, changed_by="", step=WorkStep.OBSERVE
        )
        return self._take(WorkChange(after, STATION, f"{proposal.effect}: {proposal.ground}"))

    def _take(self, change: WorkChange) -> WorkChange:
        order = change.order
        if order.state.is_final:
            self._orders.pop(order.id, None)
        else:
            self._orders[order.id] = order
        return change

    def _request_refusal(self, request: WorkRequest, who: Actor) -> WorkRefusal | None:
        by = who.name or who.window
        refusal = text_refusal(0, by, request.reason, request.title.en, request.title.zh, request.reference)
        if refusal is not None:
            return refusal
        if request.equipment not in self._equipment:
            text = f'there is no equipment "{request.equipment}": choose one of the plant'
            return WorkRefusal(0, WorkRefusalCode.NO_EQUIPMENT, text, subject=request.equipment)
        if request.definition and request.definition not in self._definitions:
            text = f'there is no maintenance "{request.definition}" in the plant file'
            return WorkRefusal(0, WorkRefusalCode.NO_DEFINITION, text, subject=request.definition)
        if not request.reason.strip():
            return WorkRefusal(0, WorkRefusalCode.NO_REASON, "not requested: say why")
        known = None if request.source in _MANY else self.open_for(request.source, request.reference)
        if known is not None:
            text = f"order {known.id} of {known.requested_by or 'the station'} is open for this already"
            return WorkRefusal(0, WorkRefusalCode.DUPLICATE, text, known.requested_by, known.requested, other=known.id)
        return None


def _title(request: WorkRequest, definition: MaintenanceDefinition | None) -> LocalText:
    if request.title.en.strip():
        return request.title
    if definition is not None:
        return definition.title
    first = (request.reason.strip().splitlines() or [""])[0]
    return LocalText(first if len(first) <= 120 else first[:117] + "...")


def _stepped(order: WorkOrder, command: WorkCommand, by: str, now: int) -> WorkOrder:
    """Return the order after a step that nothing refuses."""
    state = next_state(order.state, command.step)
    assert state is not None  # noqa: S101 - refused before
    is_plan, is_judged = command.step is WorkStep.PLAN, state in {WorkState.FIXED, WorkState.NOT_FIXED}
    reason = command.reason.strip()
    return replace(
        order,
        version=order.version + 1,
        state=state,
        changed=now,
        changed_by=by,
        step=command.step,
        planned_start=command.planned_start if is_plan else order.planned_start,
        estimated_h=(command.estimated_h or order.estimated_h) if is_plan else order.estimated_h,
        assignee=(command.assignee.strip() or order.assignee) if is_plan else order.assignee,
        started=order.started or (now if command.step is WorkStep.START else 0),
        spent_h=order.spent_h + command.spent_h,
        parts=_added(order.parts, command.parts),
        checks=entered(order.checks, command.checks),
        remark=reason if command.step is WorkStep.COMPLETE else order.remark,
        renews=order.renews if command.renews is None else command.renews,
        confirmed=now if is_judged else 0,
        confirmed_by=by if is_judged else "",
    )


def _added(parts: Sequence[PartUse], more: Sequence[PartUse]) -> tuple[PartUse, ...]:
    quantities = {use.part: use.quantity for use in parts}
    for use in more:
        quantities[use.part] = quantities.get(use.part, 0.0) + use.quantity
    return tuple(PartUse(part, quantity) for part, quantity in quantities.items() if quantity)


def _follow_up(order: WorkOrder, reason: str) -> WorkRequest:
    return WorkRequest(
        order.equipment,
        WorkSource.FOLLOW_UP,
        reason,
        reference=order.reference,
        title=order.title,
        priority=order.priority,
        follows=order.id,
    )
