"""What happens now, told in a replay: how many alarms wait, which one came last, whether the collector is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets import number
from widgets.alarm.shape import paint_shape
from widgets.alarm.sums import AlarmSums
from widgets.feed import Feed
from widgets.theme import SEMIBOLD, theme
from widgets.translation import local, tr

HEIGHT = 34
SHAPE = 20
WIDEST = 460


class LiveChip(QWidget):
    """Counts the live alarms that are unacknowledged.

    One that is raised while somebody looks at the past is named, and the chip has a frame of its colour until it is
    acknowledged.
    """

    def __init__(self, live: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._sums = AlarmSums.of((), (), most=1)
        self._since: set[tuple[str, int]] | None = None
        self.newest: AlarmRecord | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        live.alarms_changed.connect(lambda _: self.refresh())
        live.collector_changed.connect(lambda _: self.refresh())
        live.collector_link_changed.connect(lambda _, __: self.refresh())
        live.blinked.connect(lambda _: self.update())
        self.refresh()

    @property
    def text(self) -> str:
        """Return what is told in words."""
        if not self._live.is_linked:
            return tr("Live: no connection to the collector")
        waiting = sum(self._sums.waiting.values())
        if self.newest is not None:
            return tr("Live, new: {message}", message=local(self.newest.message))
        return tr("Live: {n} unacknowledged", n=waiting) if waiting else tr("Live: nothing unacknowledged")

    def refresh(self) -> None:
        """Count anew."""
        self._sums = AlarmSums.of(self._live.alarms.values(), (), most=1)
        self._note_new()
        self.setAccessibleName(self.text)
        self.setToolTip(self._detail())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        lettering = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(self.text)
        return QSize(min(look.px(WIDEST), lettering + self._shapes_width() + look.px(22)), look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._shapes_width() + theme().px(60), theme().px(HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = look.priority(self.newest.priority) if self.newest is not None else look.color("line")
            painter.setPen(QPen(edge, 2.5 if self.newest is not None else 1))
            painter.setBrush(look.color("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
            left = self._paint_counts(painter)
            painter.setFont(look.font("body", weight=SEMIBOLD))
            painter.setPen(look.color("text"))
            place = QRectF(left, 0, self.width() - left - look.px(8), self.height())
            text = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_counts(self, painter: QPainter) -> float:
        """Draw the sign and the number of each priority that waits; return where the text begins."""
        look = theme()
        left, side = float(look.px(10)), look.px(SHAPE)
        painter.setFont(look.font("small", weight=SEMIBOLD))
        for priority in self._waiting():
            place = QRectF(left, (self.height() - side) / 2, side, side)
            state = AlarmState.UNACKNOWLEDGED
            paint_shape(painter, place, priority=priority, state=state, phase=self._live.blink_phase)
            left += side + look.px(4)
            count = str(self._sums.waiting[priority])
            painter.setPen(look.color("text"))
            painter.setFont(look.font("small", weight=SEMIBOLD))
            width = painter.fontMetrics().horizontalAdvance(count)
            painter.drawText(QRectF(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, count)
            left += width + look.px(8)
        return left

    def _waiting(self) -> list[Priority]:
        return [priority for priority in Priority if self._live.is_linked and self._sums.waiting.get(priority)]

    def _shapes_width(self) -> int:
        look = theme()
        digits = QFontMetrics(look.font("small", weight=SEMIBOLD))
        return sum(
            look.px(SHAPE + 12) + digits.horizontalAdvance(str(self._sums.waiting[each])) for each in self._waiting()
        )

    def _note_new(self) -> None:
        """Name the most urgent, then the newest, of what has been raised since the replay began."""
        waiting = {
            (record.alarm, record.raised): record
            for record in self._live.alarms.values()
            if record.state.needs_acknowledge
        }
        if self._since is None:
            if self._live.report is not None:  # it is told after the alarms that stand
                self._since = set(waiting)
            return
        new = [record for key, record in waiting.items() if key not in self._since]
        self.newest = min(new, key=lambda record: (record.priority, -record.raised), default=None)

    def _detail(self) -> str:
        """Return all that waits, the most urgent first, as far as a tool tip has room."""
        waiting = sorted(
            (record for record in self._live.alarms.values() if record.state.needs_acknowledge),
            key=lambda record: (record.priority, -record.raised),
        )
        lines = [f"{number.time_of_day(each.raised)}  {each.tag}  {local(each.message)}" for each in waiting[:8]]
        if len(waiting) > len(lines):
            lines.append(tr("and {n} more", n=len(waiting) - len(lines)))
        return "\n".join([self.text, *lines])
