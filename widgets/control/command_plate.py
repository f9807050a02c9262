"""What the faceplates of tags and of methods have in common: two steps, Check and the deed, and what came of it."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.alarm import Priority
from app.model.control import ControlRecord, ControlState
from app.model.text import LocalText
from app.model.write_rule import Conditions as Rule
from app.pubsub.frame import Call, Cancel, Execute, Select, SelectMethod
from widgets.control.conditions import Conditions
from widgets.control.keypad import KEY
from widgets.control.session import ControlSession
from widgets.control.sign_in import SignInDialog
from widgets.control.value_entry import ValueEntry
from widgets.control.wording import reason_text, state_text
from widgets.feed import Feed
from widgets.help.button import HelpButton
from widgets.theme import theme
from widgets.translation import local, tr

REFRESH_MS = 200
_TROUBLE = {ControlState.REFUSED, ControlState.FAILED, ControlState.UNKNOWN, ControlState.EXPIRED}


class CommandPlate(QDialog):
    """Check asks the collector, the second button confirms; it never waits for an answer.

    What inherits from it says what is selected, carried out and told: the methods that raise NotImplementedError.
    """

    def __init__(
        self, feed: Feed, session: ControlSession, conditions: Rule, parent: QWidget | None = None, *, hint: str
    ) -> None:
        """Prepare; `hint`: what is said to who is not signed in."""
        super().__init__(parent)
        self.record: ControlRecord | None = None
        self._feed, self._session, self._hint = feed, session, hint
        self._operation = ""
        self.change, self.message = QLabel(), QLabel()
        self.note = QLabel(local(conditions.confirm))
        self.conditions = Conditions(feed, conditions)
        self.first, self.second, self.leave = QPushButton(), QPushButton(), QPushButton()
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def state(self) -> ControlState | None:
        """Return how far it is; None before anything is selected."""
        return self.record.state if self.record is not None else None

    def entries(self) -> Sequence[ValueEntry]:
        """Return where values are given."""
        raise NotImplementedError

    def selection(self, operation: str, *, is_checked: bool) -> Select | SelectMethod:
        """Return the command that selects and, where `is_checked`, lets what is given be checked."""
        raise NotImplementedError

    def execution(self, record: ControlRecord) -> Execute | Call:
        """Return the command that carries out what was checked."""
        raise NotImplementedError

    def change_text(self, record: ControlRecord) -> str:
        """Return what was wanted, "" where nothing is yet."""
        raise NotImplementedError

    def done_text(self, record: ControlRecord) -> str:
        """Return what came of it."""
        raise NotImplementedError

    def check(self) -> None:
        """Ask the collector whether what is given may be; sign in first where nobody is."""
        if not self._session.is_signed_in:
            dialog = SignInDialog(self._session, parent=self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        wrong = next((entry for entry in self.entries() if entry.content is None), None)
        if wrong is not None:
            self._say(self.hint_for(wrong), is_trouble=True)
            wrong.take_focus()
            return
        self._select(is_checked=True)

    def hint_for(self, entry: ValueEntry) -> str:
        """Return what to do where an entry holds no value."""
        return entry.hint

    def write(self) -> None:
        """Confirm: only this sends anything to the device."""
        if self.record is not None and self.state is ControlState.CHECKED:
            self.second.setEnabled(False)
            self._send(self.execution(self.record))

    def refresh(self) -> None:
        """Renew what is live: the conditions, the countdown."""
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

    def begin(self) -> None:
        """Follow the collector; to be called once everything is laid out."""
        self._feed.control_changed.connect(self._take)
        self._session.changed.connect(self._hold)
        for entry in self.entries():
            entry.edited.connect(self._let_go_of_check)
        self._timer.start()
        self._hold()
        if self.entries() and not self.entries()[0].is_choice:  # a focused choice would look like a chosen one
            self.entries()[0].take_focus()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_return(self) -> None:
        if self.second.isVisible() and self.second.isEnabled() and self.second.hasFocus():
            self.write()
        elif self.leave.hasFocus():
            self.reject()
        elif self.first.isVisible():
            self.check()

    def _hold(self) -> None:
        """Select for this window as soon as somebody is signed in, so that no other one commands it meanwhile."""
        if self._session.is_signed_in:
            self._select()
        else:
            self.record = None
            self._say(self._hint)
        self._arrange()

    def _select(self, *, is_checked: bool = False) -> None:
        if self.record is None or self.record.state.is_final:
            self._operation = secrets.token_hex(8)
            self.record = None
        self._send(self.selection(self._operation, is_checked=is_checked))

    def _send(self, command: Select | SelectMethod | Execute | Call | Cancel) -> None:
        if not self._feed.requests.send(command):
            self._say(tr("The collector was not reached; try again when it is connected"), is_trouble=True)

    def _release(self) -> None:
        self._timer.stop()
        if self.record is not None and not self.record.state.is_final and not self.record.state.is_under_way:
            self._send(Cancel(self._operation))

    def _let_go_of_check(self) -> None:
        """Another value was given than the one that was checked, or than the one whose end is in view."""
        if self.record is None or self.record.state.is_under_way:
            return
        was_checked = self.state is ControlState.CHECKED
        if was_checked or self.record.state.is_final:
            self.record = None
            self._say("")
            self._arrange()
        if was_checked:
            self._select()

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
            self._say(self.done_text(record))
        elif record.state.is_under_way:
            self._say(state_text(record.state))
        if record.state is ControlState.CHECKED and not was_checked:
            self.second.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        """Show the step that comes next."""
        record, state = self.record, self.state
        is_checked = state is ControlState.CHECKED
        is_under_way = state is not None and state.is_under_way
        change = "" if record is None else self.change_text(record)
        if change:
            self.change.setText(change)
        self.change.setVisible(bool(change))
        self.note.setVisible(is_checked and bool(self.note.text()))
        for entry in self.entries():
            entry.setEnabled(not is_under_way)
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

    def lay_out(
        self, title: LocalText, name: str, above: Sequence[QWidget], right: QLayout, *, below: Sequence[QWidget] = ()
    ) -> None:
        """Put all in its place: `above` below the title; last what is wanted, `below` and told; `right` beside."""
        look = theme()
        heading, detail = QLabel(local(title)), QLabel(name)
        heading.setProperty("lettering", "counter")
        detail.setProperty("tone", "dim")
        self.change.setProperty("lettering", "value")
        self.message.setProperty("lettering", "title")
        self.message.setMinimumHeight(look.px(40))
        for label in (self.change, self.note, self.message):
            label.setWordWrap(True)
        left, body, buttons = QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for widget in (heading, detail, *above, self.conditions):
            left.addWidget(widget)
        left.addStretch(1)
        for widget in (self.change, *below, self.note, self.message):
            left.addWidget(widget)
        body.addLayout(left, 1)
        body.addLayout(right)
        buttons.addWidget(HelpButton())
        for button, share in ((self.leave, 1), (self.first, 2), (self.second, 2)):
            buttons.addWidget(button, share)
        whole = QVBoxLayout(self)
        whole.addLayout(body, 1)
        whole.addLayout(buttons)
        whole.setContentsMargins(*(look.px(side) for side in (20, 16, 20, 16)))
        for layout, space in ((left, 8), (right, 8), (body, 24), (buttons, 12), (whole, 16)):
            layout.setSpacing(look.px(space))
        self.setMinimumSize(look.px(760), look.px(480))
        self._dress_buttons()
        self._arrange()
        self.refresh()

    def _dress_buttons(self) -> None:
        """Give the buttons their size, look and call."""
        look = theme()
        for button, call in ((self.first, self.check), (self.second, self.write), (self.leave, self.reject)):
            button.setProperty("kind", "flat" if button is self.leave else "primary")
            button.setMinimumHeight(look.px(KEY))
            button.setFont(look.font("large"))
            button.setAutoDefault(False)
            button.clicked.connect(call)

    def equipment_name(self, equipment: str) -> str:
        """Return what an equipment is called."""
        found = self._feed.equipment.get(equipment)
        return local(found.name) if found is not None else equipment
