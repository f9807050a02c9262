"""The numbers between the marks A and B, of every signal that is shown: from the history, not from the picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.history.reader import HistoryReader
from app.history.span_statistics import SpanStatistics, read_statistics
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from widgets.explain.subject import Subject, of_figure
from widgets.feed import Feed
from widgets.number import (
    NO_VALUE,
    count,
    day_and_millisecond,
    day_and_time,
    duration,
    number,
    value_text,
    with_unit,
)
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.text_table import ROW, TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.statistics_figure import statistics_figure
from widgets.trend.time_window import TimeWindow

DELAY_MS = 150
FINE_NS = 60 * NS_PER_S
MOST_ROWS = 6
_NUMBERS = range(1, 12)


class StatisticsPanel(QFrame):
    """Hidden while there are no two marks. `tags` tells which signals are shown now."""

    told = Signal()

    def __init__(
        self,
        feed: Feed,
        window: TimeWindow,
        tags: Callable[[], Sequence[TagDefinition]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed, self._window, self._tags = feed, window, tags
        self._running: Operation[list[SpanStatistics]] | None = None
        self.found: list[SpanStatistics] = []
        self.span, self.state = QLabel(), QLabel()
        self.copy, self.end = QPushButton(), QPushButton()
        self.table = TextTable(_NUMBERS, self)
        self.view = TextTableView(self.table, elastic=0)
        self.view.explains = self._figure_of
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # no number is cut off
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._read)
        self._lay_out()
        window.marks_changed.connect(self.renew)
        self.copy.clicked.connect(lambda _=False: QGuiApplication.clipboard().setText(self.text()))
        self.end.clicked.connect(window.clear_marks)
        self.retranslate()
        self.setVisible(False)

    def renew(self) -> None:
        """Tell the numbers of the present marks and signals, soon: while a mark is dragged nothing is read."""
        marks = self._window.marks
        self._cancel()
        self.setVisible(len(marks) == 2)
        if len(marks) < 2:
            self._delay.stop()
            return
        text = day_and_millisecond if marks[1] - marks[0] < FINE_NS else day_and_time
        length = duration((marks[1] - marks[0]) / NS_PER_S)
        self.span.setText(f"A {text(marks[0])}   \N{RIGHTWARDS ARROW}   B {text(marks[1])}   ({length})")
        self.state.setText(tr("reading…"))
        self._delay.start()

    def text(self) -> str:
        """Return the table as lines with tabs, as spreadsheets take it."""
        return "\n".join([self.span.text(), *("\t".join(row) for row in self.cells())])

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Return the table, its heads first."""
        return (self._heads(), *(row.cells for row in self.table.rows))

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.copy.setText(tr("Copy"))
        self.end.setText(tr("Remove marks"))
        self.view.setAccessibleName(tr("Statistics between the marks"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "panel")
        self.state.setProperty("tone", "dim")
        head = QHBoxLayout()
        head.addWidget(self.span)
        head.addSpacing(look.px(12))
        head.addWidget(self.state, 1)
        for button in (self.copy, self.end):
            button.setProperty("kind", "flat")
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(10), look.px(4), look.px(4), look.px(4))
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view)

    def _read(self) -> None:
        marks, tags = self._window.marks, list(self._tags())
        if len(marks) < 2:
            return
        reader = HistoryReader(self._feed.folder.history)
        start, end = marks

        def read() -> list[SpanStatistics]:
            with reader:
                return [
                    read_statistics(reader, tag.name, start, end, is_stepped=tag.kind is TagKind.DISCRETE)
                    for tag in tags
                ]

        operation = Operation(self, read, interrupt=reader.interrupt)
        self._running = operation.success(self._take).failure(self._fail).start()

    def _take(self, found: list[SpanStatistics]) -> None:
        self._running = None
        self.found = found
        lost = max((each.hours_without for each in found), default=0)
        self.state.setText(
            tr("samples of {n} h are no longer kept: those hours count for min and max alone", n=lost) if lost else ""
        )
        self._show()
        self.told.emit()

    def _fail(self, error: Exception) -> None:
        self._running = None
        self.found = []
        self.state.setText(station_text(error))
        self._show()

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _heads(self) -> tuple[str, ...]:
        return (
            tr("Signal"),
            "A",
            "B",
            "B \N{MINUS SIGN} A",
            tr("Min"),
            tr("Max"),
            tr("Mean"),
            tr("Time-weighted"),
            tr("Std. dev."),
            tr("On for"),
            tr("Bad for"),
            tr("good / uncertain / bad"),
        )

    def _show(self) -> None:
        rows = [self._row(each) for each in self.found]
        self.table.show_rows(self._heads(), rows)
        shown = min(max(len(rows), 1), MOST_ROWS)
        self.view.setFixedHeight(self.view.horizontalHeader().sizeHint().height() + shown * theme().hit(ROW) + 2)
        self.view.fit()

    def _figure_of(self, tag: str) -> Subject | None:
        """Return how the numbers of a row came about."""
        found = next((each for each in self.found if each.tag == tag), None)
        row = next((each for each in self.table.rows if each.key == tag), None)
        if found is None or row is None:
            return None
        return of_figure(statistics_figure(found, self._feed.plant.tag(tag), self._heads(), row.cells))

    def _row(self, found: SpanStatistics) -> TextRow:
        tag = self._feed.plant.tag(found.tag)
        is_switch = tag.kind is TagKind.DISCRETE
        numbers = (found.first, found.last, found.delta, found.minimum, found.maximum)
        means = (found.mean, found.time_mean, found.deviation)
        if is_switch:
            numbers = (found.first, found.last, math.nan, found.minimum, found.maximum)
        cells = (
            f"{local(tag.title)}  {tag.name}",
            *(
                with_unit(value, tag=tag) if place < 2 else value_text(value, tag=tag)
                for place, value in enumerate(numbers)
            ),
            *(
                NO_VALUE if is_switch and not math.isnan(mean) else number(mean, decimals=tag.decimals + 1)
                for mean in means
            ),
            duration(found.on_s) if is_switch else NO_VALUE,
            duration(found.bad_s),
            f"{count(found.good)} / {count(found.uncertain)} / {count(found.bad)}",
        )
        return TextRow(found.tag, cells, is_strong=found.bad > 0)
