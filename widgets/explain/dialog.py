"""The dialog that explains one value, and follows it while it is open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.model import clock
from widgets.explain.figure import sections_of_figure
from widgets.explain.finding_sections import sections_of_forecast, sections_of_health, sections_of_life
from widgets.explain.past import TagPast, read_past
from widgets.explain.section import Section
from widgets.explain.subject import Subject, SubjectKind
from widgets.explain.tag_sections import Arrival, sections_of_tag
from widgets.feed import Feed, ValuesChanged
from widgets.help.button import HelpButton
from widgets.operation import Operation
from widgets.prediction.countdown import countdown_of
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr

RENEW_MS = 1_000
_WITH_TREND = {SubjectKind.TAG, SubjectKind.FIGURE}
PAST_NS = 2 * clock.NS_PER_S
"""So often the files are looked at again."""


class ExplainDialog(QDialog):
    """`trend_asked`: the tag that is to be seen on the trends."""

    trend_asked = Signal(str)

    def __init__(self, feed: Feed, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self.subject = feed, subject
        self._tag = feed.tags.get(subject.name) if subject.kind is SubjectKind.TAG else None
        self._arrival = Arrival()
        self._past: TagPast | None = None
        self._reading: Operation[TagPast] | None = None
        self._read_at = -PAST_NS
        self.sections: Sequence[Section] = ()
        self.head, self.problem = QLabel(), QLabel()
        self.rows: dict[tuple[str, int], tuple[QLabel, QLabel]] = {}
        self._shape: tuple[tuple[str, int], ...] = ()
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self.copy, self.trend, self.done_button = QPushButton(), QPushButton(), QPushButton()
        self._lay_out()
        self.copy.clicked.connect(self.copy_text)
        self.trend.clicked.connect(lambda: self.trend_asked.emit(self._trended()))
        self.done_button.clicked.connect(self.accept)
        feed.values_changed.connect(self._take)
        self._countdown = countdown_of(feed)
        self._countdown.moved.connect(self._count_down)
        self._timer = QTimer(self)
        self._timer.setInterval(RENEW_MS)
        self._timer.timeout.connect(self._countdown.keep_up)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Tell what is known now."""
        now, name = clock.now_ns(), self.subject.name
        match self.subject.kind:
            case SubjectKind.HEALTH:
                self.sections = sections_of_health(self._feed, name, now=now)
            case SubjectKind.LIFE:
                self.sections = sections_of_life(self._feed, name, now=now)
            case SubjectKind.FORECAST:
                self.sections = sections_of_forecast(self._feed, name, now=self._countdown.now)
            case SubjectKind.FIGURE if self.subject.figure is not None:
                self.sections = sections_of_figure(self._feed, self.subject.figure, now=now)
            case SubjectKind.TAG if self._tag is not None:
                self._read(now)
                self.sections = sections_of_tag(self._feed, self._tag, arrival=self._arrival, past=self._past, now=now)
        self._show()

    def _count_down(self) -> None:
        if self.subject.kind is SubjectKind.FORECAST:
            self.refresh()

    def text(self) -> str:
        """Return all that is told, as it is copied into a message."""
        return "\n".join([self.head.text(), *(line for each in self.sections for line in each.texts())])

    def copy_text(self) -> None:
        """Put all that is told on the clipboard."""
        QApplication.clipboard().setText(self.text())

    def _take(self, change: ValuesChanged) -> None:
        """Note the newest sample of the tag, and how long it took to come."""
        if self._tag is None or not len(change.block):
            return
        rows = np.flatnonzero(change.block.handle == self._tag.handle)
        if len(rows):
            last = int(rows[-1])
            self._arrival = Arrival(int(change.block.time[last]), int(change.block.received[last]), clock.now_ns())

    def _read(self, now: int) -> None:
        """Look into the files now and then, off the GUI thread."""
        tag, steady = self._tag, clock.monotonic_ns()
        if tag is None or self._reading is not None or steady - self._read_at < PAST_NS:
            return
        self._read_at = steady
        history = self._feed.folder.history
        work = Operation(self, lambda: read_past(history, tag.name, now=now))
        self._reading = work.success(self._take_past).failure(self._fail).start()

    def _take_past(self, past: TagPast) -> None:
        self._reading = None
        self._past = past
        self.problem.setText("")
        self.refresh()

    def _fail(self, error: Exception) -> None:
        self._reading = None
        self.problem.setText(station_text(error))

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Explain this number"))
        self.head.setProperty("lettering", "large")
        self.head.setText(self._head())
        self.head.setWordWrap(True)
        self.problem.setProperty("tone", "dim")
        self.problem.setWordWrap(True)
        self._grid.setHorizontalSpacing(look.px(16))
        self._grid.setVerticalSpacing(look.px(5))
        self._grid.setColumnStretch(1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        self.copy.setText(tr("Copy"))
        self.trend.setText(tr("Show on the trends"))
        self.trend.setVisible(bool(self._trended()))
        self.done_button.setText(tr("Close"))
        buttons = QHBoxLayout()
        buttons.addWidget(HelpButton())
        for button in (self.copy, self.trend):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        for widget in (self.head, scroll, self.problem):
            column.addWidget(widget, 1 if widget is scroll else 0)
        column.addLayout(buttons)
        self.resize(look.px(640), look.px(660))

    def _trended(self) -> str:
        """Return the tag whose trend shows the value, "" for none."""
        name = self.subject.figure.tags[:1] if self.subject.figure is not None else (self.subject.name,)
        tag = self._feed.tags.get(name[0]) if name and self.subject.kind in _WITH_TREND else None
        return tag.name if tag is not None and not tag.is_text else ""

    def _head(self) -> str:
        names = {each.id: each.name for each in self._feed.plant.equipment}
        if self.subject.kind is SubjectKind.FIGURE:
            return self.subject.name
        if self._tag is not None:
            owner = names.get(self._tag.equipment)
            place = local(owner) if owner is not None else self._tag.equipment
            return f"{local(self._tag.title)}  ·  {self._tag.name}  ·  {place}"
        if self.subject.kind in {SubjectKind.HEALTH, SubjectKind.LIFE}:
            known = names.get(self.subject.name)
            what = tr("Health") if self.subject.kind is SubjectKind.HEALTH else tr("Remaining life")
            return f"{what}  ·  {local(known) if known is not None else self.subject.name}"
        return f"{tr('Forecast')}  ·  {self.subject.name}"

    def _show(self) -> None:
        shape = tuple((section.title, len(section.lines)) for section in self.sections)
        if shape != self._shape:
            self._build(shape)
        for section in self.sections:
            for place, line in enumerate(section.lines):
                name, value = self.rows[section.title, place]
                name.setText(line.name)
                value.setText(line.value)
                value.setProperty("weight", "strong" if line.is_wrong else "")
                value.setAccessibleName(f"{line.name}: {line.value}")

    def _build(self, shape: tuple[tuple[str, int], ...]) -> None:
        """Make a label for each line; it then only changes its text."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.rows.clear()
        self._shape = shape
        row = 0
        for title, number in shape:
            if not number:
                continue
            head = QLabel(title)
            head.setProperty("lettering", "title")
            self._grid.addWidget(head, row, 0, 1, 2)
            row += 1
            for place in range(number):
                name, value = QLabel(), QLabel()
                name.setProperty("tone", "dim")
                name.setAlignment(Qt.AlignmentFlag.AlignTop)
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(name, row, 0)
                self._grid.addWidget(value, row, 1)
                self.rows[title, place] = (name, value)
                row += 1
        self._grid.setRowStretch(row, 1)
