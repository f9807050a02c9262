"""The bar above the trends: how much time they show, and whether they run with the clock."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.icon import paint_icon
from widgets.keyboard.shortcut import bind
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr
from widgets.trend.segment import HEIGHT, Segment
from widgets.trend.time_dialog import TimeDialog
from widgets.trend.time_window import SPANS_S, TimeWindow


def span_text(seconds: int) -> str:
    """Return the name of a range button."""
    texts: Mapping[int, str] = {
        60: tr("1 min"),
        300: tr("5 min"),
        900: tr("15 min"),
        3_600: tr("1 h"),
        28_800: tr("8 h"),
        86_400: tr("24 h"),
        604_800: tr("7 d"),
    }
    return texts[seconds]


class LiveButton(QAbstractButton):
    """Says whether the trends run with the clock; a click brings them back to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_live = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_live(self, *, is_live: bool) -> None:
        """Show the state."""
        self.is_live = is_live
        now = tr("Replay") if clock.is_replaying() else tr("Live")
        text = now if is_live else tr("Paused")
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(tr("Running with the clock") if is_live else tr("Held in the past: back to live"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        width = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(self.text())
        return QSize(max(look.px(92), width + look.px(46)), look.hit(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_hot = self.underMouse() or self.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent" if is_hot or not self.is_live else "line"), 1.2))
            painter.setBrush(look.color("panel" if self.is_live else "selection"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
            side = look.px(15)
            icon = QRectF(look.px(11), (self.height() - side) / 2, side, side)
            paint_icon(painter, icon, "play" if self.is_live else "pause", look.color("accent"))
            painter.setFont(look.font("body", weight=SEMIBOLD))
            painter.setPen(look.color("text"))
            left = look.px(33)
            painter.drawText(
                QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
            )


GAP = 10
SELDOM_S = (60, 900, 604_800)
"""Of the spans those that are left out first where room is scarce."""
BACK, FORWARD, TYPED = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}", "\N{HORIZONTAL ELLIPSIS}"


class RangeBar(QWidget):
    """Back and forward, range buttons, a button for any other stretch of time, a replay of it, and the live button."""

    replay_asked = Signal(object)  # int64 ns UTC

    def __init__(self, window: TimeWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self.segments = {seconds: Segment() for seconds in SPANS_S}
        self.back, self.forward, self.typed, self.replay = Segment(), Segment(), Segment(), Segment()
        self.live = LiveButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 0, 2)
        row.setSpacing(0)
        for button, call in (
            (self.back, window.go_back),
            (self.forward, window.go_forward),
            (self.typed, self.ask_time),
            (self.replay, self.ask_replay),
        ):
            button.setCheckable(button is self.typed)
            button.clicked.connect(call)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        for seconds, segment in self.segments.items():
            segment.clicked.connect(lambda _=False, seconds=seconds: window.set_span(seconds * NS_PER_S))
            row.addWidget(segment)
        row.addWidget(self.typed)
        row.addWidget(self.replay)
        row.addSpacing(GAP)
        row.addWidget(self.live)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for name, call in (
            ("trends.before", window.go_back),
            ("trends.forward", window.go_forward),
            ("trends.time", self.ask_time),
            ("trends.replay", self.ask_replay),
        ):
            bind(name, self, call)
        self.live.clicked.connect(self._toggle)
        window.changed.connect(self.refresh)
        self._name()
        self.refresh()

    def refresh(self) -> None:
        """Show the window's state."""
        for seconds, segment in self.segments.items():
            segment.setChecked(seconds * NS_PER_S == self._window.span)
        # a stretch that no button names is what was typed, wheeled or dragged
        self.typed.setChecked(not any(segment.isChecked() for segment in self.segments.values()))
        self.back.setEnabled(self._window.can_go_back)
        self.forward.setEnabled(self._window.can_go_forward)
        self.live.set_live(is_live=self._window.is_live)

    def ask_time(self) -> TimeDialog:
        """Ask for any stretch of time, typed."""
        self.refresh()
        dialog = TimeDialog(self._window, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_replay(self) -> None:
        """Ask for a replay from the cursor on, else from the first mark, else from where the view begins."""
        start, _ = self._window.edges(clock.now_ns())
        marks = self._window.marks
        self.replay_asked.emit(self._window.cursor or (marks[0] if marks else start))

    @property
    def _spare(self) -> tuple[Segment, ...]:
        """Return what is left out where room is scarce: their keys, the wheel and `typed` do the same."""
        return self.back, self.forward, *(self.segments[seconds] for seconds in SELDOM_S), self.replay

    def sizeHint(self) -> QSize:
        wide = sum(button.sizeHint().width() for button in (*self._spare, *self._lasting))
        return QSize(wide + GAP + 2, self.live.sizeHint().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() - QSize(sum(button.sizeHint().width() for button in self._spare), 0)

    @property
    def _lasting(self) -> tuple[QAbstractButton, ...]:
        lasting = (segment for seconds, segment in self.segments.items() if seconds not in SELDOM_S)
        return *lasting, self.typed, self.live

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.width() >= self.sizeHint().width()
        for button in self._spare:
            button.setVisible(has_room)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._name()
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        last = (self.replay if self.replay.isVisible() else self.typed).geometry()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.color("line"))
            painter.setBrush(look.color("panel"))
            painter.drawRoundedRect(QRectF(0.5, 0.5, last.right() + 2.5, self.height() - 1), 5, 5)

    def _name(self) -> None:
        for seconds, segment in self.segments.items():
            segment.setText(span_text(seconds))
            segment.setAccessibleName(tr("Show {span}", span=span_text(seconds)))
            segment.updateGeometry()
        for button, sign, name, key in (
            (self.back, BACK, tr("Back to the time shown before"), "Alt+Left"),
            (self.forward, FORWARD, tr("Forward again"), "Alt+Right"),
            (self.typed, TYPED, tr("Show any time, from a second to ten years"), "Ctrl+T"),
            (
                self.replay,
                tr("Replay"),
                tr("Replay the whole station from the cursor, or from the first mark"),
                "Ctrl+R",
            ),
        ):
            button.setText(sign)
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key})")
            button.updateGeometry()

    def _toggle(self) -> None:
        if self._window.is_live:
            self._window.hold()
        else:
            self._window.go_live()
