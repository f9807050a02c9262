"""What this window's engineer does with models: commands to the collector, and what became of them."""

from __future__ import annotations

import os

from PySide6.QtCore import QObject, Signal

from app.model.model_command import ModelCommand, ModelDeed
from app.pubsub.frame import ActOnModel, CommandDone
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.learning.refusal import refusal_text
from widgets.station_text import station_text
from widgets.translation import tr


class ModelDeeds(QObject):
    """`told`: what came of a command, also why it was refused; `done`: it is on disk, or has begun."""

    told = Signal(str)
    done = Signal()

    def __init__(self, feed: Feed, acknowledgement: Acknowledgement, parent: QObject) -> None:
        super().__init__(parent)
        self._feed = feed
        self._acknowledgement = acknowledgement
        self._requests: dict[int, ModelDeed] = {}
        feed.requests.answered.connect(self._answered)

    @property
    def operator(self) -> str:
        """Return who operates this window, "" while nobody has said it."""
        return self._acknowledgement.operator

    def may_act(self) -> bool:
        """Return whether anything can be done here: nothing can in a replay, which says so."""
        return self._feed.may_act()

    def send(self, command: ModelCommand, *, operator: str = "") -> None:
        """Send a command in the name of `operator`, who operates from now on; "" for whoever does."""
        if operator.strip():
            self._acknowledgement.set_operator(operator)
        name, window = self.operator, f"window {os.getpid()}"
        request = self._feed.requests.ask(lambda request: ActOnModel(request, command, name, window))
        self._requests[request] = command.deed

    def _answered(self, answer: CommandDone) -> None:
        deed = self._requests.pop(answer.request, None)
        if deed is None:
            return
        if answer.done:
            self.told.emit("" if deed in {ModelDeed.LEARN, ModelDeed.TRY} else tr("Done, and on disk"))
            self.done.emit()
            return
        why = refusal_text(answer.model_refusal) if answer.model_refusal is not None else station_text(answer.reason)
        self.told.emit(tr("Not done: {reason}", reason=why))
