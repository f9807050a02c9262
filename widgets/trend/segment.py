"""One part of a bar of choices: a range of time, a page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.theme import REGULAR, SEMIBOLD, Token, theme

HEIGHT = 30


class Segment(QAbstractButton):
    """The chosen one is framed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme()
        width = QFontMetrics(look.font("small", weight=SEMIBOLD)).horizontalAdvance(self.text())
        return QSize(max(width + look.px(16), look.hit(28)), look.hit(HEIGHT - 4))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_hot = self.isEnabled() and (self.underMouse() or self.hasFocus())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            if self.isChecked() or is_hot:
                painter.setPen(QPen(look.color("accent" if self.isChecked() or self.hasFocus() else "line"), 1.2))
                painter.setBrush(look.color("selection" if self.isChecked() else "raised"))
                painter.drawRoundedRect(rect, 4, 4)
            painter.setFont(look.font("small", weight=SEMIBOLD if self.isChecked() else REGULAR))
            ink: Token = "text" if self.isChecked() or is_hot else "dim"
            painter.setPen(look.color(ink if self.isEnabled() else "faint"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
