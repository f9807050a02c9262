"""A line of text that shortens itself with "…" where its place is too narrow, and shows all of it as tool tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.guarded_event import guarded_event
from widgets.theme import REGULAR, TextSize, Token, theme


class ElidedLabel(QWidget):
    """One line in the theme's typeface; `is_elided` says whether some of it is not seen."""

    def __init__(
        self,
        text: str = "",
        *,
        size: TextSize = "body",
        weight: int = REGULAR,
        tone: Token = "text",
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._size = size
        self._weight = weight
        self._tone = tone
        self._alignment = alignment
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Return the whole text."""
        return self._text

    @property
    def is_elided(self) -> bool:
        """Whether the text does not fit into its place."""
        return self._metrics().horizontalAdvance(self._text) > self.width()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._tell()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self._metrics()
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = self._metrics()
        return QSize(min(metrics.horizontalAdvance(self._text) + 1, metrics.averageCharWidth() * 6), metrics.height())

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._tell()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setFont(look.font(self._size, weight=self._weight))
            painter.setPen(look.color(self._tone))
            text = self._metrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), self._alignment | Qt.AlignmentFlag.AlignVCenter, text)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme().font(self._size, weight=self._weight))

    def _tell(self) -> None:
        self.setToolTip(self._text if self.is_elided else "")
