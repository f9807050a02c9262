"""What this window's operator does about maintenance: asks for work and does steps; a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.model.work_order import WorkCommand, WorkOrder, WorkRequest, WorkStep
from app.pubsub.frame import CommandDone
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.maintenance.provision_bar import ProvisionBar
from widgets.maintenance.request_dialog import RequestDialog
from widgets.maintenance.step_dialog import Entries, StepDialog
from widgets.maintenance.wording import order_name, refusal_text
from widgets.station_text import station_text
from widgets.translation import tr

WITHOUT_DIALOG = {WorkStep.RELEASE, WorkStep.START, WorkStep.CONFIRM_FIXED}


class WorkOrders(QObject):
    """`told`: what came of a command, also why it was refused; `requested`: the number of a new order.

    `has_users`: asked whenever work is signed, whether the plant has people with PINs.
    """

    told = Signal(str)
    requested = Signal(int)

    def __init__(
        self, feed: Feed, acknowledgement: Acknowledgement, window: QWidget, *, has_users: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._feed = feed
        self._acknowledgement = acknowledgement
        self._window = window
        self._has_users = has_users
        self._requests: dict[int, bool] = {}
        feed.requests.answered.connect(self._answered)

    @property
    def operator(self) -> str:
        """Return who operates this window, "" while nobody has said it."""
        return self._acknowledgement.operator

    def provision_bar(self) -> ProvisionBar:
        """Return what changes planned stops and books parts in the name of this operator."""
        return ProvisionBar(self._feed, self._acknowledgement)

    def ask(self, request: WorkRequest) -> RequestDialog | None:
        """Ask for work: what is known of it stands in the dialog, the rest is filled in."""
        if not self._feed.may_act():
            return None
        dialog = RequestDialog(self._feed.plant, request, operator=self.operator, parent=self._window)
        dialog.accepted.connect(lambda: self._send(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def step(self, order: WorkOrder, step: WorkStep, entries: Entries) -> StepDialog | None:
        """Do a step, after a dialog where something has to be known; `entries`: the checklist as it was filled in."""
        if not self._feed.may_act():
            return None
        if step in WITHOUT_DIALOG and self.operator:
            self.send(WorkCommand(order.id, order.version, step))
            return None
        dialog = StepDialog(
            replace(self._feed.plant, stops=self._feed.stops),
            order,
            step,
            operator=self.operator,
            entries=entries,
            stock=self._feed.stock,
            needs_pin=step is WorkStep.COMPLETE and self._has_users(),
            parent=self._window,
        )
        dialog.accepted.connect(lambda: self._take(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def send(self, command: WorkCommand, *, secret: str = "") -> None:
        """Send a step in the operator's name."""
        self._requests[self._feed.requests.step_work(command, operator=self.operator, secret=secret)] = False

    def _take(self, dialog: StepDialog) -> None:
        self._acknowledgement.set_operator(dialog.name.text())
        self.send(dialog.command(), secret=dialog.pin.text())

    def _send(self, dialog: RequestDialog) -> None:
        self._acknowledgement.set_operator(dialog.name.text())
        self._requests[self._feed.requests.request_work(dialog.request(), operator=self.operator)] = True

    def _answered(self, answer: CommandDone) -> None:
        is_request = self._requests.pop(answer.request, None)
        if is_request is None:
            return
        if not answer.done:
            why = refusal_text(answer.work_refusal) if answer.work_refusal is not None else station_text(answer.reason)
            self.told.emit(tr("Not done: {reason}", reason=why))
            return
        if is_request:
            self.told.emit(tr("{order} is requested", order=order_name(answer.work)))
            self.requested.emit(answer.work)
