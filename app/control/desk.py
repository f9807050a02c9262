"""The one place through which every write of a plant goes: who holds which tag, and what is allowed now."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from app.control import check
from app.control.check import ReadTag
from app.control.execution import Device, Execution
from app.control.operation import WriteOperation
from app.control.trail import audit_of
from app.control.transition import ControlEvent
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.connection import LinkState
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.plant import Plant
from app.model.tag import TagDefinition

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the desk sees and reaches of the station.

    `read`: the newest sample of a tag. `link`: the state of a connection. `device`: writes and reads tags. `audit`:
    puts a line into the trail; what it returns is done once the line is on disk. `tell`: hears every change.
    """

    read: ReadTag
    link: Callable[[str], LinkState]
    device: Device
    audit: Callable[[AuditRecord], asyncio.Future[None]]
    tell: Callable[[ControlRecord], None]


class ControlDesk:
    """Takes the commands of all windows, on one event loop; each answer is a ControlRecord, also of a refusal."""

    def __init__(self, plant: Plant, surroundings: Surroundings) -> None:
        """Begin with nothing selected."""
        self._plant = plant
        self._around = surroundings
        self._tags = {tag.name: tag for tag in plant.tags}
        self._held: dict[str, WriteOperation] = {}
        self._running: set[asyncio.Task[None]] = set()

    def standing(self) -> list[ControlRecord]:
        """Return the writes that have not ended."""
        return [operation.record for operation in self._held.values()]

    def select(self, operation: str, tag: str, *, value: float, owner: Hashable, actor: Actor) -> ControlRecord:
        """Hold a tag for `owner` and, unless `value` is NaN, check that value; a refusal ends the selection."""
        held = self._held.get(tag)
        if held is not None and (held.owner != owner or held.state.is_under_way):
            values = {"user": held.record.user, "window": held.record.window}
            return self._turn_away(operation, tag, value, actor, Reason(ReasonCode.HELD, values))
        if any(each.record.operation == operation for each in self._held.values() if each is not held):
            return self._turn_away(operation, tag, value, actor, Reason(ReasonCode.NOT_SELECTED))
        definition = self._tags.get(tag)
        rule = definition.write if definition is not None else None
        if definition is None or rule is None or self._plant.is_read_only:
            return self._turn_away(operation, tag, value, actor, self._never(definition, tag))
        if held is None or held.record.operation != operation:
            if held is not None:
                self._finish(held, ControlEvent.CANCEL)
            old = self._around.read(tag).value
            held = WriteOperation(operation, definition, rule, owner=owner, actor=actor, old=old)
            self._held[tag] = held
        held.actor = actor
        refusal = self._refusal(held) or (None if math.isnan(value) else self._value_refusal(held, value))
        if refusal is not None:
            return self._refuse(held, refusal, value)
        if not math.isnan(value):
            held.check(value, self._around.read(tag).value)
        self._around.tell(held.record)
        return held.record

    def execute(self, operation: str, value: float, *, owner: Hashable, actor: Actor) -> ControlRecord:
        """Carry out a checked write; what becomes of it is told. All is checked again, at the last moment too."""
        held = self._held_by(operation, owner)
        if held is None or held.state.is_under_way:
            return self._turn_away(operation, "", value, actor, Reason(ReasonCode.NOT_SELECTED))
        held.actor = actor
        if held.state is not ControlState.CHECKED or value != held.record.new:
            return self._refuse(held, Reason(ReasonCode.NOT_CHECKED), value)
        refusal = self._final_refusal(held)
        if refusal is not None:
            return self._refuse(held, refusal, value)
        record = held.confirm()
        self._around.tell(record)
        task = asyncio.get_running_loop().create_task(self._carry_out(held), name=f"write-{held.tag.name}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return record

    def cancel(self, operation: str, *, owner: Hashable) -> None:
        """Let go of a selection; what was confirmed cannot be taken back."""
        held = self._held_by(operation, owner)
        if held is not None and not held.state.is_under_way:
            self._finish(held, ControlEvent.CANCEL)

    def leave(self, owner: Hashable) -> None:
        """Let go of all that a window has selected, since it is gone."""
        for held in list(self._held.values()):
            if held.owner == owner and not held.state.is_under_way:
                self._finish(held, ControlEvent.CANCEL, Reason(ReasonCode.WINDOW_GONE))

    def tick(self) -> None:
        """Let selections expire that nobody has used."""
        for held in list(self._held.values()):
            if held.is_unused:
                self._finish(held, ControlEvent.EXPIRE, Reason(ReasonCode.UNUSED))

    async def close(self) -> None:
        """Break off what is under way; its result goes into the trail as not known."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _carry_out(self, held: WriteOperation) -> None:
        execution = Execution(
            held, self._around.device, self._around.audit, self._around.tell, refusal=lambda: self._final_refusal(held)
        )
        try:
            await execution.run()
        finally:
            if not held.state.is_final:
                log.error("control.broken_off operation=%s state=%s", held.record.operation, held.state)
            self._held.pop(held.tag.name, None)

    def _held_by(self, operation: str, owner: Hashable) -> WriteOperation | None:
        held = next((held for held in self._held.values() if held.record.operation == operation), None)
        return held if held is not None and held.owner == owner else None

    def _refusal(self, held: WriteOperation) -> Reason | None:
        """Return why this tag cannot be written now by this actor, whatever the value."""
        return check.right_refusal(held.rule, held.actor) or check.readiness_refusal(
            held.tag, self._around.link(held.tag.connection), self._around.read(held.tag.name)
        )

    def _value_refusal(self, held: WriteOperation, value: float) -> Reason | None:
        return check.value_refusal(held.rule, value) or check.condition_refusal(held.rule, self._around.read)

    def _final_refusal(self, held: WriteOperation) -> Reason | None:
        present = self._around.read(held.tag.name).value
        refusal = self._refusal(held) or self._value_refusal(held, held.record.new)
        if refusal is None and abs(present - held.record.old) > held.rule.tolerance:
            return Reason(ReasonCode.CHANGED, {"value": f"{present:.10g}"})
        return refusal

    def _never(self, tag: TagDefinition | None, name: str) -> Reason:
        if tag is None:
            return Reason(ReasonCode.NO_TAG, {"tag": name})
        if self._plant.is_read_only:
            return Reason(ReasonCode.READ_ONLY)
        return Reason(ReasonCode.NOT_WRITABLE, {"tag": name})

    def _refuse(self, held: WriteOperation, reason: Reason, value: float) -> ControlRecord:
        held.apply(ControlEvent.REFUSE, reason)
        self._held.pop(held.tag.name, None)
        return self._told(held.record, value)

    def _turn_away(self, operation: str, tag: str, value: float, actor: Actor, reason: Reason) -> ControlRecord:
        """Refuse what never was selected; whoever names the write of somebody else is not answered."""
        return self._told(
            ControlRecord(
                operation,
                tag,
                ControlState.REFUSED,
                user=actor.name,
                role=actor.role or "",
                window=actor.window,
                since=clock.now_ns(),
                reason=reason,
            ),
            value,
        )

    def _told(self, record: ControlRecord, value: float) -> ControlRecord:
        """Tell a refusal and put it into the trail."""
        log.info("control.refused tag=%s user=%s reason=%s", record.tag, record.user, record.reason)
        self._around.audit(audit_of(replace(record, new=value), AuditAction.WRITE_REFUSED))
        if all(held.record.operation != record.operation for held in self._held.values()):
            self._around.tell(record)
        return record

    def _finish(self, held: WriteOperation, event: ControlEvent, reason: Reason | None = None) -> None:
        self._held.pop(held.tag.name, None)
        self._around.tell(held.apply(event, reason))
