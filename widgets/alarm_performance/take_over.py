"""Takes over what was proposed for an alarm, with a reason and in somebody's name, and back again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.pubsub.frame import CommandDone, ReviseAlarm
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.refusal import refusals_text
from widgets.feed import Feed
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

Keys = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Change:
    """New and former values by the keys of the plant file, and the SHA-256 of its text from which they were made."""

    alarm: str
    keys: Keys
    former: Keys
    seen: str


class TakeOver(QFrame):
    """Asks the collector for the change, which has the last word on who may; tells what became of it.

    `seen`: gives the SHA-256 of the plant file as it is now, for the way back.
    """

    def __init__(
        self,
        feed: Feed,
        acknowledgement: Acknowledgement,
        seen: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed = feed
        self._acknowledgement = acknowledgement
        self._seen = seen
        self._change: Change | None = None
        self._request = 0
        self._is_taken = False
        self.name = QLineEdit(acknowledgement.operator)
        self.reason = QLineEdit()
        self.button = QPushButton()
        self.told = QLabel()
        self._lay_out()
        for field in (self.name, self.reason):
            field.textChanged.connect(self._allow)
        self.button.clicked.connect(self.ask)
        feed.requests.answered.connect(self._answered)
        self._allow()

    def offer(self, change: Change) -> None:
        """Let this change be taken over."""
        self._change = change
        self._allow()

    def ask(self) -> None:
        """Send the change, or the way back once it was taken over."""
        change = self._change
        if change is None or self._request:
            return
        self._acknowledgement.set_operator(self.name.text())
        keys, seen = (change.former, self._seen()) if self._is_taken else (change.keys, change.seen)
        reason, operator, window = self.reason.text().strip(), self.name.text().strip(), f"window {os.getpid()}"
        self._request = self._feed.requests.ask(
            lambda request: ReviseAlarm(request, change.alarm, dict(keys), seen, reason, operator, window)
        )
        self._tell(tr("Asked for; waiting for the answer"))

    def _answered(self, answer: CommandDone) -> None:
        if not self._request or answer.request != self._request:
            return
        self._request = 0
        if answer.done:
            self._is_taken = not self._is_taken
            self.reason.clear()
            self._tell(
                tr("Taken over: it counts from now on. The former plant file is kept beside it.")
                if self._is_taken
                else tr("Taken back: the alarm is as it was before.")
            )
            return
        reason = refusals_text(answer.refusals, lambda _: "", now=clock.now_ns()) or station_text(answer.reason)
        self._tell(tr("Not changed: {reason}", reason=reason))

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self._allow()

    def _allow(self) -> None:
        is_said = bool(self.name.text().strip() and self.reason.text().strip())
        self.button.setText(tr("Take back") if self._is_taken else tr("Take over"))
        self.button.setEnabled(is_said and self._change is not None and not self._request)
        self.setVisible(self._change is not None)

    def _lay_out(self) -> None:
        look = theme()
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        form.addRow(tr("Reason"), self.reason)
        self.name.setAccessibleName(tr("Your name"))
        self.reason.setAccessibleName(tr("Reason"))
        self.button.setProperty("kind", "primary")
        self.button.setAutoDefault(False)  # the enter key at the end of a reason changes nothing
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.told, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(form)
        column.addLayout(row)
