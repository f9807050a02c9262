"""How far a work order is: the states of its way in a row, the present one marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.work_order import WorkState
from widgets.maintenance.wording import state_text
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

HEIGHT = 40
WAY = (WorkState.REQUESTED, WorkState.PLANNED, WorkState.RELEASED, WorkState.IN_WORK, WorkState.DONE, WorkState.FIXED)
_ENDS = {WorkState.FIXED, WorkState.NOT_FIXED, WorkState.CANCELLED}


class Progress(QWidget):
    """Dots on a line: filled up to where the order is; the last one is named by how it ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = WorkState.REQUESTED
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, state: WorkState) -> None:
        """Show where an order is."""
        self._state = state
        self.setAccessibleName(state_text(state))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        place = len(WAY) - 1 if self._state in _ENDS else WAY.index(self._state)
        names = [state_text(state) for state in WAY[:-1]]
        names.append(state_text(self._state) if self._state in _ENDS else tr("Did it help?"))
        step = self.width() / len(WAY)
        middle, radius = look.px(9), look.px(5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, name in enumerate(names):
                x = (index + 0.5) * step
                is_reached = index <= place
                color = look.color("accent" if is_reached else "line")
                if index:
                    painter.setPen(QPen(color, 2))
                    painter.drawLine(QPointF(x - step + radius, middle), QPointF(x - radius, middle))
                painter.setPen(QPen(color, 2))
                painter.setBrush(color if is_reached else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(x, middle), radius, radius)
                is_here = index == place
                font = look.font("tiny", weight=SEMIBOLD) if is_here else look.font("tiny")
                painter.setFont(font)
                painter.setPen(look.color("text" if is_here else "dim"))
                shown = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, step)
                box = QRectF(index * step, look.px(20), step, look.px(18))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
