"""The faceplate of a method: its arguments, what they come to, and what the device has answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.model import status
from app.model.content import Content
from app.model.control import ControlRecord, ControlState
from app.model.method import MethodArgument, MethodDefinition
from app.model.unit_symbol import unit_symbol
from app.pubsub.frame import Call, SelectMethod
from widgets import number
from widgets.control.command_plate import CommandPlate
from widgets.control.keypad import Keypad
from widgets.control.session import ControlSession
from widgets.control.value_entry import ValueEntry
from widgets.control.wording import allowed_text, role_text
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr

ENTRY_WIDTH = 300
WIDTH, HEIGHT = 960, 540


class CallPlate(CommandPlate):
    """The plate through which one method of a device is called, with its arguments."""

    def __init__(
        self, feed: Feed, session: ControlSession, method: MethodDefinition, parent: QWidget | None = None
    ) -> None:
        super().__init__(feed, session, method, parent, hint=tr("Sign in to carry this out"))
        self.method = method
        self.values = [ValueEntry(each, each.rule, local(each.title)) for each in method.arguments]
        self.outputs = QLabel()
        self.outputs.setWordWrap(True)
        self.outputs.setProperty("lettering", "large")
        self.outputs.setVisible(False)
        self.second.setText(tr("Carry out"))
        self.setWindowTitle(tr("Carry out: {method}", method=local(method.title)))
        about = QLabel(self._about())
        about.setProperty("tone", "dim")
        about.setWordWrap(True)
        right = QHBoxLayout()
        if self.values:
            right.addWidget(self._form())
        numbers = [entry for entry in self.values if entry.is_number]
        if numbers:
            right.addWidget(self._keypad(numbers), alignment=Qt.AlignmentFlag.AlignTop)
        name = f"{method.name} · {self.equipment_name(method.equipment)}"
        self.lay_out(method.title, name, (about,), right, below=(self.outputs,))
        self.resize(theme().px(WIDTH), theme().px(HEIGHT))
        self.begin()

    def entries(self) -> Sequence[ValueEntry]:
        """Return one for each argument."""
        return self.values

    def hint_for(self, entry: ValueEntry) -> str:
        """Return what to do, and for which argument."""
        return tr(
            "{name}: {value}", name=local(self.method.arguments[self.values.index(entry)].title), value=entry.hint
        )

    def selection(self, operation: str, *, is_checked: bool) -> SelectMethod:
        """Return the command for the method."""
        given: list[Content] = [entry.content for entry in self.values if entry.content is not None]
        return SelectMethod(operation, self.method.name, tuple(given) if is_checked else None)

    def execution(self, record: ControlRecord) -> Call:
        """Return the command that calls."""
        return Call(record.operation, record.arguments)

    def change_text(self, record: ControlRecord) -> str:
        """Return what the method will be called with."""
        if record.state in {ControlState.SELECTED, ControlState.REFUSED, ControlState.CANCELLED}:
            return ""
        pairs = zip(self.method.arguments, record.arguments, strict=False)
        given = [
            tr("{name}: {value}", name=local(each.title), value=number.content_text(value, tag=each))
            for each, value in pairs
        ]
        return "\n".join(given) or local(self.method.title)

    def done_text(self, record: ControlRecord) -> str:
        """Return that it was done, with the StatusCode of the answer."""
        return tr("Done: the device has answered {status}", status=status.name(record.code))

    def refresh(self) -> None:
        """Renew what is live, and what was answered."""
        record = self.record
        lines = [] if record is None else [self._output(place, text) for place, text in enumerate(record.outputs)]
        self.outputs.setText("\n".join(lines))
        self.outputs.setVisible(bool(lines))
        super().refresh()

    def _output(self, place: int, text: str) -> str:
        known = self.method.outputs
        if place >= len(known):
            return text
        value = " ".join(part for part in (text, unit_symbol(known[place].unit)) if part)
        return tr("{name}: {value}", name=local(known[place].title), value=value)

    def _about(self) -> str:
        if not self.method.is_enabled:
            return tr("Not enabled: an engineer enables it in the plant file")
        return tr("by the role {role}; the answer is waited for {seconds} s at most",
                  role=role_text(self.method.role), seconds=f"{self.method.timeout_s:g}")  # fmt: skip

    def _form(self) -> QScrollArea:
        """Return the arguments, one below the other, however many there are."""
        look = theme()
        inner, area = QWidget(), QScrollArea()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, look.px(8), 0)
        column.setSpacing(look.px(6))
        for argument, entry in zip(self.method.arguments, self.values, strict=True):
            column.addWidget(self._label(argument))
            column.addWidget(entry)
        column.addStretch(1)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(look.px(ENTRY_WIDTH))
        return area

    def _label(self, argument: MethodArgument) -> QLabel:
        allowed = allowed_text(argument.rule, argument)
        label = QLabel(tr("{name}: {value}", name=local(argument.title), value=allowed))
        label.setWordWrap(True)
        return label

    @staticmethod
    def _keypad(numbers: Sequence[ValueEntry]) -> Keypad:
        """Return large keys that write where a number was typed last."""
        keypad = Keypad(numbers[0].line)
        for entry in numbers:
            entry.focused.connect(partial(keypad.write_into, entry.line))
        return keypad
