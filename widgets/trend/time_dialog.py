"""Asks for a stretch of time, typed: from when to when, or for how long."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model import clock
from widgets.number import day_and_millisecond, day_and_time
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.time_text import instant_of, length_of
from widgets.trend.time_window import LONGEST_NS, SHORTEST_NS, TimeWindow

FINE_NS = 60 * clock.NS_PER_S
"""So short a stretch has edges that are told to the millisecond."""


class TimeDialog(QDialog):
    """Start, end and length. A length that is typed counts back from the end; an end of "now" runs with the clock."""

    def __init__(self, window: TimeWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme()
        self._window = window
        self.start, self.end, self.length = QLineEdit(), QLineEdit(), QLineEdit()
        self.message = QLabel(tr("A time of today, a date, both, -8 h, or now."))
        self.message.setProperty("tone", "dim")
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(tr("Show a time"))
        form = QFormLayout()
        form.setSpacing(look.px(10))
        rows = ((tr("From"), self.start), (tr("To"), self.end), (tr("or for"), self.length))
        for label, field in rows:
            field.setMinimumHeight(look.px(36))
            field.setAccessibleName(label)
            form.addRow(label, field)
        self.length.setPlaceholderText(tr("90 s, 15 min, 8 h, 3 d, 2 y"))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(10))
        column.addLayout(form)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.setMinimumWidth(look.px(400))
        self._fill()
        self.start.textEdited.connect(self.length.clear)
        self.buttons.accepted.connect(self.take)
        self.buttons.rejected.connect(self.reject)
        self.start.selectAll()
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self) -> None:
        """Show the stretch and close; stay open and say why where it cannot be."""
        now = clock.now_ns()
        try:
            end = instant_of(self.end.text() or tr("now"), now=now)
            length = length_of(self.length.text()) if self.length.text().strip() else end - self._start(now)
            self._check(length)
        except ValueError as error:
            self.message.setText(station_text(error))
            return
        if end >= now:
            self._window.go_live()
            self._window.set_span(length)
        else:
            self._window.show(end - length, end)
        self.accept()

    def _start(self, now: int) -> int:
        return instant_of(self.start.text(), now=now)

    @staticmethod
    def _check(length: int) -> None:
        if length <= 0:
            raise ValueError(tr("The end is not after the start."))
        if not SHORTEST_NS <= length <= LONGEST_NS:
            raise ValueError(tr("Trends show from one second to ten years."))

    def _fill(self) -> None:
        start, end = self._window.edges(clock.now_ns())
        text = day_and_millisecond if end - start < FINE_NS else day_and_time
        self.start.setText(text(start))
        self.end.setText(tr("now") if self._window.is_live else text(end))
