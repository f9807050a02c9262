"""The foot of every screen: whether the collector lives, how much comes in, how late it is shown, and what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.model import clock
from app.model.alarm import AlarmState, Priority
from app.model.byte_size import byte_size
from widgets import number
from widgets.alarm.shape import PriorityShape
from widgets.elided_label import ElidedLabel
from widgets.explain.figure import Derivation
from widgets.explain.figure import Figure as Derived
from widgets.explain.subject import Subject, of_figure
from widgets.feed import Feed, ValuesChanged
from widgets.help.topics import trouble_of_collector
from widgets.icon import IconButton
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

HEIGHT = 34
RENEW_NS = clock.NS_PER_S
NOTICE_NS = 15 * clock.NS_PER_S


class LifeDot(QWidget):
    """A filled dot while the collector lives, else a hollow one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_alive = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_life(self, *, is_alive: bool) -> None:
        """Show whether the collector lives."""
        if is_alive != self._is_alive:
            self._is_alive = is_alive
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(10), theme().px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        color = theme().color("process_line")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color, 1.5))
            painter.setBrush(color if self._is_alive else theme().color("panel"))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))


class Figure(QWidget):
    """A dim name and a bright value beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLabel()
        self.value = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(6))
        for label, key, kind in ((self.name, "tone", "dim"), (self.value, "weight", "strong")):
            label.setProperty("lettering", "small")
            label.setProperty(key, kind)
            row.addWidget(label)

    def show_figure(self, name: str, value: str) -> None:
        """Show a value under its name."""
        self.name.setText(name)
        self.name.setVisible(bool(name))
        self.value.setText(value)
        self.setAccessibleName(f"{name} {value}".strip())


class StatusBar(QFrame):
    """What the collector says of itself, the delay of the values shown, notices to the operator, and the keys."""

    help_asked = Signal(str)  # what the help says of the problem that is shown

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "status")
        self._feed = feed
        self._notice = ""
        self._noticed = 0
        self._delay_ns = -1
        self._delay = number.NO_VALUE
        self._renewed = 0
        self.dot = LifeDot()
        self.collector = Figure()
        self.rate = Figure()
        self.delay = Figure()
        self.history = Figure()
        self.sign = PriorityShape(Priority.DIAGNOSTIC, size=16)
        self.sign.show_state(Priority.DIAGNOSTIC, AlarmState.ACKNOWLEDGED)
        self.problem = ElidedLabel(size="small")
        self.remedy = IconButton("help")
        self.remedy.clicked.connect(lambda _=False: self.help_asked.emit(self._help_link()))
        self.keys = QLabel()
        self.panels = IconButton("panels")
        self._lay_out()
        feed.collector_changed.connect(self.refresh)
        feed.collector_link_changed.connect(self.refresh)
        if feed.is_replay:  # of the collector as it is now the bar above tells
            for widget in (self.dot, self.collector, self.rate, self.delay, self.history):
                widget.hide()
        else:
            feed.values_changed.connect(self._measure)
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return what the collector tells of itself at a place."""
        told = self._told()
        shown = (figure for figure in told if place is not None and figure.geometry().contains(place.toPoint()))
        return next((of_figure(told[figure]) for figure in shown if figure.isVisible()), None)

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where the figures stand."""
        return [(shown.geometry(), of_figure(told)) for shown, told in self._told().items() if shown.isVisible()]

    def _told(self) -> dict[Figure, Derived]:
        text = tr("the collector's own report, once a second")

        def one(shown: Figure, name: str, formula: str, inputs: str = text) -> Derived:
            return Derived(name, (Derivation(name, shown.value.text(), formula),), inputs=(inputs,))

        return {
            self.collector: one(self.collector, tr("Collector"), tr("its process, and for how long it has run")),
            self.rate: one(self.rate, tr("Samples per second"), tr("samples of all devices in the last second")),
            self.delay: one(
                self.delay,
                tr("Delay"),
                tr("the longest time in the last second from a driver's having a value to its being shown here"),
                tr("the values that this window was sent"),
            ),
            self.history: one(self.history, tr("History"), tr("size of the history's file and of its journal")),
        }

    def show_notice(self, text: str) -> None:
        """Tell the operator something that went wrong here; "" takes it away."""
        self._notice = text
        self._noticed = clock.monotonic_ns()
        self.refresh()

    def end_notice(self) -> None:
        """Take a notice away once it has been there long enough to be read: in a flood something changes always."""
        if self._notice and clock.monotonic_ns() - self._noticed >= NOTICE_NS:
            self.show_notice("")

    def refresh(self) -> None:
        """Show the present state of the collector."""
        report = self._feed.report if self._feed.is_linked else None
        self.dot.show_life(is_alive=self._feed.is_linked)
        if report is None:
            self.collector.show_figure(tr("Collector"), tr("waiting") if not self._feed.is_linked else tr("running"))
        else:
            up = number.uptime(max(0, clock.now_ns() - report.started) / clock.NS_PER_S)
            self.collector.show_figure(tr("Collector"), f"PID {report.pid}  ·  {up}")
        rate = number.count(report.samples_per_s) if report is not None else number.NO_VALUE
        self.rate.show_figure("", tr("{n} samples/s", n=rate))
        self.delay.show_figure(tr("Delay"), self._delay if self._feed.is_linked else number.NO_VALUE)
        size = byte_size(report.history_bytes) if report is not None else number.NO_VALUE
        self.history.show_figure(tr("History"), size)
        self._show_problem(self._notice or self._problem())
        self.remedy.setVisible(not self._notice and bool(self._help_link()))
        self.remedy.name(tr("What to do about it"))
        keys = tr("F1 help   F2 acknowledge   F3 silence   Ctrl+K search   F11 full screen")
        past = tr("F5 run or stand   F6 next alarm   F7 a second on   F9 faster   F8 back to live")
        self.keys.setText(past if self._feed.is_replay else keys)
        self.panels.name(tr("Panels beside the page (Ctrl+Shift+P)"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def _problem(self) -> str:
        if not self._feed.is_linked:
            return self._feed.link_text
        return station_text(self._feed.report.problem) if self._feed.report is not None else ""

    def _help_link(self) -> str:
        kind = self._feed.report.problem_kind if self._feed.report is not None else None
        is_past = self._feed.is_replay  # of the collector as it is now the bar above tells
        return "" if is_past else trouble_of_collector(kind, is_linked=self._feed.is_linked)

    def _show_problem(self, text: str) -> None:
        self.problem.set_text(text)
        self.problem.setVisible(bool(text))
        self.sign.setVisible(bool(text))

    def _measure(self, change: ValuesChanged) -> None:
        """The delay is the oldest of a frame: from the driver's having a value to its being shown."""
        now = clock.now_ns()
        if len(change.block):
            self._delay_ns = max(self._delay_ns, now - int(change.block.received.min()))
        if now - self._renewed >= RENEW_NS:
            self._renewed = now
            self._delay = self._delay_text()
            self.delay.show_figure(tr("Delay"), self._delay)
            self._delay_ns = -1

    def _delay_text(self) -> str:
        if self._delay_ns < 0 or not self._feed.is_linked:
            return number.NO_VALUE
        milliseconds = self._delay_ns / clock.NS_PER_MS
        return f"{milliseconds:.0f} ms" if milliseconds < 1000 else number.duration(milliseconds / 1000)

    def _lay_out(self) -> None:
        look = theme()
        self.setFixedHeight(look.hit(HEIGHT) + 1)  # and its border
        self.keys.setProperty("lettering", "tiny")
        self.keys.setProperty("tone", "dim")
        # a word that changes its length every second must not move the rest
        self.delay.value.setMinimumWidth(look.px(44))
        self.rate.value.setMinimumWidth(look.px(104))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(16), 0, look.px(16), 0)
        row.setSpacing(look.px(8))
        row.addWidget(self.dot)
        for figure in (self.collector, self.rate, self.delay, self.history):
            row.addWidget(figure)
            row.addSpacing(look.px(12))
        row.addWidget(self.sign)
        row.addWidget(self.remedy)
        row.addWidget(self.problem, 1)
        row.addStretch()
        row.addWidget(self.keys, alignment=Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.panels)
