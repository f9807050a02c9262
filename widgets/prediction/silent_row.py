"""A forecast that cannot name a time: one calm line that says why."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.prediction.card import NAME_SHARE
from widgets.theme import SEMIBOLD, theme

HEIGHT = 26


class SilentRow(QAbstractButton):
    """Equipment and cause, and the reason at the right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equipment, self._cause, self._reason = "", "", ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def reason(self) -> str:
        """Return why there is no time."""
        return self._reason

    def show_text(self, equipment: str, cause: str, *, reason: str, remedy: str = "") -> None:
        """Show a forecast without a time; `remedy`: what the tool tip adds to it."""
        if (equipment, cause, reason) != (self._equipment, self._cause, self._reason):
            self._equipment, self._cause, self._reason = equipment, cause, reason
            self.setAccessibleName(f"{equipment}, {cause}: {reason}")
            self.setToolTip("\n".join(text for text in (self.accessibleName(), remedy) if text))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().hit(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().hit(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        base = self.height() / 2 + look.px(5)
        left, right = look.px(14), self.width() - look.px(12)
        with QPainter(self) as painter:
            if self.hasFocus() or self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("raised"))
                painter.drawRoundedRect(self.rect(), 4, 4)
            small = look.font("small")
            painter.setFont(small)
            painter.setPen(look.color("dim"))
            width = QFontMetricsF(small).horizontalAdvance(self._reason)
            painter.drawText(QPointF(right - width, base), self._reason)
            right -= round(width) + look.px(12)
            strong = look.font("small", weight=SEMIBOLD)
            painter.setFont(strong)
            metrics = QFontMetricsF(strong)
            name = metrics.elidedText(self._equipment, Qt.TextElideMode.ElideMiddle, NAME_SHARE * self.width())
            painter.drawText(QPointF(left, base), name)
            left += round(metrics.horizontalAdvance(name)) + look.px(10)
            painter.setFont(small)
            painter.setPen(look.color("text"))
            cause = QFontMetricsF(small).elidedText(self._cause, Qt.TextElideMode.ElideRight, max(0, right - left))
            painter.drawText(QPointF(left, base), cause)
