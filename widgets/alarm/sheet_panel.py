"""What to do about an alarm, at the point of need: its response first, then consequence, cause and its owner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.model import clock
from app.model.alarm import AlarmRecord
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.plant import Plant
from app.plant.sheet_assembly import sheet_of
from widgets import number
from widgets.help.topics import trouble_of_alarm
from widgets.plain_text import PlainText
from widgets.theme import theme
from widgets.translation import local, tr

SECONDS_PER_MINUTE = 60


class SheetPanel(QFrame):
    """Shows the rationalisation sheet of one alarm; `renew` keeps the time that is left to respond.

    `trial_asked(alarm)`: a suppression of it is to be tried on the past.
    """

    trial_asked = Signal(str)
    help_asked = Signal(str)  # what the help says of an alarm that the station has about itself or a device

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._definitions = {alarm.id: alarm for alarm in plant.alarms}
        self._plant = plant
        self._record: AlarmRecord | None = None
        self._sheet = AlarmSheet()
        self.title = PlainText("title")
        self.left = PlainText("")
        self.response = PlainText("large")
        self.help = QPushButton()
        self.help.setProperty("kind", "link")
        self.help.clicked.connect(lambda _=False: self.help_asked.emit(self._help_link()))
        self.trial = QPushButton()
        self.trial.clicked.connect(self._ask_trial)
        self._rows = [(PlainText("small", tone="dim"), PlainText("")) for _ in range(4)]
        self._lay_out()
        self.retranslate()

    def show_alarm(self, record: AlarmRecord | None) -> None:
        """Show the sheet of an alarm, None for nothing."""
        before, self._record = self._record, record
        if before is not None and record is not None and before.alarm == record.alarm:
            self.renew()
            return
        definition = self._definitions.get(record.alarm) if record is not None else None
        self._sheet = AlarmSheet() if definition is None else sheet_of(self._plant, definition)
        self.retranslate()

    @property
    def is_rationalised(self) -> bool:
        """Return whether any alarm of the plant has a sheet; without one there is nothing to show."""
        plant = self._plant
        return bool(plant.alarm_classes) or any(alarm.sheet != AlarmSheet() for alarm in plant.alarms)

    def texts(self) -> list[tuple[str, str]]:
        """Return the headings and texts below the response that are shown."""
        return [(head.text(), body.text()) for head, body in self._rows if not body.isHidden()]

    def _help_link(self) -> str:
        return "" if self._record is None else trouble_of_alarm(self._record)

    def renew(self) -> None:
        """Tell how much time is left; an alarm that is gone or acknowledged needs no haste."""
        record, minutes = self._record, self._sheet.respond_within_min
        if record is None or minutes is None:
            self.left.setText("")
            return
        whole = tr("Respond within {time}", time=number.duration(minutes * SECONDS_PER_MINUTE))
        if not record.state.is_active or record.acknowledged:
            self.left.setText(whole)
            return
        left = record.raised + round(minutes * SECONDS_PER_MINUTE * clock.NS_PER_S) - clock.now_ns()
        seconds = abs(left) / clock.NS_PER_S
        rest = (
            tr("{time} left", time=number.duration(seconds))
            if left > 0
            else tr("{time} overdue", time=number.duration(seconds))
        )
        self.left.setText(f"{whole}  ·  {rest}")

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        record, sheet = self._record, self._sheet
        self.trial.setText(tr("Try a suppression…"))
        self.trial.setVisible(record is not None and record.alarm in self._definitions)
        self.sheet_view.setAccessibleName(tr("Choose an alarm to see what to do about it"))
        self.title.setText("" if record is None else local(record.message))
        if record is None:
            self.response.setText(tr("Choose an alarm to see what to do about it"))
        else:
            self.response.setText(local(sheet.response) or tr("No response is written down for this alarm"))
        self.help.setText(tr("What to do, in the help"))
        self.help.setVisible(bool(self._help_link()))
        severity = severity_text(sheet.severity)
        consequence = local(sheet.consequence)
        bodies = (
            (
                tr("If nobody responds"),
                f"{consequence} ({severity})" if consequence and severity else consequence or severity,
            ),
            (tr("Usual cause"), local(sheet.cause)),
            (tr("Owner"), local(sheet.owner)),
            (tr("Approved"), _approval(sheet)),
        )
        for (head, body), (name, text) in zip(self._rows, bodies, strict=True):
            head.setText(name)
            body.setText(text)
            head.setVisible(bool(text))
            body.setVisible(bool(text))
        self.setAccessibleName(self.response.text())
        self.renew()

    def _ask_trial(self) -> None:
        if self._record is not None:
            self.trial_asked.emit(self._record.alarm)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(6))
        grid.setColumnStretch(1, 1)
        for place, (head, body) in enumerate(self._rows):
            grid.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(body, place, 1)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(look.px(14), look.px(10), look.px(14), look.px(10))
        column.setSpacing(look.px(8))
        for label in (self.title, self.response, self.left):
            column.addWidget(label)
        column.addWidget(self.help, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        column.addWidget(self.trial, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(ground)
        scroll.setWidgetResizable(True)
        self.sheet_view = scroll
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        ground.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


def severity_text(severity: Severity | None) -> str:
    """Return how grave a consequence is, "" where that is not known."""
    match severity:
        case Severity.MINOR:
            return tr("minor")
        case Severity.MAJOR:
            return tr("major")
        case Severity.SEVERE:
            return tr("severe")
    return ""


def _approval(sheet: AlarmSheet) -> str:
    version = tr("version {n}", n=sheet.version) if sheet.version else ""
    return ", ".join(part for part in (sheet.approved_by, sheet.approved_on, version) if part)
