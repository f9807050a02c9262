"""Asks of which shift, day, week or month a report is wanted."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from app.model.plant import Plant
from app.model.shift import Period, UnknownPeriod
from widgets.choice import ChoiceBox
from widgets.stepped_field import DayField
from widgets.theme import theme
from widgets.translation import local, tr

_DAY, _WEEK, _MONTH = "day", "week", "month"


class PeriodDialog(QDialog):
    """`period` returns what was chosen, None where no such shift begins on that day."""

    def __init__(self, plant: Plant, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = plant.calendar
        self.day = DayField()
        self.day.setDate(QDate(today.year, today.month, today.day))
        self.what = ChoiceBox()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for shift in plant.calendar.shifts:
            self.what.addItem(local(shift.name), f"/{shift.id}")
        self.what.addItem(tr("the whole day"), _DAY)
        self.what.addItem(tr("the whole week"), _WEEK)
        self.what.addItem(tr("the whole month"), _MONTH)
        self._lay_out()
        self.day.dateChanged.connect(lambda _: self._allow())
        self.what.currentIndexChanged.connect(lambda _: self._allow())
        self._allow()

    def period(self) -> Period | None:
        """Return what is chosen."""
        day = self.day.date().toString(Qt.DateFormat.ISODate)
        what = str(self.what.currentData())
        key = {_DAY: day, _WEEK: _week_of(day), _MONTH: day[:7]}.get(what, day + what)
        try:
            return self._calendar.named(key)
        except UnknownPeriod:
            return None

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Another time"))
        self.setMinimumWidth(look.px(380))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setMaximumDate(self.day.date())
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        for label, field in ((tr("Day"), self.day), (tr("What"), self.what)):
            field.setAccessibleName(label)
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Show"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _allow(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.period() is not None)


def _week_of(day: str) -> str:
    """Return the key of the week that a day of ISO 8601 lies in."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"
