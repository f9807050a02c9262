"""The bar above a replay: that it is one, of when, how fast it runs, where it may go, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.model import clock
from widgets import number
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.keyboard.shortcut import bind
from widgets.replay.buttons import TransportButton
from widgets.replay.live_chip import LiveChip
from widgets.replay.playhead import SPEEDS, STEP_NS
from widgets.replay.source import ReplaySource
from widgets.replay.timeline import Timeline, day_of
from widgets.theme import BOLD, theme
from widgets.translation import tr

FAR_NS = 60 * clock.NS_PER_S
MARKS_NS = 20 * clock.NS_PER_S


class ReplaySign(QWidget):
    """The word that nobody can overlook, in the colour of nothing else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme()
        width = QFontMetrics(look.font("large", weight=BOLD)).horizontalAdvance(tr("REPLAY"))
        return QSize(width + look.px(28), look.px(34))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("replay"))
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
            painter.setFont(look.font("large", weight=BOLD))
            painter.setPen(look.color("replay_text"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("REPLAY"))


class ReplayBar(QFrame):
    """Steers the playhead by hand and by keys; `live` tells of the present. All of it is asked of `source`."""

    live_asked = Signal()
    instant_asked = Signal()

    def __init__(self, source: ReplaySource, live: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "header")
        self._source = source
        self._playhead = source.playhead
        self._marked: tuple[int, int] | None = None
        self._marked_at = 0
        self.sign = ReplaySign()
        self.instant, self.day = QLabel(), QLabel()
        self.alarm_before, self.alarm_after = TransportButton("alarm_before"), TransportButton("alarm_after")
        self.far_back, self.far_forward = TransportButton("far_back"), TransportButton("far_forward")
        self.back, self.forward = TransportButton("back"), TransportButton("forward")
        self.play = TransportButton("play")
        self.speed = ChoiceBox()
        self.jump, self.to_live = QPushButton(), QPushButton()
        self.chip = LiveChip(live)
        self.timeline = Timeline(self._playhead)
        self._lay_out()
        self._connect()
        self.retranslate()

    def refresh(self) -> None:
        """Show where the replay is and how it runs."""
        shown = self._playhead.shown
        self.instant.setText(number.time_of_day(shown))
        self.day.setText(number.day(shown))
        self.play.show_sign("pause" if self._playhead.is_playing else "play")
        self.play.name(tr("Stand still") if self._playhead.is_playing else tr("Run on"), "F5")
        place = self.speed.findData(self._playhead.speed)
        if place >= 0 and place != self.speed.currentIndex():
            self.speed.setCurrentIndex(place)
        self._mark()

    def find_alarm(self, *, is_forward: bool) -> None:
        """Go to where the next alarm was raised, or the one before, and stand still there."""

        def go(instant: int | None) -> None:
            if instant is not None:
                self._playhead.step(instant - self._playhead.wanted)

        self._source.find_alarm(go, is_forward=is_forward)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.alarm_before.name(tr("The alarm before"), "Shift+F6")
        self.alarm_after.name(tr("The next alarm"), "F6")
        self.far_back.name(tr("A minute back"), "Ctrl+Shift+F7")
        self.far_forward.name(tr("A minute on"), "Ctrl+F7")
        self.back.name(tr("A second back"), "Shift+F7")
        self.forward.name(tr("A second on"), "F7")
        self.speed.setAccessibleName(tr("Speed of the replay"))
        self.speed.setToolTip(tr("Speed of the replay (F9 faster, Shift+F9 slower)"))
        self.jump.setText(tr("Jump…"))
        self.jump.setToolTip(tr("Go to any instant (Ctrl+G)"))
        self.to_live.setText(tr("Back to live  F8"))
        self.timeline.retranslate()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self.instant.setProperty("lettering", "counter")
        self.day.setProperty("lettering", "title")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} \N{MULTIPLICATION SIGN}", speed)
        self.to_live.setProperty("kind", "primary")
        for field in (self.jump, self.to_live, self.speed):
            field.setFixedHeight(look.px(34))
        self.instant.setMinimumWidth(QFontMetrics(look.font("counter", weight=BOLD)).horizontalAdvance("00:00:00") + 4)
        row = QHBoxLayout()
        row.setSpacing(look.px(4))
        row.addWidget(self.sign)
        row.addSpacing(look.px(8))
        for label in (self.day, self.instant):
            row.addWidget(label)
            row.addSpacing(look.px(6))
        for button in self._buttons():
            row.addWidget(button)
        for widget in (self.speed, self.jump):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.chip)
        row.addSpacing(look.px(6))
        row.addWidget(self.to_live)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(10), look.px(6), look.px(10), look.px(2))
        column.setSpacing(look.px(2))
        column.addLayout(row)
        column.addWidget(self.timeline)

    def _buttons(self) -> tuple[TransportButton, ...]:
        return (
            self.alarm_before, self.far_back, self.back, self.play, self.forward, self.far_forward, self.alarm_after,
        )  # fmt: skip

    def _connect(self) -> None:
        head = self._playhead

        def step(span: int) -> Callable[[], None]:
            return lambda: head.step(span)

        def alarm(*, is_forward: bool) -> Callable[[], None]:
            return lambda: self.find_alarm(is_forward=is_forward)

        deeds: tuple[tuple[TransportButton, str, Callable[[], None]], ...] = (
            (self.play, "replay.run", head.toggle),
            (self.alarm_after, "replay.next-alarm", alarm(is_forward=True)),
            (self.alarm_before, "replay.former-alarm", alarm(is_forward=False)),
            (self.forward, "replay.second-on", step(STEP_NS)),
            (self.back, "replay.second-back", step(-STEP_NS)),
            (self.far_forward, "replay.minute-on", step(FAR_NS)),
            (self.far_back, "replay.minute-back", step(-FAR_NS)),
        )
        for button, name, call in deeds:
            button.clicked.connect(lambda _=False, call=call: call())
            bind(name, self, call)
        for name, places in (("replay.faster", 1), ("replay.slower", -1)):
            bind(name, self, partial(head.change_speed, places))
        bind("replay.instant", self, self.instant_asked.emit)
        self.speed.activated.connect(lambda _: head.set_speed(self.speed.currentData()))
        self.jump.clicked.connect(lambda _=False: self.instant_asked.emit())
        self.to_live.clicked.connect(lambda _=False: self.live_asked.emit())
        head.changed.connect(self.refresh)
        head.moved.connect(self.refresh)

    def _mark(self) -> None:
        """Have the alarms of the day in view on the timeline; those of today are looked for again now and then."""
        day = day_of(self._playhead.shown)
        now = clock.monotonic_ns()
        is_today = day[1] > clock.wall_ns()
        if day == self._marked and not (is_today and now - self._marked_at > MARKS_NS):
            return
        self._marked, self._marked_at = day, now
        self._source.find_raises(self.timeline.show_marks, *day)
