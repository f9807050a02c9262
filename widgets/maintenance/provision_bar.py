"""What may be done about the planned stop or the spare part that is chosen in the list, and what came of it."""

from __future__ import annotations

import os
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.model.provision import ProvisionCommand, ProvisionDeed
from app.pubsub.frame import CommandDone, Provide
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.maintenance.part_dialog import PartDialog, deed_text
from widgets.maintenance.provision_lists import stop_of
from widgets.maintenance.provision_wording import refusal_text
from widgets.maintenance.remove_dialog import RemoveDialog
from widgets.maintenance.stop_dialog import StopDialog
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr

STOP_DEEDS = (ProvisionDeed.SET_STOP, ProvisionDeed.REMOVE_STOP)
Dialog = TypeVar("Dialog", StopDialog, PartDialog, RemoveDialog)
PART_DEEDS = (ProvisionDeed.COUNT, ProvisionDeed.RECEIVE, ProvisionDeed.WITHDRAW, ProvisionDeed.SET_RULE)


class ProvisionBar(QWidget):
    """`told`: what came of a command, also why it was refused."""

    told = Signal(str)

    def __init__(self, feed: Feed, acknowledgement: Acknowledgement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._acknowledgement = feed, acknowledgement
        self._chosen = ""
        self._requests: set[int] = set()
        self.add = QPushButton()
        self.buttons = {deed: QPushButton() for deed in (*STOP_DEEDS, *PART_DEEDS)}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(6))
        row.addWidget(self.add)
        for deed, button in self.buttons.items():
            row.addWidget(button)
            button.clicked.connect(lambda _=False, deed=deed: self.ask(deed))
        self.add.clicked.connect(lambda _=False: self.ask_stop(is_new=True))
        feed.requests.answered.connect(self._answered)
        self.retranslate()

    def show_choice(self, chosen: str, *, is_stop: bool) -> None:
        """Offer what may be done about the stop or part of that id, "" for none."""
        self._chosen = chosen
        self.add.setVisible(is_stop)
        for deed, button in self.buttons.items():
            button.setVisible((deed in STOP_DEEDS) is is_stop)
            button.setEnabled(bool(chosen))

    def ask(self, deed: ProvisionDeed) -> StopDialog | PartDialog | RemoveDialog | None:
        """Ask what a deed needs, and send it."""
        if not self._feed.may_act():
            return None
        operator = self._acknowledgement.operator
        if deed is ProvisionDeed.SET_STOP:
            return self.ask_stop(is_new=False)
        if deed is ProvisionDeed.REMOVE_STOP:
            stop = stop_of(self._feed, self._chosen)
            return None if stop is None else self._open(RemoveDialog(stop, operator=operator, parent=self))
        stock = self._feed.stock.get(self._chosen)
        if stock is None:
            return None
        names = {part.id: local(part.name) for part in self._feed.plant.spare_parts}
        return self._open(PartDialog(stock, names.get(stock.part, ""), deed, operator=operator, parent=self))

    def ask_stop(self, *, is_new: bool) -> StopDialog | None:
        """Ask for a stop, and send it."""
        seen = None if is_new else stop_of(self._feed, self._chosen)
        if (seen is None and not is_new) or not self._feed.may_act():
            return None
        return self._open(StopDialog(self._feed, seen, operator=self._acknowledgement.operator, parent=self))

    def send(self, command: ProvisionCommand, *, operator: str) -> None:
        """Send a command in the name of `operator`, who operates from now on."""
        self._acknowledgement.set_operator(operator)
        name, window = operator.strip(), f"window {os.getpid()}"
        self._requests.add(self._feed.requests.ask(lambda request: Provide(request, command, name, window)))

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.add.setText(tr("Add a stop…"))
        for deed, button in self.buttons.items():
            button.setText(deed_text(deed))

    def _open(self, dialog: Dialog) -> Dialog:
        dialog.accepted.connect(lambda: self.send(dialog.command, operator=dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _answered(self, answer: CommandDone) -> None:
        if answer.request not in self._requests:
            return
        self._requests.discard(answer.request)
        if answer.done:
            self.told.emit(tr("Done, and on disk"))
            return
        refusal = answer.provision_refusal
        why = refusal_text(refusal) if refusal is not None else station_text(answer.reason)
        self.told.emit(tr("Not done: {reason}", reason=why))
