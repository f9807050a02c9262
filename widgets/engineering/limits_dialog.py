"""The limits of one value: four numbers, their urgency, and what that changes, before it is taken over."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.model.alarm import Priority
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.unit_symbol import unit_symbol
from app.plant.folder import PlantFolder
from app.plant.replacement import plant_text
from app.plant.tag_limits import (
    PRIORITIES,
    Level,
    LimitsRefused,
    WantedLimit,
    limits_of,
    out_of_order,
    text_with_limits,
)
from widgets.alarm.wording import priority_text
from widgets.choice import ChoiceBox
from widgets.editor.file_change import FileChange
from widgets.editor.review_dialog import Review, review_of
from widgets.engineering.layout import line_of
from widgets.help.button import HelpButton
from widgets.number import with_unit
from widgets.theme import theme
from widgets.translation import local, tr

_ORDER = (Level.HH, Level.H, Level.L, Level.LL)


class LimitsDialog(QDialog):
    """Stays until its limits are written; an empty field leaves a limit as it is."""

    def __init__(
        self,
        tag: TagDefinition,
        plant: Plant,
        folder: PlantFolder,
        change: Callable[[QWidget], FileChange],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tag, self._plant, self._folder = tag, plant, folder
        self._change = change(self)
        self.known = limits_of(plant.alarms, tag.name)
        self.values = {level: QLineEdit() for level in _ORDER}
        self.priorities = {level: ChoiceBox() for level in _ORDER}
        self.now = QLabel()
        self.told = QLabel()
        self.show_button, self.leave = QPushButton(tr("Show what changes…")), QPushButton(tr("Close"))
        self.setWindowTitle(tr("Limits of {tag}", tag=local(tag.title)))
        self._lay_out()
        self.show_button.clicked.connect(self.ask)
        self.leave.clicked.connect(self.reject)
        self._change.written.connect(lambda _: self.accept())

    def show_value(self, value: float) -> None:
        """Say what the value is now: limits are chosen by it."""
        self.now.setText(tr("Now {value}", value=with_unit(value, tag=self._tag)))

    def wanted(self) -> Mapping[Level, WantedLimit]:
        """Return the limits that are written in the fields; raise LimitsRefused for what cannot be."""
        found = {}
        for level, field in self.values.items():
            if text := field.text().strip():
                priority = self.priorities[level].currentData()
                found[level] = WantedLimit(_number(text), Priority(priority))
        if (crossed := out_of_order(self.known, found)) is not None:
            low, high = crossed
            raise LimitsRefused(tr("{low} has to lie below {high}: correct one of them.", low=str(low), high=str(high)))
        return found

    def ask(self) -> None:
        """Show what the limits change in the plant file, to be taken over."""
        try:
            wanted = self.wanted()
        except LimitsRefused as refusal:
            self.told.setText(str(refusal))
            return
        if not wanted:
            self.told.setText(tr("Write at least one limit."))
            return
        self.told.setText("")
        shown = ", ".join(f"{level} {wanted[level].value:g}" for level in _ORDER if level in wanted)
        reason = tr("Limits of {tag}: {limits}", tag=self._tag.name, limits=shown)
        self._change.ask(tr("Take over the limits"), self._review(wanted), reason=reason)

    def _review(self, wanted: Mapping[Level, WantedLimit]) -> Callable[[], Review]:
        tag, plant, folder = self._tag, self._plant, self._folder

        def read() -> Review:
            before = plant_text(folder.configuration)
            return review_of(before, text_with_limits(before, tag, plant.alarms, wanted), folder.path)

        return read

    def _lay_out(self) -> None:
        look = theme()
        title = QLabel(local(self._tag.title))
        title.setProperty("lettering", "title")
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(8))
        names = {
            Level.HH: tr("HH  very high"),
            Level.H: tr("H  high"),
            Level.L: tr("L  low"),
            Level.LL: tr("LL  very low"),
        }
        for row, level in enumerate(_ORDER):
            self._fill(level, names[level])
            parts = (
                QLabel(names[level]),
                self.values[level],
                QLabel(unit_symbol(self._tag.unit)),
                self.priorities[level],
            )
            for place, widget in enumerate(parts):
                grid.addWidget(widget, row, place)
        grid.setColumnStretch(1, 1)
        for label in (self.now, self.told):
            label.setWordWrap(True)
        self.now.setProperty("tone", "dim")
        teaching = QLabel(
            tr(
                "An alarm comes when the value passes a limit. Its response, delay and dead band are written on the "
                "sheet Alarms of Engineering, where a limit is also taken away."
            )
        )
        teaching.setWordWrap(True)
        teaching.setProperty("tone", "dim")
        self.show_button.setProperty("kind", "primary")
        self.leave.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        column.setSpacing(look.px(12))
        column.addWidget(title)
        column.addWidget(self.now)
        column.addLayout(grid)
        column.addWidget(teaching)
        column.addWidget(self.told)
        column.addLayout(line_of(HelpButton(), None, self.show_button, self.leave))
        self.setMinimumWidth(look.px(520))
        self.values[Level.H].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, level: Level, name: str) -> None:
        alarm, field, choice = self.known.get(level), self.values[level], self.priorities[level]
        field.setText("" if alarm is None else f"{alarm.limit:g}")
        field.setPlaceholderText(tr("none"))
        field.setAccessibleName(name)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        for priority in Priority:
            choice.addItem(f"{int(priority)}  {priority_text(priority)}", int(priority))
        present = PRIORITIES[level] if alarm is None else alarm.priority
        choice.setCurrentIndex(choice.findData(int(present)))
        choice.setAccessibleName(tr("Priority of {limit}", limit=name))


def _number(text: str) -> float:
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u2212", "-")
    try:
        value = float(plain if "." in plain else plain.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LimitsRefused(tr("{word} is not a number.", word=text))
    return value
