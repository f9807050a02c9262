"""One forecast as a card: what wears, when its limit is reached, what to do, and why this is believed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.model.alarm import Priority
from widgets.prediction.density_bar import HEIGHT as BAR_HEIGHT
from widgets.prediction.density_bar import paint_density
from widgets.prediction.wording import Crossing
from widgets.theme import BOLD, REGULAR, SEMIBOLD, TextSize, theme
from widgets.translation import tr

HEIGHT = 130
NAME_SHARE = 0.3
WORK = 22
TITLES: tuple[TextSize, ...] = ("title", "body", "small")


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card shows. `times`: of the crossing, plant seconds; `scale_s`: of the bar. `is_near`: its early edge is.

    `urgent`: the priority of the tag's active alarm, if there is one. `margin`: whether the next planned stop is early
    enough; `is_late`: it is not. `work`: what its button says, a work order or that one can be asked for.
    """

    equipment: str
    cause: str
    headline: str
    action: str
    evidence: str
    why: str
    times: Crossing
    scale_s: float
    is_near: bool = False
    urgent: Priority | None = None
    is_selected: bool = False
    margin: str = ""
    is_late: bool = False
    work: str = ""


class ForecastCard(QAbstractButton):
    """Painted in one piece but for the button `work`; a click elsewhere asks for the tag that shows the wear."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: CardText | None = None
        self.work = QPushButton(self)
        self.work.setProperty("kind", "link")
        self.work.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def content(self) -> CardText | None:
        """Return what is shown."""
        return self._text

    def show_text(self, text: CardText) -> None:
        """Show a forecast; only a difference is painted."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(f"{text.equipment}, {text.cause}: {text.headline}")
            self.setAccessibleDescription(f"{text.action}. {text.evidence}. {text.why} {text.margin}")
            every = (
                f"{text.equipment}  {text.cause}: {text.headline}",
                text.action,
                text.evidence,
                text.why,
                text.margin,
            )
            self.setToolTip("\n".join(line for line in every if line))
            self.work.setText(text.work)
            self._place_work()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_work()

    def _place_work(self) -> None:
        look, size = theme(), self.work.sizeHint()
        high, width = look.hit(WORK), max(size.width(), look.hit(0))
        top = min(look.px(104) - (high - look.px(WORK)) // 2, self.height() - high - 1)
        self.work.setGeometry(self.width() - width - look.px(12), top, width, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        text, look = self._text, theme()
        if text is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, text)
            left, right = look.px(14), self.width() - look.px(12)
            self._paint_head(painter, text, left, right)
            bar = QRectF(left, look.px(34), right - left, look.px(BAR_HEIGHT))
            paint_density(painter, bar, text.times, scale_s=text.scale_s)
            self._paint_advice(painter, text, left, right)

    def _paint_ground(self, painter: QPainter, text: CardText) -> None:
        look = theme()
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_hot = self.underMouse() or self.hasFocus() or text.is_selected
        painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1) if is_hot else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("raised"))
        painter.drawRoundedRect(ground, 5, 5)
        if text.is_near:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_near_color(text))
            painter.drawRoundedRect(QRectF(0, 0, look.px(4), self.height()), 2, 2)

    def _paint_head(self, painter: QPainter, text: CardText, left: float, right: float) -> None:
        look = theme()
        base = look.px(24)
        font = look.font("large", weight=BOLD)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        width = QFontMetricsF(font).horizontalAdvance(text.headline)
        painter.drawText(QPointF(right - width, base), text.headline)
        right -= width + look.px(12)
        font = look.font("body", weight=SEMIBOLD)
        painter.setFont(font)
        painter.setPen(look.color("dim"))
        metrics = QFontMetricsF(font)
        name = metrics.elidedText(text.equipment, Qt.TextElideMode.ElideMiddle, NAME_SHARE * self.width())
        painter.drawText(QPointF(left, base), name)
        left += metrics.horizontalAdvance(name) + look.px(12)
        font = largest_font(text.cause, right - left)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        cause = QFontMetricsF(font).elidedText(text.cause, Qt.TextElideMode.ElideRight, max(0.0, right - left))
        painter.drawText(QPointF(left, base), cause)

    def _paint_advice(self, painter: QPainter, text: CardText, left: float, right: float) -> None:
        """Write what to do, and why: how sure this is stands beside the action, unless the action needs the room."""
        look = theme()
        action = QFontMetricsF(look.font("small")).horizontalAdvance(text.action)
        evidence = QFontMetricsF(look.font("tiny")).horizontalAdvance(text.evidence)
        is_short = action + evidence + look.px(12) <= right - left
        _paint_row(painter, (left, right, look.px(80)), text.action, text.evidence if is_short else "", is_first=True)
        why = f"{tr('Why?')}  {text.why}" if text.why else ""
        _paint_row(painter, (left, right, look.px(97)), why, "" if is_short else text.evidence, is_first=False)
        font = look.font("small", weight=SEMIBOLD if text.is_late else REGULAR)
        painter.setFont(font)
        painter.setPen(look.color("forecast" if text.is_late else "dim"))
        room = right - left - self.work.width() - look.px(12)
        margin = QFontMetricsF(font).elidedText(text.margin, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left, look.px(119)), margin)


def largest_font(text: str, room: float) -> QFont:
    """Return the largest typeface for a title that holds `text` in `room` px, the smallest where none does."""
    fonts = [theme().font(size, weight=SEMIBOLD) for size in TITLES]
    return next((font for font in fonts if QFontMetricsF(font).horizontalAdvance(text) <= room), fonts[-1])


def _paint_row(painter: QPainter, place: tuple[float, float, float], text: str, end: str, *, is_first: bool) -> None:
    """Write a line from the left, and a dim word at its right end."""
    look = theme()
    left, right, base = place
    tiny = look.font("tiny")
    painter.setFont(tiny)
    painter.setPen(look.color("dim"))
    width = QFontMetricsF(tiny).horizontalAdvance(end)
    painter.drawText(QPointF(right - width, base), end)
    font = look.font("small") if is_first else tiny
    painter.setFont(font)
    painter.setPen(look.color("text" if is_first else "dim"))
    room = right - left - (width + look.px(12) if end else 0)
    painter.drawText(QPointF(left, base), QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room))


def _near_color(text: CardText) -> QColor:
    return theme().color("forecast") if text.urgent is None else theme().priority(text.urgent)
