"""The running collector of a plant, as a command that writes or calls sees it."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.running_collector import RunningCollector
from app.model.control import ControlRecord
from app.pubsub.frame import Call, ControlChanged, Event, Execute, Select, SelectMethod

if TYPE_CHECKING:
    from app.plant.folder import PlantFolder

PATIENCE_S = 700.0
"""Longer than the longest time-out of a method."""


def is_confirmed(question: str) -> bool:
    """Return what somebody at the terminal says; raise UsageFailure where there is nobody."""
    if not sys.stdin.isatty():
        raise UsageFailure("nobody can be asked here: give --yes")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


class Commander(RunningCollector):
    """A window without a screen; what it has selected is let go of at the end of the block."""

    def __init__(self, folder: PlantFolder) -> None:
        """Connect as RunningCollector does."""
        super().__init__(folder)
        self.operation = secrets.token_hex(8)

    def select(self, command: Select | SelectMethod) -> ControlRecord:
        """Select what the command names for what it wants, and return what the checks say."""
        return self.ask(command, self._own)

    def execute(self, command: Execute | Call) -> ControlRecord:
        """Carry out what was checked, and return its end."""
        return self.ask(
            command,
            lambda event: record if (record := self._own(event)) and record.state.is_final else None,
            patience_s=PATIENCE_S,
        )

    def _own(self, event: Event) -> ControlRecord | None:
        is_own = isinstance(event, ControlChanged) and event.record.operation == self.operation
        return event.record if is_own and isinstance(event, ControlChanged) else None
