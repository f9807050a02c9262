"""A row with a name, a share as a bar, and what stands at its end; pressed, it asks for what it is about."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.explain.figure import Figure
from widgets.explain.subject import Subject, of_figure
from widgets.theme import SEMIBOLD, theme

HEIGHT = 40
BAR = 5


class ShareRow(QAbstractButton):
    """`is_first`: what counts most, in a heavier letter; `detail`: below the name, dim.

    `figure`: how the share came about, None where that is not told.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._detail = self._end = ""
        self._share = 0.0
        self.figure: Figure | None = None
        self._is_first = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_pressable(is_pressable=False)

    def set_pressable(self, *, is_pressable: bool) -> None:
        """Let it be pressed, or only looked at."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_pressable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_pressable else Qt.CursorShape.ArrowCursor)

    def show_share(self, name: str, detail: str, share: float, end: str, *, is_first: bool) -> None:
        """Show a share of 0..1."""
        self._name, self._detail, self._share, self._end, self._is_first = name, detail, share, end, is_first
        self.setAccessibleName(f"{name}: {end}")
        self.setAccessibleDescription(detail)
        self.setToolTip(f"{name}\n{detail}" if detail else name)
        self.update()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the figure of the row, None where it has none to explain."""
        del place
        return of_figure(self.figure) if self.figure is not None else None

    @property
    def texts(self) -> tuple[str, str, str]:
        """Return name, detail and end."""
        return self._name, self._detail, self._end

    def sizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus() or self.isChecked():
                painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1))
                painter.setBrush(look.color("selection") if self.isChecked() else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            left, right = float(look.px(8)), self.width() - float(look.px(8))
            self._paint_texts(painter, left, right)
            self._paint_bar(painter, left, right)

    def _paint_texts(self, painter: QPainter, left: float, right: float) -> None:
        look = theme()
        base = float(look.px(18))
        end = look.font("body", weight=SEMIBOLD)
        painter.setFont(end)
        painter.setPen(look.color("text"))
        width = QFontMetricsF(end).horizontalAdvance(self._end)
        painter.drawText(QPointF(right - width, base), self._end)
        room = right - width - look.px(10) - left
        font = look.font("body", weight=SEMIBOLD) if self._is_first else look.font("body")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, max(0.0, room))
        painter.drawText(QPointF(left, base), name)
        rest = room - metrics.horizontalAdvance(name) - look.px(10)
        tiny = look.font("tiny")
        painter.setFont(tiny)
        painter.setPen(look.color("dim"))
        detail = QFontMetricsF(tiny).elidedText(self._detail, Qt.TextElideMode.ElideRight, max(0.0, rest))
        painter.drawText(QPointF(left + metrics.horizontalAdvance(name) + look.px(10), base), detail)

    def _paint_bar(self, painter: QPainter, left: float, right: float) -> None:
        look = theme()
        bar = QRectF(left, look.px(26), right - left, look.px(BAR))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * min(1.0, max(0.0, self._share)))
        painter.setBrush(look.color("forecast") if self._is_first else look.color("process_line"))
        painter.drawRoundedRect(bar, 2, 2)
