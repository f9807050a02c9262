"""One of the large choices of the first run: an icon, what it does, and in a sentence what follows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.icon import paint_icon
from widgets.keyboard.entered_button import EnteredButton
from widgets.theme import SEMIBOLD, theme

ICON = 36
PADDING = 24


class ChoiceCard(EnteredButton):
    """A button as large as a card; `icon` names one of resources/icons."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._detail = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, title: str, detail: str) -> None:
        """Show what is chosen here, and what follows."""
        self.setText(title)
        self._detail = detail
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(440), theme().px(168))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        inner = self.rect().adjusted(look.px(PADDING), look.px(PADDING), -look.px(PADDING), -look.px(PADDING))
        is_hot = self.isEnabled() and (self.underMouse() or self.hasFocus())
        side = look.px(ICON)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent" if is_hot else "line"), 1))
            painter.setBrush(look.color("raised" if is_hot else "panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            sign = QRectF(inner.left(), inner.top(), side, side)
            paint_icon(painter, sign, self._icon, look.color("accent" if self.isEnabled() else "faint"))
            painter.setFont(look.font("large", weight=SEMIBOLD))
            painter.setPen(look.color("text" if self.isEnabled() else "faint"))
            title = QRect(inner.left(), inner.top() + side + look.px(12), inner.width(), look.px(26))
            painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, self.text())
            painter.setFont(look.font("body"))
            painter.setPen(look.color("dim"))
            below = QRect(inner.left(), title.bottom() + look.px(4), inner.width(), inner.bottom() - title.bottom())
            painter.drawText(below, Qt.TextFlag.TextWordWrap, self._detail)
