"""A priority to be switched on and off in a filter: its sign, and how many alarms it would list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.alarm.shape import paint_shape
from widgets.alarm.wording import priority_text
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

SHAPE = 16
LEAST_DIGITS = "00"


class PriorityChip(QPushButton):
    """Checked while its priority is chosen; where none is, all are listed."""

    def __init__(self, priority: Priority, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.priority = priority
        self._number = 0
        self.setCheckable(True)
        self.show_number(0)

    def show_number(self, number: int) -> None:
        """Show how many alarms of the priority there are."""
        self._number = number
        name = tr("{priority}: {n} alarms", priority=priority_text(self.priority), n=number)
        self.setAccessibleName(name)
        self.setToolTip(tr("{name} (Alt+{key})", name=name, key=int(self.priority)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        metrics = QFontMetrics(look.font("body", weight=SEMIBOLD))
        digits = max(metrics.horizontalAdvance(str(self._number)), metrics.horizontalAdvance(LEAST_DIGITS))
        return QSize(look.px(SHAPE + 30) + digits, look.hit(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme()
        side = look.px(SHAPE)
        state = AlarmState.ACKNOWLEDGED if self._number else AlarmState.NORMAL
        with QPainter(self) as painter:
            sign = QRectF(look.px(10), (self.height() - side) / 2, side, side)
            paint_shape(painter, sign, priority=self.priority, state=state)
            painter.setFont(look.font("body", weight=SEMIBOLD))
            painter.setPen(look.color("text" if self._number else "dim"))
            room = QRectF(sign.right() + look.px(7), 0, self.width(), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, str(self._number))
