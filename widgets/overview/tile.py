"""One area of the plant as a tile."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.model.alarm import Priority
from app.model.text import LocalText
from app.model.unit_symbol import unit_symbol
from widgets.alarm.shape import paint_shape
from widgets.alarm.wording import priority_text
from widgets.drag.value_drag import ValueDrag
from widgets.explain.figure import Derivation, Figure
from widgets.explain.subject import Subject, SubjectKind, of_figure, of_health, of_tag
from widgets.hatching import hatching
from widgets.number import NO_VALUE, Quality, Reading, number
from widgets.overview.area import Area, AreaState
from widgets.rule import draw_level
from widgets.theme import BOLD, SEMIBOLD, theme
from widgets.translation import local, tr
from widgets.trend.indicator import IndicatorScale, paint_indicator

HEAD, ROW, FOOT = 88, 24, 30
ALARMS = 50
"""Below it in the head are the counts of alarms, px at scale 1."""


class AreaTile(QAbstractButton):
    """Painted in one piece; a click opens the weakest equipment of the area, or the tag whose row was hit."""

    def __init__(
        self,
        area: Area,
        scales: Mapping[str, IndicatorScale | None],
        names: Mapping[str, LocalText],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.area = area
        self._scales, self._names = scales, names
        self._state: AreaState | None = None
        self._phase = True
        self.pressed_tag = ""
        self.drag = ValueDrag(self, lambda place: [tag] if (tag := self.tag_at(place)) else [])
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def state(self) -> AreaState | None:
        """Return what is shown."""
        return self._state

    def show_state(self, state: AreaState) -> None:
        """Show a state; only a difference is painted."""
        if state != self._state:
            self._state = state
            self.retranslate()

    def retranslate(self) -> None:
        """Renew what is told in the present language, also what a narrow tile shortens."""
        state = self._state
        if state is not None:
            name = local(self.area.equipment.name)
            self.setAccessibleName(f"{name}: {tr('Health')} {number(state.health, decimals=0)}")
            ahead = "" if state.next_cause is None else f"{local(state.next_cause)}: {state.next_time}"
            self.setToolTip("\n".join(line for line in (name, self._weakest(state), ahead) if line))
        self.update()

    def set_phase(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink with all other unacknowledged alarms."""
        self._phase = phase
        self.update()

    def tag_at(self, place: QPointF) -> str:
        """Return the name of the tag whose row is at a place, "" for none."""
        row = int((place.y() - theme().px(HEAD)) // theme().hit(ROW))
        return self.area.tags[row].name if 0 <= row < len(self.area.tags) else ""

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value at a place: the lowest health, how many alarms stand, that of a tag, the next forecast."""
        state, look = self._state, theme()
        if state is None:
            return None
        if place is None or place.y() < look.px(ALARMS):
            return of_health(state.weakest)
        if place.y() < look.px(HEAD):
            return of_figure(self._counted(state)) if place.x() < look.px(14 + 58 * len(state.alarms)) else None
        foot = self.height() - look.px(FOOT)
        ahead = Subject(SubjectKind.FORECAST, state.next_id) if state.next_id else None
        return of_tag(self.tag_at(place)) or (ahead if place.y() > foot else None)

    def _counted(self, state: AreaState) -> Figure:
        name = local(self.area.equipment.name)
        how = tr("alarms below it that are active or wait for an acknowledgement")
        numbers = tuple(Derivation(priority_text(each.priority), str(each.number), how) for each in state.alarms)
        return Figure(tr("Alarms of {equipment}", equipment=name), numbers)

    def sizeHint(self) -> QSize:
        look = theme()
        rows = max(1, len(self.area.tags))
        return QSize(look.px(330), look.px(HEAD + FOOT) + rows * look.hit(ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(270), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed_tag = self.tag_at(event.position())
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        state, look = self._state, theme()
        if state is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, state)
            self._paint_head(painter, state)
            self._paint_alarms(painter, state)
            for place, (told, value) in enumerate(state.readings):
                self._paint_row(painter, place, told, value)
            if not self.area.tags:
                painter.setFont(look.font("small"))
                painter.setPen(look.color("dim"))
                painter.drawText(QPointF(look.px(14), look.px(HEAD + 16)), tr("No signals are set up here."))
            self._paint_foot(painter, state)

    def _paint_ground(self, painter: QPainter, state: AreaState) -> None:
        look = theme()
        is_urgent = state.urgent is not None and state.urgent <= Priority.HIGH
        color = look.priority(state.urgent) if state.urgent is not None and is_urgent else look.color("line")
        if self.hasFocus() or self.underMouse():
            color = color if is_urgent else look.color("accent")
        painter.setPen(QPen(color, 1.6 if is_urgent else 1))
        painter.setBrush(look.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_head(self, painter: QPainter, state: AreaState) -> None:
        look = theme()
        left, right = float(look.px(14)), self.width() - look.px(14)
        text = number(state.health, decimals=0)
        font = look.font("counter", weight=BOLD)
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(look.color("text" if text != NO_VALUE else "dim"))
        painter.drawText(QPointF(right - width, look.px(28)), text)
        bar = QRectF(right - look.px(64), look.px(36), look.px(64), look.px(5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        if not math.isnan(state.health):
            bar.setWidth(bar.width() * min(max(state.health, 0.0), 100.0) / 100)
            painter.setBrush(look.color("dim"))
            painter.drawRoundedRect(bar, 2, 2)
        room = right - look.px(76) - left
        font = look.font("title", weight=SEMIBOLD)
        _write(painter, QPointF(left, look.px(25)), local(self.area.equipment.name), room, size="title")
        _write(painter, QPointF(left, look.px(42)), self._weakest(state), room, size="tiny")

    def _weakest(self, state: AreaState) -> str:
        if not state.weakest:
            return tr("no health yet")
        name = self._names.get(state.weakest)
        return tr("lowest health: {name}", name=local(name) if name is not None else state.weakest)

    def _paint_alarms(self, painter: QPainter, state: AreaState) -> None:
        look = theme()
        side = look.px(18)
        x = float(look.px(14))
        painter.setFont(look.font("body", weight=SEMIBOLD))
        for count in state.alarms:
            square = QRectF(x, look.px(55), side, side)
            paint_shape(painter, square, priority=count.priority, state=count.state, phase=self._phase)
            painter.setFont(look.font("body", weight=SEMIBOLD))
            painter.setPen(look.color("text" if count.number else "faint"))
            painter.drawText(QPointF(x + side + look.px(6), look.px(69)), str(count.number))
            x += look.px(58)

    def _paint_row(self, painter: QPainter, place: int, told: Reading, value: float) -> None:
        look, tag = theme(), self.area.tags[place]
        top = look.px(HEAD) + place * look.hit(ROW)
        base = top + look.px(16)
        left, right = float(look.px(14)), self.width() - look.px(14)
        draw_level(painter, top - 0.5, (left, right), look.color("line"))
        unit_left = right - self._unit_width()
        painter.setFont(look.font("tiny"))
        painter.setPen(look.color("dim"))
        painter.drawText(QPointF(unit_left + look.px(5), base), told.unit)
        font = look.font("body", weight=SEMIBOLD)
        width = QFontMetricsF(font).horizontalAdvance(told.text)
        is_untrue = told.quality in {Quality.STALE, Quality.BAD}
        if is_untrue:
            painter.fillRect(QRectF(unit_left - width - 4, top + 3, width + 8, look.hit(ROW) - 7), hatching())
        painter.setFont(font)
        painter.setPen(look.color("dim" if is_untrue else "text"))
        painter.drawText(QPointF(unit_left - width, base), told.text)
        room = unit_left - look.px(64) - left
        scale = self._scales.get(tag.name)
        if scale is not None and room > look.px(190):
            width = look.px(64 if room > look.px(250) else 46)
            rect = QRectF(left + room - look.px(6) - width, top + look.px(1), width, look.px(16))
            color = look.color("dim" if is_untrue else "text")
            paint_indicator(painter, rect, scale=scale, value=math.nan if is_untrue else value, color=color)
            room -= width + look.px(14)
        _write(painter, QPointF(left, base), local(tag.title), room, size="small")

    def _unit_width(self) -> float:
        """Return how wide the column of units is: the same for all rows, so that values stand in line."""
        metrics = QFontMetricsF(theme().font("tiny"))
        widest = max((metrics.horizontalAdvance(unit_symbol(tag.unit)) for tag in self.area.tags), default=0.0)
        return max(widest + theme().px(6), theme().px(40))

    def _paint_foot(self, painter: QPainter, state: AreaState) -> None:
        look = theme()
        base = self.height() - look.px(11)
        left, right = float(look.px(14)), self.width() - look.px(14)
        if state.next_cause is None:
            _write(painter, QPointF(left, base), state.next_time, right - left, size="tiny")
            return
        font = look.font("body", weight=SEMIBOLD)
        painter.setFont(font)
        painter.setPen(look.color("forecast"))
        width = QFontMetricsF(font).horizontalAdvance(state.next_time)
        painter.drawText(QPointF(right - width, base), state.next_time)
        _write(painter, QPointF(left, base), local(state.next_cause), right - left - width - look.px(10), size="small")


def _write(painter: QPainter, place: QPointF, text: str, room: float, *, size: str) -> None:
    """Write a line that shortens itself; titles are strong, all else is dim."""
    look = theme()
    is_title = size == "title"
    font = look.font("title", weight=SEMIBOLD) if is_title else look.font("small" if size == "small" else "tiny")
    painter.setFont(font)
    painter.setPen(look.color("text" if is_title else "dim"))
    painter.drawText(place, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0.0)))
