"""Asks once, for one or many alarms, what must be known before something is done to them: who, why, and how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.alarm import AlarmRecord
from app.model.alarm_command import AlarmAction
from widgets import number
from widgets.choice import ChoiceBox, TickBox
from widgets.theme import theme
from widgets.translation import local, tr

MINUTE, HOUR, DAY = 60, 3_600, 86_400
TIMES: Mapping[AlarmAction, Sequence[int]] = {
    AlarmAction.SHELVE: (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY),
    AlarmAction.SUPPRESS: (HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 3 * DAY),
    AlarmAction.REMOVE_FROM_SERVICE: (8 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY),
}
MOST_NAMED = 5


class DeedDialog(QDialog):
    """`longest_s`: for how long it may be at most (of what hides alarms); shorter times are offered, least first."""

    def __init__(
        self,
        action: AlarmAction,
        records: Sequence[AlarmRecord],
        *,
        operator: str,
        longest_s: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.action = action
        self.name = QLineEdit(operator)
        self.reason = QLineEdit()
        self.time = ChoiceBox()
        self.one_shot = TickBox(tr("Also ends when the alarm does"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out(records, longest_s)
        for field in (self.name, self.reason):
            field.textChanged.connect(self._allow)
        self._allow()
        (self.reason if operator else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def seconds(self) -> int:
        """Return for how long it is to be, s; 0 where the deed has no end."""
        chosen: int | None = self.time.currentData()
        return chosen or 0

    def _lay_out(self, records: Sequence[AlarmRecord], longest_s: float) -> None:
        look = theme()
        title, verb = deed_texts()[self.action]
        self.setWindowTitle(title)
        self.setMinimumWidth(look.px(460))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(QLabel(_summary(records)))
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        form.addRow(tr("Comment") if self.action is AlarmAction.COMMENT else tr("Reason"), self.reason)
        if self.action in TIMES:
            self._offer_times(longest_s)
            form.addRow(tr("For"), self.time)
        if self.action is AlarmAction.SHELVE:
            form.addRow("", self.one_shot)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.name.setAccessibleName(tr("Your name"))
        self.reason.setAccessibleName(tr("Reason"))
        self.time.setAccessibleName(tr("For"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(verb)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _offer_times(self, longest_s: float) -> None:
        times = [time for time in TIMES[self.action] if time < longest_s]
        for time in times:
            self.time.addItem(number.plain_duration(time), time)
        self.time.addItem(tr("{time}, the longest allowed", time=number.plain_duration(longest_s)), int(longest_s))

    def _allow(self) -> None:
        needs_reason = self.action in {*TIMES, AlarmAction.COMMENT}
        is_told = bool(self.name.text().strip()) and (bool(self.reason.text().strip()) or not needs_reason)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)


def deed_texts() -> Mapping[AlarmAction, tuple[str, str]]:
    """Return the title of each deed's dialog, and what its button says."""
    return {
        AlarmAction.ACKNOWLEDGE: (tr("Acknowledge alarms"), tr("Acknowledge")),
        AlarmAction.RESET: (tr("Reset latched alarms"), tr("Reset")),
        AlarmAction.COMMENT: (tr("Comment on alarms"), tr("Comment")),
        AlarmAction.SHELVE: (tr("Shelve alarms"), tr("Shelve")),
        AlarmAction.UNSHELVE: (tr("Bring alarms back"), tr("Bring back")),
        AlarmAction.SUPPRESS: (tr("Suppress alarms"), tr("Suppress")),
        AlarmAction.UNSUPPRESS: (tr("Bring alarms back"), tr("Bring back")),
        AlarmAction.REMOVE_FROM_SERVICE: (tr("Take alarms out of service"), tr("Take out of service")),
        AlarmAction.RETURN_TO_SERVICE: (tr("Return alarms to service"), tr("Return to service")),
    }


def _summary(records: Sequence[AlarmRecord]) -> str:
    lines = [local(record.message) for record in records[:MOST_NAMED]]
    if len(records) > len(lines):
        lines.append(tr("and {n} more", n=len(records) - len(lines)))
    return "\n".join(lines)
