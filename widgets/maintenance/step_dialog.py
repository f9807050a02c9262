"""Asks what must be known before a step of a work order is done: when, how long, with which parts, why, and a PIN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.maintenance.margin import lineage, next_stop
from app.model import clock
from app.model.plant import Plant
from app.model.provision import PartStock
from app.model.work_order import CheckEntry, PartUse, WorkCommand, WorkOrder, WorkStep
from widgets import number
from widgets.choice import TickBox
from widgets.maintenance.provision_wording import stock_text
from widgets.maintenance.wording import order_name, step_text
from widgets.stepped_field import InstantField, NumberField
from widgets.theme import theme
from widgets.translation import local, tr

Entries = Sequence[CheckEntry]
NEEDS_REASON = {WorkStep.INTERRUPT, WorkStep.CANCEL, WorkStep.CONFIRM_NOT_FIXED}
_SPENDS = {WorkStep.NOTE, WorkStep.COMPLETE, WorkStep.INTERRUPT}
_PER_MS = clock.NS_PER_MS


class StepDialog(QDialog):
    """`command` returns the step with what was filled in; `needs_pin`: whether it is signed with one.

    `stock`: how much there is of each part by the books.
    """

    def __init__(
        self,
        plant: Plant,
        order: WorkOrder,
        step: WorkStep,
        *,
        operator: str,
        entries: Entries = (),
        stock: Mapping[str, PartStock] = MappingProxyType({}),
        needs_pin: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._plant, self._order, self._step, self._entries = plant, order, step, entries
        self._needs_pin, self._stock = needs_pin, stock
        self.name, self.pin, self.assignee = QLineEdit(operator), QLineEdit(), QLineEdit(order.assignee)
        self.reason = QPlainTextEdit()
        self.start = InstantField()
        self.hours = NumberField()
        self.parts: dict[str, NumberField] = {}
        self.other = QLineEdit()
        self.renews = TickBox(tr("As new: predictions learn it anew"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        for field in (self.name, self.pin):
            field.textChanged.connect(self._allow)
        self.reason.textChanged.connect(self._allow)
        self._allow()

    def command(self) -> WorkCommand:
        """Return what is to be done."""
        is_plan, spends = self._step is WorkStep.PLAN, self._step in _SPENDS
        return WorkCommand(
            self._order.id,
            self._order.version,
            self._step,
            reason=self.reason.toPlainText().strip(),
            planned_start=self.start.dateTime().toMSecsSinceEpoch() * _PER_MS if is_plan else 0,
            estimated_h=self.hours.value() if is_plan else 0.0,
            assignee=self.assignee.text().strip() if is_plan else "",
            spent_h=self.hours.value() if spends else 0.0,
            parts=tuple(self._used()) if spends else (),
            checks=tuple(self._entries) if spends else (),
            renews=self.renews.isChecked() if self._step is WorkStep.COMPLETE else None,
        )

    def _used(self) -> list[PartUse]:
        used = [PartUse(part, field.value()) for part, field in self.parts.items() if field.value() > 0]
        other = self.other.text().strip()
        return [*used, PartUse(other)] if other else used

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(f"{order_name(self._order.id)}  {step_text(self._step).rstrip('…')}")
        self.setMinimumWidth(look.px(520))
        self.reason.setMaximumHeight(look.px(100))
        self.reason.setTabChangesFocus(True)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.renews.setChecked(self._order.renews)
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        if self._step is WorkStep.PLAN:
            self._add_plan(form)
        if self._step in _SPENDS:
            self._add_spent(form)
        if self._step is WorkStep.COMPLETE:
            form.addRow("", self.renews)
        self._add(form, tr("Why") if self._step in NEEDS_REASON else tr("Remark"), self.reason)
        self._add(form, tr("Your name"), self.name)
        if self._needs_pin:
            self._add(form, tr("PIN, as your signature"), self.pin)
        title = QLabel(local(self._order.title))
        title.setProperty("lettering", "title")
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(step_text(self._step).rstrip("…"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _first(self) -> QWidget:
        """Return what is asked for first."""
        if self._step in NEEDS_REASON:
            return self.reason
        if self._step is WorkStep.PLAN:
            return self.start
        return self.hours if self._step in _SPENDS else self.name

    @staticmethod
    def _add(form: QFormLayout, name: str, field: QWidget) -> None:
        field.setAccessibleName(name)
        form.addRow(name, field)

    def _add_plan(self, form: QFormLayout) -> None:
        plant, order = self._plant, self._order
        parents = {each.id: each.parent for each in plant.equipment}
        stop = next_stop(plant.stops, lineage(order.equipment, parents), clock.now_ns(), time_scale=plant.time_scale)
        begin = order.planned_start or (stop.start if stop is not None else clock.now_ns())
        self.start.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.start.setCalendarPopup(True)
        self.start.setDateTime(QDateTime.fromMSecsSinceEpoch(begin // _PER_MS))
        self._add(form, tr("Begins"), self.start)
        if stop is not None:
            note = QLabel(
                tr("{stop}, the next planned stop, begins {time}", stop=local(stop.stop.name), time=_minute(stop.start))
            )
            note.setProperty("tone", "dim")
            note.setWordWrap(True)
            form.addRow("", note)
        self._set_hours(order.estimated_h)
        self._add(form, tr("Hours of work, estimated"), self.hours)
        self._add(form, tr("Who does it"), self.assignee)

    def _add_spent(self, form: QFormLayout) -> None:
        self._set_hours(0.0)
        self._add(form, tr("Hours of work, in addition"), self.hours)
        plates = {each.id: each.nameplate for each in self._plant.equipment}
        plate = plates.get(self._order.equipment)
        names = {part.id: local(part.name) for part in self._plant.spare_parts}
        known = dict.fromkeys((*self._order.planned_parts, *(plate.spares if plate is not None else ())))
        noted = {use.part for use in self._order.parts}
        for part in known:
            field = NumberField()
            field.setDecimals(1)
            field.setMaximum(1_000.0)
            is_first = self._step is WorkStep.COMPLETE and part in self._order.planned_parts and part not in noted
            field.setValue(1.0 if is_first else 0.0)
            self.parts[part] = field
            stock = self._stock.get(part)
            there = "" if stock is None or stock.on_hand is None else f"  ({stock_text(stock)})"
            self._add(form, f"{names.get(part, part)}  {part}{there}", field)
            field.setToolTip(tr("By the books there are {n}", n=stock_text(stock)))
        self._add(form, tr("Another part"), self.other)

    def _set_hours(self, value: float) -> None:
        self.hours.setDecimals(1)
        self.hours.setSingleStep(0.5)
        self.hours.setMaximum(10_000.0)
        self.hours.setSuffix(" h")
        self.hours.setValue(value)

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip())
        is_told = is_told and (bool(self.reason.toPlainText().strip()) or self._step not in NEEDS_REASON)
        is_told = is_told and (bool(self.pin.text()) or not self._needs_pin)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)


def _minute(instant: int) -> str:
    return number.day_and_time(instant)[:-3]
