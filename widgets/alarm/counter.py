"""How many alarms of one priority wait for an acknowledgement, of how many that stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.alarm import AlarmState, Priority
from widgets.alarm.shape import paint_shape
from widgets.alarm.wording import priority_text
from widgets.explain.figure import Derivation, Figure
from widgets.theme import BOLD, theme
from widgets.translation import tr

SHAPE = 24


class AlarmCounter(QWidget):
    """The sign of a priority with two numbers: unacknowledged, and below it all that are not normal."""

    def __init__(self, priority: Priority, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._priority = priority
        self._waiting = 0
        self._standing = 0
        self._hidden = 0
        self._state = AlarmState.NORMAL
        self._phase = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._tell()

    def show_counts(self, waiting: int, standing: int, *, state: AlarmState, hidden: int = 0) -> None:
        """Show that `waiting` of `standing` alarms are unacknowledged; `state`: of the one that matters most.

        `hidden`: how many more are shelved, suppressed or out of service.
        """
        if (waiting, standing, hidden, state) != (self._waiting, self._standing, self._hidden, self._state):
            self._waiting, self._standing, self._hidden, self._state = waiting, standing, hidden, state
            self._tell()
            self.updateGeometry()
            self.update()

    def figure(self) -> Figure:
        """Return what is counted."""
        numbers = (
            Derivation(tr("Unacknowledged"), str(self._waiting), tr("alarms that wait for an acknowledgement")),
            Derivation(
                tr("Standing"), str(self._standing), tr("alarms that are active or wait for an acknowledgement")
            ),
            Derivation(tr("Hidden"), str(self._hidden), tr("shelved, suppressed or out of service")),
        )
        title = tr("Alarms of priority {priority}", priority=priority_text(self._priority))
        return Figure(title, numbers, inputs=(tr("the present list of alarms"),))

    def set_phase(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink: the signal Feed.blinked."""
        self._phase = phase
        if self._state is AlarmState.UNACKNOWLEDGED:
            self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        below = QFontMetrics(look.font("tiny")).horizontalAdvance(self._of())
        above = QFontMetrics(look.font("counter", weight=BOLD)).horizontalAdvance(str(self._waiting))
        return QSize(look.px(SHAPE + 10) + max(above, below, look.px(24)), look.px(52))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._tell()
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        side = look.px(SHAPE)
        middle = self.height() / 2
        left = side + look.px(10)
        with QPainter(self) as painter:
            rect = QRectF(1, middle - side / 2, side, side)
            paint_shape(painter, rect, priority=self._priority, state=self._state, phase=self._phase)
            painter.setFont(look.font("counter", weight=BOLD))
            painter.setPen(look.color("text" if self._waiting else "dim"))
            above = QRectF(left, middle - look.px(27), self.width() - left, look.px(28))
            painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, str(self._waiting))
            painter.setFont(look.font("tiny"))
            painter.setPen(look.color("dim"))
            below = QRectF(left, middle + look.px(3), self.width() - left, look.px(18))
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._of())

    def _of(self) -> str:
        if self._hidden:
            return tr("of {n}  ⊘ {hidden}", n=self._standing, hidden=self._hidden)
        return tr("of {n}", n=self._standing)

    def _tell(self) -> None:
        text = tr(
            "{priority}: {waiting} unacknowledged of {standing} alarms",
            priority=priority_text(self._priority),
            waiting=self._waiting,
            standing=self._standing,
        )
        if self._hidden:
            text += tr("; {n} more are shelved, suppressed or out of service", n=self._hidden)
        self.setAccessibleName(text)
        self.setToolTip(text)
