"""What a window asks of its source: each request has a number, and each is answered, also those that reach nobody."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.alarm import AlarmRecord
from app.model.alarm_command import AlarmCommand
from app.model.case import CaseCommand
from app.model.work_order import WorkCommand, WorkRequest
from app.pubsub.frame import (
    Acknowledge,
    ActOnAlarms,
    ActOnCase,
    Command,
    CommandDone,
    RequestWork,
    StepWork,
    TakeConfiguration,
)
from widgets.source import Source


class Requests(QObject):
    """`answered`: the CommandDone of a request, whose number the method that sent it has returned."""

    answered = Signal(object)  # CommandDone

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._numbers = count(1)
        self._waiting: set[int] = set()

    def send(self, command: Command) -> bool:
        """Send a command whose answer is a signal; return False where the collector cannot be reached."""
        return self._source.send(command)

    def ask(self, command: Callable[[int], Command]) -> int:
        """Send a command that is made for the number of its request."""
        request = next(self._numbers)
        self._waiting.add(request)
        if not self._source.send(command(request)):
            QTimer.singleShot(0, self, self.refuse_waiting)
        return request

    def acknowledge(self, alarms: Sequence[AlarmRecord], *, operator: str, comment: str = "") -> int:
        """Tell the collector that `operator` has seen these alarms."""
        names, times = tuple(record.alarm for record in alarms), tuple(record.raised for record in alarms)
        return self.ask(lambda request: Acknowledge(request, names, times, operator, comment))

    def act_on_alarms(self, command: AlarmCommand, *, operator: str) -> int:
        """Tell the collector what `operator` does to alarms.

        The `refusals` of the answer say for each alarm why not, such as who was first, and when.
        """
        return self.ask(lambda request: ActOnAlarms(request, command, operator, window=_window()))

    def act_on_case(self, command: CaseCommand, *, operator: str) -> int:
        """Tell the collector what `operator` decides of a case."""
        return self.ask(lambda request: ActOnCase(request, command, operator, window=_window()))

    def take_configuration(self) -> int:
        """Let the collector work by the plant file as it is now."""
        return self.ask(TakeConfiguration)

    def request_work(self, work: WorkRequest, *, operator: str) -> int:
        """Ask for work in the name of `operator`."""
        return self.ask(lambda request: RequestWork(request, work, operator, _window()))

    def step_work(self, command: WorkCommand, *, operator: str, secret: str = "") -> int:
        """Do a step of a work order. `secret`: the PIN that signs."""
        return self.ask(lambda request: StepWork(request, command, operator, _window(), secret))

    def settle(self, answer: CommandDone) -> None:
        """Tell the answer of the source."""
        self._waiting.discard(answer.request)
        self.answered.emit(answer)

    def refuse_waiting(self) -> None:
        """Answer what waits, since nobody else will any more."""
        waiting, self._waiting = self._waiting, set()
        for request in sorted(waiting):
            self.answered.emit(CommandDone(request, done=False, reason=self._source.refusal))


def _window() -> str:
    return f"window {os.getpid()}"
