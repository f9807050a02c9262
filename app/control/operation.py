"""One write: its rule, who holds it, and its record, changed by events of the state machine alone."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace

from app.control.trail import audit_of
from app.control.transition import ControlEvent, next_state
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.control import ControlRecord, ControlState, Reason
from app.model.tag import TagDefinition
from app.model.write_rule import WriteRule


class WriteOperation:
    """A write of `tag`, from its selection on; `owner` is the window that holds it."""

    def __init__(
        self, operation: str, tag: TagDefinition, rule: WriteRule, *, owner: Hashable, actor: Actor, old: float
    ) -> None:
        """Select."""
        self.tag, self.rule, self.owner, self.actor = tag, rule, owner, actor
        self._selected = clock.monotonic_ns()
        self.record = ControlRecord(
            operation=operation,
            tag=tag.name,
            state=ControlState.SELECTED,
            user=actor.name,
            role=actor.role or "",
            window=actor.window,
            since=clock.now_ns(),
            until=self._until(rule.select_s),
            old=old,
        )

    @property
    def state(self) -> ControlState:
        """Return the present state."""
        return self.record.state

    @property
    def is_unused(self) -> bool:
        """Whether a selection has been kept too long without being confirmed."""
        waits = self.state in {ControlState.SELECTED, ControlState.CHECKED}
        return waits and clock.monotonic_ns() - self._selected > self.rule.select_s * clock.NS_PER_S

    def check(self, value: float, old: float) -> ControlRecord:
        """Take a value that has passed the checks; `old` is what it would replace. The selection's time begins anew."""
        self._selected = clock.monotonic_ns()
        self.record = replace(self.record, new=value, old=old, until=self._until(self.rule.select_s))
        return self.apply(ControlEvent.CHECK)

    def confirm(self) -> ControlRecord:
        """Take the operator's word; from now on `expiry_s` runs."""
        self.record = replace(self.record, until=self._until(self.rule.expiry_s))
        return self.apply(ControlEvent.CONFIRM)

    def apply(self, event: ControlEvent, reason: Reason | None = None, *, read: float = math.nan) -> ControlRecord:
        """Return the record after an event; raise ForbiddenTransition."""
        state = next_state(self.state, event)
        until = 0 if state.is_final or state is ControlState.VERIFYING else self.record.until
        self.record = replace(self.record, state=state, reason=reason, read=read, since=clock.now_ns(), until=until)
        return self.record

    def audit(self, action: AuditAction, outcome: str = "") -> AuditRecord:
        """Return the line of the audit trail for the present state."""
        return audit_of(self.record, action, outcome)

    @staticmethod
    def _until(seconds: float) -> int:
        return clock.now_ns() + int(seconds * clock.NS_PER_S)
