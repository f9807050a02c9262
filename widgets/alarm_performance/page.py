"""The page "Performance": the figures of the standards, the course of the rate, the alarms to mend first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.alarm.statistics.assessment import VERDICT_TEXTS, Assessment, Verdict, assess
from app.alarm.statistics.definitions import DAY_NS, HOUR_NS
from app.alarm.statistics.figures import TOP, AlarmLoad
from app.alarm.what_if.numbers import SUPPORTED
from app.model.alarm import Priority
from widgets import number
from widgets.alarm.wording import priority_text, why_no_alarm
from widgets.alarm_performance.figure import figure_text, load_figure, performance_figure
from widgets.alarm_performance.rate_strip import RateStrip
from widgets.alarm_performance.reading import Performance, ReadPerformance
from widgets.alarm_performance.take_over import TakeOver
from widgets.alarm_performance.what_if import AskWhatIf, WhatIfDialog
from widgets.explain.subject import Subject, of_figure
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.plot.files import PlotFiles
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import local, tr

SPANS = (8 * HOUR_NS, DAY_NS, 7 * DAY_NS, 30 * DAY_NS)
RENEW_MS = 10_000
FIGURES_WIDTH = 600
_SHAPES = {Priority.CRITICAL: "■", Priority.HIGH: "▲", Priority.MEDIUM: "▼", Priority.DIAGNOSTIC: "●"}
_SIGNS = {Verdict.GOOD: "", Verdict.FAIR: "△ ", Verdict.POOR: "▲ ", Verdict.OPEN: ""}


class PerformancePage(RenewedPage):
    """Renewed every ten seconds while it is seen; `read` is called in a background thread.

    `take_over`: makes what asks the collector for a proposed change; without it changes are made on the command line.
    `try_suppression`: opens what tries a suppression of an alarm (by its id, "": of any), above a page.
    """

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        read: ReadPerformance,
        ask: AskWhatIf,
        take_over: Callable[[], TakeOver] | None = None,
        try_suppression: Callable[[str, QWidget], object] = lambda _alarm, _page: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._feed, self._navigation, self._read, self._ask = feed, navigation, read, ask
        self._take_over, self._try = take_over, try_suppression
        self._conditions = {alarm.id: alarm.condition for alarm in feed.plant.alarms}
        self._span = DAY_NS
        self._shown: Performance | None = None
        self._operation: Operation[Performance | None] | None = None
        self.spans = tuple(QPushButton() for _ in SPANS)
        self.stretch = QLabel()
        self.figures = TextTable(right=(1,))
        self.figure_view = TextTableView(self.figures, elastic=0)
        self.strip = RateStrip()
        self.files = PlotFiles(self, self.tell)
        self.actors_title = QLabel()
        self.actors = TextTable(right=(3, 4, 5, 6, 7))
        self.actor_view = TextTableView(self.actors, elastic=1)
        self.nothing = QLabel()
        HelpLink(self.nothing, "alarm-performance#empty", navigation)
        self.open_trend = QPushButton()
        self.what_if, self.suppression = QPushButton(), QPushButton()
        self.figure_view.explains = self._figure_of
        self.actor_view.explains = self._load_of
        self._lay_out()
        self._connect()
        self.retranslate()

    def choose_span(self, span: int) -> None:
        """Show the newest `span` ns, one of SPANS."""
        self._span = span
        self.spans[SPANS.index(span)].setChecked(True)
        self.renew()

    def renew(self) -> None:
        """Read the figures anew; what is being read for another span is given up."""
        if self._operation is not None:
            self._operation.cancel()
        span = self._span
        operation = Operation(self, lambda: self._read(span))
        self._operation = operation.success(self._take).failure(self._tell_failure).start()

    def ask_what_if(self) -> WhatIfDialog | None:
        """Look for better settings of the chosen alarm, in a dialog."""
        alarm, shown = self.actor_view.chosen(), self._shown
        if not alarm or not self.what_if.isEnabled():
            return None
        names = shown.names.get(alarm) if shown is not None else None
        dialog = WhatIfDialog(
            alarm,
            local(names.message) if names is not None else alarm,
            self._ask,
            take_over=self._take_over() if self._take_over is not None else None,
            parent=self,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_suppression(self) -> object:
        """Try a suppression, of the chosen alarm where one is."""
        chosen = self.actor_view.chosen()
        return self._try(chosen if chosen in self._conditions else "", self)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        names = (tr("Shift"), tr("24 h"), tr("7 days"), tr("30 days"))
        for button, name in zip(self.spans, names, strict=True):
            button.setText(name)
        self.actors_title.setText(tr("Most frequent alarms"))
        self.open_trend.setText(tr("Show its trend"))
        self.what_if.setText(tr("What if…"))
        self.suppression.setText(tr("Try a suppression…"))
        self.figure_view.setAccessibleName(tr("Alarm performance"))
        self.actor_view.setAccessibleName(tr("Most frequent alarms"))
        self._show()

    def tell(self, text: str) -> None:
        """Say something beside the choice of time, until the page is renewed."""
        self.stretch.setText(text)

    def _lay_out(self) -> None:
        look = theme()
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        group = QButtonGroup(self)
        for button in self.spans:
            button.setCheckable(True)
            button.setProperty("kind", "flat")
            group.addButton(button)
            bar.addWidget(button)
        self.spans[SPANS.index(self._span)].setChecked(True)
        self.stretch.setProperty("tone", "dim")
        bar.addSpacing(look.px(8))
        bar.addWidget(self.stretch)
        bar.addStretch(1)
        self.actors_title.setProperty("lettering", "title")
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.figure_view.setMinimumWidth(look.px(FIGURES_WIDTH))
        head = QHBoxLayout()
        head.addWidget(self.actors_title)
        head.addStretch(1)
        head.addWidget(self.suppression)
        head.addWidget(self.what_if)
        head.addWidget(self.open_trend)
        right = QVBoxLayout()
        right.setSpacing(look.px(8))
        right.addWidget(self.strip, 2)
        for plot in (self.strip.rate, self.strip.active):
            self.files.serve(plot)
        right.addLayout(head)
        right.addWidget(self.actor_view, 3)
        right.addWidget(self.nothing, 3)
        body = QHBoxLayout()
        body.setSpacing(look.px(20))
        body.addWidget(self.figure_view, 2)
        body.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(10))
        column.addLayout(bar)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        for button, span in zip(self.spans, SPANS, strict=True):
            button.clicked.connect(lambda _=False, span=span: self.choose_span(span))
        self.actor_view.activated.connect(self._open)
        self.actor_view.selectionModel().selectionChanged.connect(self._follow_choice)
        self.open_trend.clicked.connect(self._open)
        self.what_if.clicked.connect(self.ask_what_if)
        self.suppression.clicked.connect(self.ask_suppression)

    def _take(self, performance: Performance | None) -> None:
        self._operation = None
        self._shown = performance
        self._show()

    def _tell_failure(self, error: Exception) -> None:
        self._operation = None
        self.stretch.setText(station_text(error))

    def _show(self) -> None:
        shown = self._shown
        loads = shown.figures.loads[:TOP] if shown is not None else ()
        loads = tuple(load for load in loads if load.activations)
        is_set_up = bool(self._feed.plant.alarms) or any(each.alarms for each in self._feed.plant.connections)
        came = tr("No alarm came in this time. A longer one is chosen above.")
        self.nothing.setText(came if is_set_up else why_no_alarm(self._feed.plant, is_filtered=False))
        self.nothing.setVisible(not loads)
        self.actor_view.setVisible(bool(loads))
        self._follow_choice()
        if shown is None:
            self.stretch.setText("")
            return
        figures = shown.figures
        came = tr("Alarms: {n}", n=number.count(figures.activations))
        self.stretch.setText(
            f"{number.day_and_time(figures.start)[:-3]} – {number.day_and_time(figures.end)[:-3]}    {came}"
        )
        self.strip.show_figures(figures)
        figure_heads = (tr("Figure"), tr("Value"), tr("Recommended"), tr("Verdict"))
        self.figures.show_rows(figure_heads, [self._figure_row(each) for each in assess(figures)])
        self.figure_view.fit()
        heads = (
            tr("Pr."), tr("Message"), tr("Equipment"), tr("Alarms"), tr("Share"), tr("Chattering"), tr("Fleeting"),
            tr("Active"),
        )  # fmt: skip
        self.actors.show_rows(heads, [self._actor_row(load, shown) for load in loads])
        self.actor_view.fit()

    def _figure_row(self, assessment: Assessment) -> TextRow:
        wanted = assessment.recommendation
        return TextRow(
            wanted.key,
            (
                local(wanted.title),
                figure_text(assessment),
                local(wanted.target),
                _SIGNS[assessment.verdict] + local(VERDICT_TEXTS[assessment.verdict]),
            ),
            tip=wanted.source,
            is_strong=assessment.verdict is Verdict.POOR,
        )

    def _actor_row(self, load: AlarmLoad, shown: Performance) -> TextRow:
        names = shown.names.get(load.alarm)
        equipment = self._feed.equipment.get(names.equipment) if names is not None else None
        owner = local(equipment.name) if equipment is not None else (names.equipment if names is not None else "")
        active = number.duration(load.active_s)
        return TextRow(
            load.alarm,
            (
                f"{_SHAPES[Priority(names.priority)]} {names.priority}" if names is not None else "",
                local(names.message) if names is not None else load.alarm,
                owner,
                number.count(load.activations),
                tr("{n} %", n=number.number(100 * load.activations / shown.figures.activations)),
                number.count(load.chattering) if load.chattering else "",
                number.count(load.fleeting) if load.fleeting else "",
                tr("{time}, stale", time=active) if load.is_stale else active,
            ),
            tip=f"{priority_text(Priority(names.priority))}, {load.alarm}" if names is not None else load.alarm,
            is_strong=bool(load.chattering) or load.is_stale,
        )

    def _figure_of(self, key: str) -> Subject | None:
        """Return how a figure of the standards came about."""
        shown = self._shown
        found = (each for each in assess(shown.figures) if each.recommendation.key == key) if shown is not None else ()
        return next((of_figure(performance_figure(each, shown.figures)) for each in found if shown is not None), None)

    def _load_of(self, alarm: str) -> Subject | None:
        """Return how the numbers of an alarm came about."""
        shown = self._shown
        row = next((each for each in self.actors.rows if each.key == alarm), None)
        if shown is None or row is None:
            return None
        names = shown.names.get(alarm)
        return of_figure(load_figure(row.cells, shown.figures, tag=names.tag if names is not None else ""))

    def _follow_choice(self) -> None:
        is_chosen = bool(self.actor_view.chosen()) and self.actor_view.isVisibleTo(self)
        self.open_trend.setEnabled(is_chosen)
        can_ask = is_chosen and self._conditions.get(self.actor_view.chosen()) in SUPPORTED
        self.what_if.setEnabled(can_ask)
        self.what_if.setToolTip(
            ""
            if can_ask or not is_chosen
            else tr("What if is told of limits, deviations, rates, states and expressions")
        )

    def _open(self, index: QModelIndex | bool = False) -> None:  # noqa: FBT001, FBT002 - what both signals give
        del index
        shown = self._shown
        names = shown.names.get(self.actor_view.chosen()) if shown is not None else None
        if names is not None:
            self._navigation.open_tag(names.tag)
