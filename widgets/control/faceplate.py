"""The faceplate of a writable tag: the value now, the one that is wanted, old and new to confirm, and the result."""

from __future__ import annotations

import math
import secrets

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.alarm import Priority
from app.model.control import ControlRecord, ControlState
from app.model.tag import TagDefinition
from app.model.write_rule import WriteRule
from app.pubsub.frame import Cancel, Execute, Select
from widgets import number
from widgets.control.conditions import Conditions
from widgets.control.keypad import KEY, Keypad, typed_number
from widgets.control.session import ControlSession
from widgets.control.sign_in import SignInDialog
from widgets.control.wording import reason_text, role_text, state_text
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr

REFRESH_MS = 200
_TROUBLE = {ControlState.REFUSED, ControlState.FAILED, ControlState.UNKNOWN, ControlState.EXPIRED}


class Faceplate(QDialog):
    """Two steps: Check asks the collector, Write confirms the change from old to new. It never waits for an answer."""

    def __init__(
        self, feed: Feed, session: ControlSession, tag: TagDefinition, rule: WriteRule, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tag, self.rule = tag, rule
        self.record: ControlRecord | None = None
        self._feed, self._session = feed, session
        self._operation = ""
        self.present, self.allowed, self.change, self.message = QLabel(), QLabel(), QLabel(), QLabel()
        self.note = QLabel(local(rule.confirm))
        self.entry = QLineEdit()
        self.keypad = Keypad(self.entry)
        self.conditions = Conditions(feed, rule)
        self.first, self.second, self.leave = QPushButton(), QPushButton(), QPushButton()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        feed.control_changed.connect(self._take)
        session.changed.connect(self._hold)
        self.entry.textEdited.connect(self._let_go_of_check)
        self._timer.start()
        self._hold()
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def state(self) -> ControlState | None:
        """Return how far the write is; None before anything is selected."""
        return self.record.state if self.record is not None else None

    def check(self) -> None:
        """Ask the collector whether the typed value may be written; sign in first where nobody is."""
        if not self._session.is_signed_in:
            dialog = SignInDialog(self._session, parent=self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        value = typed_number(self.entry.text())
        if value is None or not math.isfinite(value):
            self._say(tr("Type a number"), is_trouble=True)
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._select(value)

    def write(self) -> None:
        """Confirm: only this sends anything to the device."""
        if self.record is not None and self.state is ControlState.CHECKED:
            self.second.setEnabled(False)
            self._send(Execute(self._operation, self.record.new))

    def refresh(self) -> None:
        """Renew what is live: the value, the conditions, the countdown."""
        sample = self._feed.value(self.tag.handle)
        told = number.reading(
            sample.value,
            sample.status,
            tag=self.tag,
            time=sample.source_time,
            now=clock.now_ns(),
            is_linked=self._feed.is_linked,
        )
        self.present.setText(" ".join(part for part in (told.text, told.unit) if part))
        self.present.setToolTip(told.note)
        self.conditions.refresh()
        record = self.record
        if record is not None and record.state in {ControlState.SELECTED, ControlState.CHECKED}:
            rest = max(0, math.ceil((record.until - clock.now_ns()) / clock.NS_PER_S))
            self._say(tr("Kept for you for another {seconds} s", seconds=rest))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not is_return:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():  # a key that is held down must not both check and confirm
            self._press_return()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._release()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        self._release()
        super().done(result)

    def _press_return(self) -> None:
        if self.second.isVisible() and self.second.isEnabled() and self.second.hasFocus():
            self.write()
        elif self.leave.hasFocus():
            self.reject()
        elif self.first.isVisible():
            self.check()

    def _hold(self) -> None:
        """Select the tag for this window as soon as somebody is signed in, so that no other one writes it meanwhile."""
        if self._session.is_signed_in:
            self._select(math.nan)
        else:
            self.record = None
            self._say(tr("Sign in to write this value"))
        self._arrange()

    def _select(self, value: float) -> None:
        if self.record is None or self.record.state.is_final:
            self._operation = secrets.token_hex(8)
            self.record = None
        self._send(Select(self._operation, self.tag.name, value))

    def _send(self, command: Select | Execute | Cancel) -> None:
        if not self._feed.send(command):
            self._say(tr("The collector was not reached; try again when it is connected"), is_trouble=True)

    def _release(self) -> None:
        self._timer.stop()
        if self.record is not None and not self.record.state.is_final and not self.record.state.is_under_way:
            self._send(Cancel(self._operation))

    def _let_go_of_check(self) -> None:
        """Another value was typed than the one that was checked, or than the one whose end is in view."""
        if self.record is None or self.record.state.is_under_way:
            return
        was_checked = self.state is ControlState.CHECKED
        if was_checked or self.record.state.is_final:
            self.record = None
            self._say("")
            self._arrange()
        if was_checked:
            self._select(math.nan)

    def _take(self, record: ControlRecord) -> None:
        if record.operation != self._operation:
            return
        was_checked = self.state is ControlState.CHECKED
        self.record = record
        self._arrange()
        self.refresh()
        if record.reason is not None:
            text = tr("{state}: {reason}", state=state_text(record.state), reason=reason_text(record.reason))
            self._say(text, is_trouble=record.state in _TROUBLE)
        elif record.state is ControlState.DONE:
            self._say(tr("Done: the device reads {value}", value=number.with_unit(record.read, tag=self.tag)))
        elif record.state.is_under_way:
            self._say(state_text(record.state))
        if record.state is ControlState.CHECKED and not was_checked:
            self.second.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        """Show the step that comes next."""
        record, state = self.record, self.state
        is_checked = state is ControlState.CHECKED
        is_under_way = state is not None and state.is_under_way
        is_change = record is not None and not math.isnan(record.new)
        if record is not None and is_change:
            old, new = (number.with_unit(value, tag=self.tag) for value in (record.old, record.new))
            self.change.setText(f"{old}  →  {new}")
        self.change.setVisible(is_change)
        self.note.setVisible(is_checked and bool(self.note.text()))
        self.entry.setEnabled(not is_under_way)
        self.keypad.setEnabled(not is_under_way)
        self.first.setVisible(not is_checked)
        self.first.setEnabled(not is_under_way)
        self.first.setText(tr("Check") if self._session.is_signed_in else tr("Sign in"))
        self.second.setVisible(is_checked)
        self.second.setEnabled(is_checked)
        is_ended = state is not None and state.is_final and state is not ControlState.REFUSED
        self.leave.setText(tr("Close") if is_ended or is_under_way else tr("Cancel"))

    def _say(self, text: str, *, is_trouble: bool = False) -> None:
        palette, look = self.message.palette(), theme()
        palette.setColor(
            self.message.foregroundRole(), look.priority(Priority.HIGH) if is_trouble else look.color("text")
        )
        self.message.setPalette(palette)
        self.message.setText(text)

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Write: {tag}", tag=local(self.tag.title)))
        self._dress()
        title, name = QLabel(local(self.tag.title)), QLabel(f"{self.tag.name} · {self._equipment()}")
        title.setProperty("lettering", "counter")
        name.setProperty("tone", "dim")
        left, right = QVBoxLayout(), QVBoxLayout()
        for widget in (title, name, self.present, self.allowed, self.conditions):
            left.addWidget(widget)
        left.addStretch(1)
        for widget in (self.change, self.note, self.message):
            left.addWidget(widget)
        right.addWidget(self.entry)
        right.addWidget(self.keypad)
        right.addStretch(1)
        body, buttons = QHBoxLayout(), QHBoxLayout()
        body.addLayout(left, 1)
        body.addLayout(right)
        for button, share in ((self.leave, 1), (self.first, 2), (self.second, 2)):
            buttons.addWidget(button, share)
        whole = QVBoxLayout(self)
        whole.addLayout(body, 1)
        whole.addLayout(buttons)
        whole.setContentsMargins(*(look.px(side) for side in (20, 16, 20, 16)))
        for layout, space in ((left, 8), (right, 8), (body, 24), (buttons, 12), (whole, 16)):
            layout.setSpacing(look.px(space))
        self.setMinimumSize(look.px(760), look.px(480))
        self._arrange()
        self.refresh()

    def _dress(self) -> None:
        """Give the parts their size, look and call."""
        look = theme()
        self.present.setProperty("lettering", "value")
        self.change.setProperty("lettering", "value")
        self.allowed.setText(self._allowed_text())
        self.allowed.setProperty("tone", "dim")
        self.message.setProperty("lettering", "title")
        self.message.setMinimumHeight(look.px(40))
        for label in (self.allowed, self.note, self.message):
            label.setWordWrap(True)
        self.entry.setFont(look.font("value"))
        self.entry.setMinimumHeight(look.px(KEY))
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.entry.setAccessibleName(tr("New value"))
        self.entry.setPlaceholderText(tr("New value"))
        self.second.setText(tr("Write to the device"))
        for button, call in ((self.first, self.check), (self.second, self.write), (self.leave, self.reject)):
            button.setProperty("kind", "flat" if button is self.leave else "primary")
            button.setMinimumHeight(look.px(KEY))
            button.setFont(look.font("large"))
            button.setAutoDefault(False)
            button.clicked.connect(call)

    def _equipment(self) -> str:
        equipment = self._feed.equipment.get(self.tag.equipment)
        return local(equipment.name) if equipment is not None else self.tag.equipment

    def _allowed_text(self) -> str:
        low, high = (number.with_unit(value, tag=self.tag) for value in (self.rule.low, self.rule.high))
        role = role_text(self.rule.role)
        if not self.rule.step:
            return tr("{low} to {high}; by the role {role}", low=low, high=high, role=role)
        step = number.with_unit(self.rule.step, tag=self.tag)
        return tr("{low} to {high} in steps of {step}; by the role {role}", low=low, high=high, step=step, role=role)
