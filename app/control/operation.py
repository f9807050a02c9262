"""One command of an operator: who holds what, and its record, changed by events of the state machine alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import replace

from app.control.check import ReadTag
from app.control.trail import Step, audit_of
from app.control.transition import ControlEvent, next_state
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditRecord
from app.model.connection import LinkState
from app.model.content import NOTHING, Content
from app.model.control import ControlRecord, ControlState, Reason
from app.model.write_rule import Conditions

Wish = Content | tuple[Content, ...]
"""What is wanted: the value of a tag, or the arguments of a method."""


class Operation(ABC):
    """A write or a call, from its selection on; `owner` is the window that holds it, `key` what it holds."""

    def __init__(
        self, key: Hashable, connection: str, conditions: Conditions, *, owner: Hashable, record: ControlRecord
    ) -> None:
        """Select; `record` as `selected` makes it."""
        self.key, self.connection, self.conditions, self.owner = key, connection, conditions, owner
        self._selected = clock.monotonic_ns()
        self.record = replace(record, until=self._until(conditions.select_s))

    @property
    def state(self) -> ControlState:
        """Return the present state."""
        return self.record.state

    @property
    def is_unused(self) -> bool:
        """Whether a selection has been kept too long without being confirmed."""
        waits = self.state in {ControlState.SELECTED, ControlState.CHECKED}
        return waits and clock.monotonic_ns() - self._selected > self.conditions.select_s * clock.NS_PER_S

    @property
    @abstractmethod
    def wish(self) -> Wish:
        """Return what was checked."""

    @abstractmethod
    def readiness_refusal(self, link: LinkState, read: ReadTag) -> Reason | None:
        """Return why the device cannot be commanded now, whatever is wanted."""

    @abstractmethod
    def wish_refusal(self, wish: Wish) -> Reason | None:
        """Return why this may not be commanded, whoever does."""

    @abstractmethod
    def change_refusal(self, read: ReadTag) -> Reason | None:
        """Return what has changed since it was selected, so that the operator must look again."""

    @abstractmethod
    def with_wish(self, wish: Wish, read: ReadTag) -> ControlRecord:
        """Return the record with what has passed the checks."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its arguments."""
        return ()

    def check(self, wish: Wish, read: ReadTag) -> ControlRecord:
        """Take what has passed the checks. The selection's time begins anew."""
        self._selected = clock.monotonic_ns()
        self.record = replace(self.with_wish(wish, read), until=self._until(self.conditions.select_s))
        return self.apply(ControlEvent.CHECK)

    def act_as(self, actor: Actor) -> None:
        """Note who acts now."""
        self.record = replace(self.record, user=actor.name, role=actor.role or "")

    def confirm(self) -> ControlRecord:
        """Take the operator's word; from now on `expiry_s` runs."""
        self.record = replace(self.record, until=self._until(self.conditions.expiry_s))
        return self.apply(ControlEvent.CONFIRM)

    def apply(self, event: ControlEvent, reason: Reason | None = None, *, read: Content = NOTHING) -> ControlRecord:
        """Return the record after an event; raise ForbiddenTransition."""
        state = next_state(self.state, event)
        until = 0 if state.is_final or state is ControlState.VERIFYING else self.record.until
        self.record = replace(self.record, state=state, reason=reason, read=read, since=clock.now_ns(), until=until)
        return self.record

    def audit(self, step: Step) -> AuditRecord:
        """Return the line of the audit trail for the present state."""
        return audit_of(self.record, step, names=self.names)

    @staticmethod
    def _until(seconds: float) -> int:
        return clock.now_ns() + int(seconds * clock.NS_PER_S)


def new_record(operation: str, actor: Actor, state: ControlState = ControlState.SELECTED) -> ControlRecord:
    """Return the record of a command that `actor` has just given, of nothing yet."""
    return ControlRecord(
        operation,
        "",
        state,
        user=actor.name,
        role=actor.role or "",
        window=actor.window,
        since=clock.now_ns(),
    )


def with_wish(record: ControlRecord, wish: Wish | None) -> ControlRecord:
    """Return a record that says what is wanted."""
    if wish is None:
        return record
    return replace(record, arguments=wish) if isinstance(wish, tuple) else replace(record, new=wish)
