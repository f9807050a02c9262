"""What this window's operator does to alarms beside acknowledging them: comment, reset, shelve, and bring back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState
from app.model.alarm_command import AlarmAction, AlarmCommand
from app.model.work_order import WorkRequest, WorkSource
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.deed_dialog import DeedDialog
from widgets.feed import Feed
from widgets.translation import local, tr

WITHOUT_DIALOG = {
    AlarmAction.RESET,
    AlarmAction.UNSHELVE,
    AlarmAction.UNSUPPRESS,
    AlarmAction.RETURN_TO_SERVICE,
}
ENDS = {
    AlarmState.SHELVED: AlarmAction.UNSHELVE,
    AlarmState.SUPPRESSED: AlarmAction.UNSUPPRESS,
    AlarmState.OUT_OF_SERVICE: AlarmAction.RETURN_TO_SERVICE,
}


class AlarmDeeds(QObject):
    """Sends commands in the name of whoever operates; one dialog asks for what all chosen alarms have in common."""

    def __init__(self, feed: Feed, acknowledgement: Acknowledgement, window: QWidget) -> None:
        super().__init__(window)
        self._feed = feed
        self._acknowledgement = acknowledgement
        self._window = window

    def act(self, action: AlarmAction, records: Sequence[AlarmRecord]) -> None:
        """Do something to those of `records` to which it can be done; ask first where something must be said."""
        fit = [record for record in records if _is_fit(action, record)]
        if not fit or not self._feed.may_act():
            return
        if action in WITHOUT_DIALOG and self._acknowledgement.operator:
            self._send(AlarmCommand(action, _ids(fit)))
            return
        dialog = DeedDialog(
            action,
            fit,
            operator=self._acknowledgement.operator,
            longest_s=self.longest_s(action, fit),
            parent=self._window,
        )
        dialog.accepted.connect(lambda: self._take(dialog, fit))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def bring_back(self, records: Sequence[AlarmRecord]) -> None:
        """Bring hidden alarms back, each from what hides it."""
        for state, action in ENDS.items():
            self.act(action, [record for record in records if record.state is state])

    def longest_s(self, action: AlarmAction, records: Sequence[AlarmRecord]) -> float:
        """Return for how long all of `records` may be hidden at most, s."""
        rules = self._feed.plant.alarm_rules
        match action:
            case AlarmAction.SHELVE:
                own = {each.id: each.longest_shelf_min for each in self._feed.plant.alarms}
                times = [own.get(record.alarm) for record in records]
                return 60.0 * min(rules.longest_shelf_min if time is None else time for time in times)
            case AlarmAction.SUPPRESS:
                return 3_600.0 * rules.longest_suppression_h
            case AlarmAction.REMOVE_FROM_SERVICE:
                return 86_400.0 * rules.longest_out_of_service_d
        return 0.0

    def _take(self, dialog: DeedDialog, records: Sequence[AlarmRecord]) -> None:
        self._acknowledgement.set_operator(dialog.name.text())
        until = clock.now_ns() + dialog.seconds * clock.NS_PER_S if dialog.seconds else 0
        # the longest time of all counts from the collector's clock, a moment later: it would be refused as too long
        if dialog.seconds == int(self.longest_s(dialog.action, records)):
            until = 0
        self._send(
            AlarmCommand(
                dialog.action,
                _ids(records),
                reason=dialog.reason.text().strip(),
                until=until,
                is_one_shot=dialog.action is AlarmAction.SHELVE and dialog.one_shot.isChecked(),
            )
        )

    def _send(self, command: AlarmCommand) -> None:
        request = self._feed.requests.act_on_alarms(command, operator=self._acknowledgement.operator)
        self._acknowledgement.await_answer(request, tr("Not done"))


def _ids(records: Sequence[AlarmRecord]) -> tuple[str, ...]:
    return tuple(record.alarm for record in records)


def _is_fit(action: AlarmAction, record: AlarmRecord) -> bool:
    match action:
        case AlarmAction.RESET:
            return record.state is AlarmState.LATCHED
        case AlarmAction.UNSHELVE | AlarmAction.UNSUPPRESS | AlarmAction.RETURN_TO_SERVICE:
            return ENDS.get(record.state) is action
    return True


def work_for(record: AlarmRecord) -> WorkRequest:
    """Return the request for work on what an alarm is about."""
    return WorkRequest(
        record.equipment,
        WorkSource.ALARM,
        local(record.message),
        reference=record.alarm,
        title=record.message,
        priority=record.priority,
    )
