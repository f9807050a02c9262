"""What this window's operator does about handovers: commands to the collector, and what became of them."""

from __future__ import annotations

import os

from PySide6.QtCore import QObject, Signal

from app.model.handover import HandoverCommand
from app.pubsub.frame import ActOnHandover, CommandDone
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.handover.drafts import TextDrafts
from widgets.handover.wording import refusal_text
from widgets.station_text import station_text
from widgets.translation import tr


class HandoverDeeds(QObject):
    """`told`: what came of a command, also why it was refused; `done`: it is on disk."""

    told = Signal(str)
    done = Signal()

    def __init__(self, feed: Feed, acknowledgement: Acknowledgement, parent: QObject) -> None:
        super().__init__(parent)
        self._feed = feed
        self._acknowledgement = acknowledgement
        self._requests: dict[int, HandoverCommand] = {}
        self.drafts = TextDrafts(acknowledgement.preferences, feed.plant.id)
        feed.requests.answered.connect(self._answered)

    @property
    def operator(self) -> str:
        """Return who operates this window, "" while nobody has said it."""
        return self._acknowledgement.operator

    def may_act(self) -> bool:
        """Return whether anything can be done here: nothing can in a replay, which says so."""
        return self._feed.may_act()

    def send(self, command: HandoverCommand, *, operator: str, secret: str = "") -> None:
        """Send a command in the name of `operator`, who operates from now on."""
        self._acknowledgement.set_operator(operator)
        window = f"window {os.getpid()}"
        request = self._feed.requests.ask(
            lambda request: ActOnHandover(request, command, self.operator, window, secret)
        )
        self._requests[request] = command

    def _answered(self, answer: CommandDone) -> None:
        command = self._requests.pop(answer.request, None)
        if command is None:
            return
        if answer.done:
            self.drafts.forget(command)
            self.told.emit(tr("Done, and on disk"))
            self.done.emit()
            return
        why = (
            refusal_text(answer.handover_refusal, self._feed.plant)
            if answer.handover_refusal is not None
            else station_text(answer.reason)
        )
        self.told.emit(tr("Not done: {reason}", reason=why))
