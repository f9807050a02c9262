"""The one place through which every write and call of a plant goes: who holds what, and what is allowed now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from app.control import check
from app.control.call_execution import CallExecution
from app.control.call_operation import CallOperation
from app.control.check import ReadTag
from app.control.device import Device
from app.control.execution import Course, Execution
from app.control.operation import Operation, Wish, new_record, with_wish
from app.control.trail import Step, audit_of
from app.control.transition import ControlEvent
from app.control.write_execution import WriteExecution
from app.control.write_operation import WriteOperation
from app.model.actor import Actor
from app.model.audit import AuditRecord
from app.model.connection import LinkState
from app.model.content import Content, is_nothing
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.plant import Plant

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the desk sees and reaches of the station.

    `read`: the newest sample of a tag. `link`: the state of a connection. `device`: writes, reads and calls. `audit`:
    puts a line into the trail; what it returns is done once the line is on disk. `tell`: hears every change.
    """

    read: ReadTag
    link: Callable[[str], LinkState]
    device: Device
    audit: Callable[[AuditRecord], asyncio.Future[None]]
    tell: Callable[[ControlRecord], None]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a window wants to hold: `record`: of a refusal; `never`: why it never can be held, else `make` holds it."""

    key: Hashable
    record: ControlRecord
    never: Reason | None
    make: Callable[[], Operation]
    owner: Hashable
    actor: Actor


class ControlDesk:
    """Takes the commands of all windows, on one event loop; each answer is a ControlRecord, also of a refusal."""

    def __init__(self, plant: Plant, surroundings: Surroundings) -> None:
        """Begin with nothing selected."""
        self._plant = plant
        self._around = surroundings
        self._tags = {tag.name: tag for tag in plant.tags}
        self._methods = {method.name: method for method in plant.methods}
        self._held: dict[Hashable, Operation] = {}
        self._running: set[asyncio.Task[None]] = set()

    def standing(self) -> list[ControlRecord]:
        """Return the writes and calls that have not ended."""
        return [operation.record for operation in self._held.values()]

    def select(self, operation: str, tag: str, *, value: Content, owner: Hashable, actor: Actor) -> ControlRecord:
        """Hold a tag for `owner` and, unless `value` is NOTHING, check it; a refusal ends the selection."""
        definition, read = self._tags.get(tag), self._around.read
        rule = None if definition is None else definition.write
        record = replace(new_record(operation, actor), tag=tag)

        def make() -> Operation:
            assert definition is not None  # noqa: S101 - else it is never held
            assert rule is not None  # noqa: S101
            return WriteOperation(definition, rule, owner=owner, record=record, read=read)

        never = None
        if definition is None:
            never = Reason(ReasonCode.NO_TAG, {"tag": tag})
        elif self._plant.is_read_only:
            never = Reason(ReasonCode.READ_ONLY)
        elif rule is None:
            never = Reason(ReasonCode.NOT_WRITABLE, {"tag": tag})
        claim = _Claim(("tag", tag), record, never, make, owner, actor)
        return self._select(claim, None if is_nothing(value) else value)

    def select_method(
        self, operation: str, method: str, *, arguments: tuple[Content, ...] | None, owner: Hashable, actor: Actor
    ) -> ControlRecord:
        """Hold a method for `owner` and, unless `arguments` is None, check them; a refusal ends the selection."""
        definition = self._methods.get(method)
        record = replace(new_record(operation, actor), method=method)

        def make() -> Operation:
            assert definition is not None  # noqa: S101 - else it is never held
            return CallOperation(definition, owner=owner, record=record)

        never = None
        if definition is None:
            never = Reason(ReasonCode.NO_METHOD, {"method": method})
        elif self._plant.is_read_only:
            never = Reason(ReasonCode.READ_ONLY)
        elif not definition.is_enabled:
            never = Reason(ReasonCode.NOT_ENABLED, {"method": method})
        return self._select(_Claim(("method", method), record, never, make, owner, actor), arguments)

    def _select(self, claim: _Claim, wish: Wish | None) -> ControlRecord:
        held, operation = self._held.get(claim.key), claim.record.operation
        if held is not None and (held.owner != claim.owner or held.state.is_under_way):
            values = {"user": held.record.user, "window": held.record.window}
            return self._turn_away(claim.record, wish, Reason(ReasonCode.HELD, values))
        if any(each.record.operation == operation for each in self._held.values() if each is not held):
            return self._turn_away(claim.record, wish, Reason(ReasonCode.NOT_SELECTED))
        if claim.never is not None:
            return self._turn_away(claim.record, wish, claim.never)
        if held is None or held.record.operation != operation:
            if held is not None:
                self._finish(held, ControlEvent.CANCEL)
            held = claim.make()
            self._held[held.key] = held
        held.act_as(claim.actor)
        refusal = self._refusal(held, claim.actor) or (None if wish is None else self._wish_refusal(held, wish))
        if refusal is not None:
            return self._refuse(held, refusal, wish)
        if wish is not None:
            held.check(wish, self._around.read)
        self._around.tell(held.record)
        return held.record

    def execute(self, operation: str, value: Wish, *, owner: Hashable, actor: Actor) -> ControlRecord:
        """Carry out what was checked; what becomes of it is told. All is checked again, at the last moment too."""
        held = self._held_by(operation, owner)
        if held is None or held.state.is_under_way:
            return self._turn_away(new_record(operation, actor), value, Reason(ReasonCode.NOT_SELECTED))
        held.act_as(actor)
        if held.state is not ControlState.CHECKED or value != held.wish:
            return self._refuse(held, Reason(ReasonCode.NOT_CHECKED), value)
        refusal = self._final_refusal(held, actor)
        if refusal is not None:
            return self._refuse(held, refusal, value)
        record = held.confirm()
        self._around.tell(record)
        execution = self._execution(held, actor)
        task = asyncio.get_running_loop().create_task(self._carry_out(held, execution), name=f"command-{operation}")
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

    def _execution(self, held: Operation, actor: Actor) -> Execution:
        around = self._around
        course = Course(around.audit, around.tell, refusal=lambda: self._final_refusal(held, actor))
        if isinstance(held, CallOperation):
            return CallExecution(held, around.device, course)
        assert isinstance(held, WriteOperation)  # noqa: S101 - there are two kinds
        return WriteExecution(held, around.device, course)

    async def _carry_out(self, held: Operation, execution: Execution) -> None:
        try:
            await execution.run()
        finally:
            if not held.state.is_final:
                log.error("control.broken_off operation=%s state=%s", held.record.operation, held.state)
            self._held.pop(held.key, None)

    def _held_by(self, operation: str, owner: Hashable) -> Operation | None:
        held = next((held for held in self._held.values() if held.record.operation == operation), None)
        return held if held is not None and held.owner == owner else None

    def _refusal(self, held: Operation, actor: Actor) -> Reason | None:
        """Return why it cannot be commanded now by this actor, whatever is wanted."""
        return check.right_refusal(held.conditions, actor) or held.readiness_refusal(
            self._around.link(held.connection), self._around.read
        )

    def _wish_refusal(self, held: Operation, wish: Wish) -> Reason | None:
        return held.wish_refusal(wish) or check.condition_refusal(held.conditions, self._around.read)

    def _final_refusal(self, held: Operation, actor: Actor) -> Reason | None:
        return (
            self._refusal(held, actor) or self._wish_refusal(held, held.wish) or held.change_refusal(self._around.read)
        )

    def _refuse(self, held: Operation, reason: Reason, wish: Wish | None) -> ControlRecord:
        held.apply(ControlEvent.REFUSE, reason)
        self._held.pop(held.key, None)
        return self._told(held.record, wish, held.names)

    def _turn_away(self, record: ControlRecord, wish: Wish | None, reason: Reason) -> ControlRecord:
        """Refuse what never was selected; whoever names the write of somebody else is not answered."""
        return self._told(replace(record, state=ControlState.REFUSED, reason=reason), wish)

    def _told(self, record: ControlRecord, wish: Wish | None, names: tuple[str, ...] = ()) -> ControlRecord:
        """Tell a refusal and put it into the trail."""
        what = record.tag or record.method
        log.info("control.refused what=%s user=%s reason=%s", what, record.user, record.reason)
        self._around.audit(audit_of(with_wish(record, wish), Step.REFUSED, names=names))
        if all(held.record.operation != record.operation for held in self._held.values()):
            self._around.tell(record)
        return record

    def _finish(self, held: Operation, event: ControlEvent, reason: Reason | None = None) -> None:
        self._held.pop(held.key, None)
        self._around.tell(held.apply(event, reason))
