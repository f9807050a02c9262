"""The faceplate of a writable tag: the value now, the one that is wanted, old and new to confirm, and the result."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.model import clock
from app.model.content import NOTHING, is_nothing
from app.model.control import ControlRecord
from app.model.tag import TagDefinition
from app.model.write_rule import WriteRule
from app.pubsub.frame import Execute, Select
from widgets import number
from widgets.control.command_plate import CommandPlate
from widgets.control.keypad import Keypad
from widgets.control.session import ControlSession
from widgets.control.value_entry import ValueEntry
from widgets.control.wording import allowed_text
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr

ENTRY_WIDTH = 260


class Faceplate(CommandPlate):
    """The plate through which the value of one tag is selected, confirmed and written."""

    def __init__(
        self, feed: Feed, session: ControlSession, tag: TagDefinition, rule: WriteRule, parent: QWidget | None = None
    ) -> None:
        super().__init__(feed, session, rule, parent, hint=tr("Sign in to write this value"))
        self.tag, self.rule = tag, rule
        self.present, self.allowed = QLabel(), QLabel(allowed_text(rule, tag, rule.role))
        self.value = ValueEntry(tag, rule, tr("New value"))
        self.entry = self.value.line
        self.keypad = Keypad(self.entry)
        if not self.value.is_number:
            self.keypad.hide()
        self.present.setProperty("lettering", "value")
        self.allowed.setProperty("tone", "dim")
        self.allowed.setWordWrap(True)
        self.present.setWordWrap(tag.is_text)
        self.second.setText(tr("Write to the device"))
        self.setWindowTitle(tr("Write: {tag}", tag=local(tag.title)))
        right = QVBoxLayout()
        right.addWidget(self.value)
        right.addWidget(self.keypad)
        right.addStretch(1)
        self.value.setMinimumWidth(theme().px(ENTRY_WIDTH))
        self.lay_out(
            tag.title, f"{tag.name} · {self.equipment_name(tag.equipment)}", (self.present, self.allowed), right
        )
        self.begin()

    def entries(self) -> Sequence[ValueEntry]:
        """Return the only field: the value to be written."""
        return (self.value,)

    def selection(self, operation: str, *, is_checked: bool) -> Select:
        """Return the command for the tag."""
        content = self.value.content if is_checked else None
        return Select(operation, self.tag.name, NOTHING if content is None else content)

    def execution(self, record: ControlRecord) -> Execute:
        """Return the command that writes."""
        return Execute(record.operation, record.new)

    def change_text(self, record: ControlRecord) -> str:
        """Return old and new value."""
        if is_nothing(record.new):
            return ""
        old, new = (number.content_text(value, tag=self.tag) for value in (record.old, record.new))
        return f"{old}  →  {new}"

    def done_text(self, record: ControlRecord) -> str:
        """Return what was read back."""
        return tr("Done: the device reads {value}", value=number.content_text(record.read, tag=self.tag))

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value that is written here, where it stands."""
        is_there = place is None or self.present.geometry().contains(place.toPoint())
        return of_tag(self.tag.name) if is_there else None

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where the value stands, and the conditions of writing it."""
        found = [(self.present.geometry(), self.shown_at(None))]
        rows = self.conditions.shown_places()
        found += [(row.translated(self.conditions.pos()), subject) for row, subject in rows]
        return [(place, subject) for place, subject in found if subject is not None]

    def refresh(self) -> None:
        """Renew what is live: the value, the conditions, the countdown."""
        sample = self._feed.value(self.tag.handle)
        told = number.reading_of(sample, tag=self.tag, now=clock.now_ns(), is_linked=self._feed.is_linked)
        self.present.setText(" ".join(part for part in (told.text, told.unit) if part))
        self.present.setToolTip(told.note)
        super().refresh()
