"""One work order closely: what it is for, how far it is, its checklist, what may be done next, and who did what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.maintenance.store import WorkLine
from app.maintenance.transition import steps_from
from app.model.plant import Plant
from app.model.work_order import Effect, WorkOrder, WorkSource, WorkState, WorkStep
from widgets import number
from widgets.alarm.wording import priority_text
from widgets.maintenance.checklist import Checklist
from widgets.maintenance.progress import Progress
from widgets.maintenance.wording import done_text, order_name, proposal_text, source_text, step_text
from widgets.plain_text import PlainText
from widgets.theme import theme
from widgets.translation import local, tr

EDITED = {WorkState.REQUESTED, WorkState.PLANNED, WorkState.RELEASED, WorkState.IN_WORK}
PRIMARY = {WorkStep.PLAN, WorkStep.RELEASE, WorkStep.START, WorkStep.COMPLETE, WorkStep.CONFIRM_FIXED}
QUIET = {WorkStep.CANCEL, WorkStep.INTERRUPT}


class DetailPanel(QFrame):
    """`step_asked`: a step that somebody wants to do; `source_asked`: to see what has asked for the work."""

    step_asked = Signal(object)  # WorkStep
    source_asked = Signal()

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._plant = plant
        self.order: WorkOrder | None = None
        self._lines: Sequence[WorkLine] = ()
        self.head, self.title, self.nothing = (
            PlainText("small", tone="dim"),
            PlainText("large"),
            PlainText("", tone="dim"),
        )
        self.progress = Progress()
        self.proposal = PlainText("")
        self.source, self.origin = QPushButton(), PlainText("", tone="dim")
        self.checks = Checklist()
        self.checks_head, self.steps_head = PlainText("small", tone="dim"), PlainText("small", tone="dim")
        self.steps = PlainText("")
        # for no other steps: a button that stands nowhere would keep itself, and this panel, for ever
        self.buttons = {step: QPushButton() for steps in BUTTON_ROWS for step in steps}
        self._facts = QGridLayout()
        self._lay_out()
        for step, button in self.buttons.items():
            button.clicked.connect(lambda _=False, step=step: self.step_asked.emit(step))
        self.source.clicked.connect(lambda _=False: self.source_asked.emit())
        self.retranslate()

    def show_order(self, order: WorkOrder | None, lines: Sequence[WorkLine] = ()) -> None:
        """Show an order and its steps, None for nothing; what is being filled in stays while the order is the same."""
        is_same = order is not None and self.order is not None and order.id == self.order.id
        is_unchanged = is_same and order == self.order
        self.order, self._lines = order, lines
        if not is_unchanged:
            self._show_checks()
        self.retranslate()

    def facts(self) -> list[tuple[str, str]]:
        """Return the headings and texts that are shown."""
        order = self.order
        if order is None:
            return []
        signature = order.signature
        signed = ""
        if signature is not None:
            how = tr("with PIN") if signature.is_proven else tr("without PIN")
            signed = f"{signature.name}, {number.day_and_time(signature.time)[:-3]} ({how})"
        rows = [
            (tr("Why"), order.reason if order.source not in {WorkSource.METER, WorkSource.CALENDAR} else ""),
            (tr("Priority"), priority_text(order.priority)),
            (tr("Due"), _minute(order.due)),
            (tr("Begins"), _minute(order.planned_start)),
            (tr("Who does it"), order.assignee),
            (tr("Hours of work"), _hours(order)),
            (tr("Parts needed"), self._parts(order.planned_parts) if not order.parts else ""),
            (tr("Parts used"), "\n".join(f"{use.quantity:g} × {self._part(use.part)}" for use in order.parts)),
            (tr("Meter"), "" if order.meter is None else number.number(order.meter, decimals=1)),
            (tr("Remark"), order.remark),
            (tr("Signed"), signed),
            (tr("Renewed"), tr("predictions learn it anew") if order.renews and order.completed else ""),
        ]
        return [(head, text) for head, text in rows if text]

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        order = self.order
        self.nothing.setText(tr("Choose an order to see its steps"))
        self.nothing.setVisible(order is None)
        self._body.setVisible(order is not None)
        self.setAccessibleName(tr("Work order"))
        if order is None:
            return
        name = next((local(each.name) for each in self._plant.equipment if each.id == order.equipment), order.equipment)
        self.head.setText(f"{order_name(order.id)}  ·  {name}")
        self.title.setText(local(order.title))
        self.progress.show_state(order.state)
        self.source.setText(source_text(order, self._plant))
        is_link = order.source in {WorkSource.ALARM, WorkSource.FORECAST, WorkSource.CASE}
        self.origin.setText(self.source.text())
        self.source.setVisible(is_link)
        self.origin.setVisible(not is_link)
        self._show_facts()
        told = tr("Did it fix it?")
        self.proposal.setText("" if order.proposal is None else f"{told}  {proposal_text(order.proposal)}")
        self.proposal.setVisible(order.state is WorkState.DONE and order.proposal is not None)
        self.checks_head.setText(tr("Checklist"))
        self.checks_head.setVisible(bool(order.checks))
        self.steps_head.setText(tr("Steps"))
        self.steps.setText("\n".join(map(_line_text, reversed(self._lines))))
        self._show_buttons(order)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show_checks()
            self.retranslate()
        super().changeEvent(event)

    def _show_checks(self) -> None:
        order = self.order
        if order is not None:
            self.checks.show_checks(order.checks, is_editable=order.state in EDITED)

    def _show_facts(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (head, body) in enumerate(self.facts()):
            first, second = PlainText("small", tone="dim"), PlainText("")
            first.setText(head)
            second.setText(body)
            self._facts.addWidget(first, place, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(second, place, 1)

    def _show_buttons(self, order: WorkOrder) -> None:
        possible = steps_from(order.state)
        first = next((step for step in possible if step in PRIMARY), None)
        if order.proposal is not None and order.proposal.effect is Effect.LOOKS_NOT_FIXED:
            first = WorkStep.CONFIRM_NOT_FIXED
        for step, button in self.buttons.items():
            button.setText(step_text(step))
            button.setVisible(step in possible)
            kind = "primary" if step is first else "flat" if step in QUIET else ""
            if button.property("kind") != kind:
                button.setProperty("kind", kind)
                button.style().polish(button)

    def _lay_out(self) -> None:
        look = theme()
        self._facts.setHorizontalSpacing(look.px(16))
        self._facts.setVerticalSpacing(look.px(5))
        self._facts.setColumnStretch(1, 1)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        column.setSpacing(look.px(9))
        row = QHBoxLayout()
        self.source.setProperty("kind", "link")
        self.proposal.setProperty("weight", "strong")
        row.addWidget(self.source)
        row.addWidget(self.origin, 1)
        row.addStretch(0)
        above: tuple[QWidget, ...] = (self.head, self.title, self.progress)
        for widget in above:
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.proposal)
        column.addLayout(self._facts)
        below: tuple[QWidget, ...] = (self.checks_head, self.checks, self.steps_head, self.steps)
        for widget in below:
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(ground)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        ground.setAutoFillBackground(False)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, look.px(10))
        body.addWidget(scroll, 1)
        body.addLayout(self._button_rows())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole.addWidget(self.nothing)
        whole.addWidget(self._body, 1)

    def _button_rows(self) -> QVBoxLayout:
        look = theme()
        rows = QVBoxLayout()
        rows.setContentsMargins(look.px(14), 0, look.px(14), 0)
        rows.setSpacing(look.px(6))
        for steps in BUTTON_ROWS:
            row = QHBoxLayout()
            row.setSpacing(look.px(8))
            for step in reversed(steps):
                row.addWidget(self.buttons[step])
            row.addStretch(1)
            rows.addLayout(row)
        return rows

    def _parts(self, parts: Sequence[str]) -> str:
        return "\n".join(self._part(part) for part in parts)

    def _part(self, part: str) -> str:
        known = next((each for each in self._plant.spare_parts if each.id == part), None)
        if known is None:
            return part
        return f"{local(known.name)}  {part}" + (f"  ({known.place})" if known.place else "")


PRIMARY_ORDER = (
    WorkStep.CONFIRM_NOT_FIXED, WorkStep.CONFIRM_FIXED, WorkStep.COMPLETE, WorkStep.START, WorkStep.RELEASE,
    WorkStep.PLAN,
)  # fmt: skip
BUTTON_ROWS = ((WorkStep.NOTE, *PRIMARY_ORDER), (WorkStep.INTERRUPT, WorkStep.CANCEL))


def _line_text(line: WorkLine) -> str:
    who = line.by or tr("the station")
    text = f"{number.day_and_time(line.order.changed)[:-3]}  {done_text(line.order.step)}  ·  {who}"
    if line.order.step is WorkStep.OBSERVE and line.order.proposal is not None:
        return f"{text}\n      {proposal_text(line.order.proposal)}"
    is_said = line.reason and line.order.step is not WorkStep.REQUEST
    return f"{text}\n      {line.reason}" if is_said else text


def _minute(instant: int) -> str:
    return number.day_and_time(instant)[:-3] if instant else ""


def _hours(order: WorkOrder) -> str:
    spent, estimated = f"{order.spent_h:g}", f"{order.estimated_h:g}"
    if order.spent_h and order.estimated_h:
        return tr("{n} h of {m} h", n=spent, m=estimated)
    if order.spent_h:
        return tr("{n} h", n=spent)
    return tr("{n} h estimated", n=estimated) if order.estimated_h else ""
