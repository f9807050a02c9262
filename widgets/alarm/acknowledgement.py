"""An operator's "seen": who says it and with what comment, asked only where it is not known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model import clock
from app.model.alarm import AlarmRecord
from app.pubsub.frame import CommandDone
from widgets.alarm.refusal import refusals_text
from widgets.feed import Feed
from widgets.model.alarm_column import message_of
from widgets.preference import Preferences
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr


class AcknowledgeDialog(QDialog):
    """Asks for the operator's name and, where `with_comment`, for a comment."""

    def __init__(
        self, records: Sequence[AlarmRecord], *, operator: str, with_comment: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        look = theme()
        self.name = QLineEdit(operator)
        self.comment = QLineEdit()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(tr("Acknowledge alarms") if records else tr("Operator"))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        if records:
            column.addWidget(QLabel(_summary(records)))
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        if with_comment:
            form.addRow(tr("Comment"), self.comment)
        column.addLayout(form)
        column.addWidget(self._buttons)
        self.setMinimumWidth(look.px(420))
        self.name.setAccessibleName(tr("Your name"))
        self.comment.setAccessibleName(tr("Comment"))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._allow)
        self._allow(operator)
        (self.comment if operator and with_comment else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _allow(self, name: str) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(name.strip()))


def _summary(records: Sequence[AlarmRecord]) -> str:
    lines = [local(record.message) for record in records[:5]]
    if len(records) > len(lines):
        lines.append(tr("and {n} more", n=len(records) - len(lines)))
    return "\n".join(lines)


class Acknowledgement(QObject):
    """Sends acknowledgements of one window to the collector and remembers who operates it."""

    operator_changed = Signal(str)
    refused = Signal(str)

    def __init__(self, feed: Feed, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._feed = feed
        self._preferences = preferences
        self._window = window
        self._requests: dict[int, str] = {}
        feed.requests.answered.connect(self._answered)

    @property
    def preferences(self) -> Preferences:
        """Return what this window remembers."""
        return self._preferences

    @property
    def operator(self) -> str:
        """Return who operates this window, "" while nobody has said it."""
        return self._preferences.operator

    def acknowledge(self, records: Sequence[AlarmRecord], *, with_comment: bool = False) -> None:
        """Acknowledge those of `records` that still wait for it; ask for the name, or for a comment, first."""
        waiting = [record for record in records if record.state.needs_acknowledge]
        if not waiting or not self._feed.may_act():
            return
        if self.operator and not with_comment:
            self.send(waiting, comment="")
            return
        dialog = AcknowledgeDialog(waiting, operator=self.operator, with_comment=True, parent=self._window)
        dialog.accepted.connect(lambda: self._take(dialog, waiting))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_operator(self) -> None:
        """Ask who operates."""
        if not self._feed.may_act():
            return
        dialog = AcknowledgeDialog([], operator=self.operator, with_comment=False, parent=self._window)
        dialog.accepted.connect(lambda: self.set_operator(dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def set_operator(self, name: str) -> None:
        """Remember who operates this window."""
        self._preferences.operator = name.strip()
        self.operator_changed.emit(name.strip())

    def send(self, records: Sequence[AlarmRecord], *, comment: str) -> None:
        """Send the acknowledgement of `records` in the operator's name."""
        request = self._feed.requests.acknowledge(records, operator=self.operator, comment=comment)
        self.await_answer(request, tr("Not acknowledged"))

    def await_answer(self, request: int, failure: str) -> None:
        """Tell the operator by `refused` if a request is refused: `failure`, and why."""
        self._requests[request] = failure

    def _take(self, dialog: AcknowledgeDialog, records: Sequence[AlarmRecord]) -> None:
        self.set_operator(dialog.name.text())
        self.send(records, comment=dialog.comment.text().strip())

    def _answered(self, answer: CommandDone) -> None:
        failure = self._requests.pop(answer.request, None)
        if failure is None or answer.done:
            return
        known = refusals_text(answer.refusals, lambda alarm: message_of(self._feed, alarm), now=clock.now_ns())
        self.refused.emit(tr("{failure}: {reason}", failure=failure, reason=known or station_text(answer.reason)))
