"""One item of a process picture as it is painted: body, name, value, alarm."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.model.alarm import Priority
from app.model.picture import Readout, Symbol
from app.model.picture_port import ROUND
from widgets.alarm.shape import paint_shape
from widgets.hatching import hatching
from widgets.picture.body import Ink, outline, paint_body
from widgets.picture.item_state import ItemAlarm, ItemState, Motion, is_accessory
from widgets.picture.plane import Plane
from widgets.theme import REGULAR, SEMIBOLD, TextSize, theme
from widgets.translation import local

ABOVE = frozenset(
    {"filter", "valve", "transformer", "control_valve", "check_valve", "three_way_valve", "breaker", "heat_exchanger"}
)
_STEPS: tuple[tuple[float, TextSize], ...] = (
    (1.6, "value"),
    (1.05, "counter"),
    (0.75, "large"),
    (0.62, "title"),
    (0.5, "body"),
    (0.34, "small"),
    (0.0, "tiny"),
)
TEXT, FRAME = "text", "frame"
BADGE = 18
READOUT_ROOM = 8
"""So many px more than its text the place of a live value is wide."""
LABEL_WIDTH = 200
LEAST_FOR_LABELS = 0.3
"""Below this factor the small words of readouts would lie upon their neighbours; tool tips still tell them."""


def lettering(plane: Plane, *, weight: int = SEMIBOLD) -> QFont:
    """Return the typeface of a picture: it follows the picture's size in the theme's steps."""
    size = next(size for factor, size in _STEPS if plane.factor / theme().scale >= factor)
    return theme().font(size, weight=weight)


def _label_size(plane: Plane) -> TextSize:
    """Return how large the small words are: they grow with a picture that has the room of a very large screen."""
    factor = plane.factor / theme().scale
    return "title" if factor >= 1.6 else "small" if factor >= 1.05 else "tiny"


def item_name(symbol: Symbol) -> str:
    """Return what is written at an item: its label, else its equipment's id; an accessory has only its label."""
    return local(symbol.label) or ("" if is_accessory(symbol) else symbol.equipment)


def paint_still(painter: QPainter, symbol: Symbol, state: ItemState, plane: Plane, *, has_name: bool = True) -> None:
    """Paint what changes seldom: the body and, unless it moves with a level, the name."""
    rect = plane.rect(symbol)
    paint_body(painter, symbol.kind, rect, _ink(state, plane), turn=symbol.turn)
    if state.is_doubtful:
        painter.fillPath(outline(symbol.kind, rect), hatching())
    if has_name:
        paint_name(painter, symbol, state, plane)


def paint_name(painter: QPainter, symbol: Symbol, state: ItemState, plane: Plane) -> None:
    """Write the name of an item."""
    name = item_name(symbol)
    if name:
        font = lettering(plane, weight=SEMIBOLD if symbol.equipment else REGULAR)
        painter.setFont(font)
        painter.setPen(_name_color(symbol, state, plane))
        _paint_name(painter, name, name_place(symbol, state, plane, font), upright=_is_upright(symbol, state, plane))


def paint_selection(painter: QPainter, extent: QRectF, *, has_focus: bool) -> None:
    """Lay a ground under the item whose equipment is the present one; the one the keyboard stands on gets a frame."""
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("accent"), 1.4) if has_focus else Qt.PenStyle.NoPen)
    painter.setBrush(look.color("selection"))
    painter.drawRoundedRect(extent, 5, 5)


def item_extent(symbol: Symbol, state: ItemState, plane: Plane) -> QRectF:
    """Return the place of an item with its name and some room: its frame."""
    extent = plane.rect(symbol)
    if item_name(symbol):
        extent = extent.united(name_place(symbol, state, plane, lettering(plane)))
    room = theme().px(6)
    return extent.adjusted(-room, -room, room, room / 2)


def label_height(plane: Plane) -> float:
    """Return how high the small words of a picture are, px."""
    return QFontMetricsF(theme().font(_label_size(plane))).height()


def paint_label(painter: QPainter, readout: Readout, plane: Plane, *, below: float = 0.0) -> None:
    """Write the small words below a live value, where there is room for them; `below`: px that a bar takes there."""
    label, look = local(readout.label), theme()
    if label and plane.factor / look.scale >= LEAST_FOR_LABELS:
        font = look.font(_label_size(plane))
        painter.setFont(font)
        painter.setPen(look.color("dim"))
        center, half = plane.point(readout.at), look.px(LABEL_WIDTH) / 2
        top = center.y() + QFontMetricsF(lettering(plane)).height() / 2 - 1 + below
        row = QRectF(center.x() - half, top, 2 * half, QFontMetricsF(font).height())
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, label)


def paint_alarm(painter: QPainter, extent: QRectF, square: QRectF, alarm: ItemAlarm, *, phase: bool) -> None:
    """Put an alarm's shape into its square, at the corner of a frame around the item's extent where it is urgent."""
    if is_framed(alarm):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().priority(alarm.priority), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(extent, 5, 5)
    paint_shape(painter, square, priority=alarm.priority, state=alarm.state, phase=phase)


def alarm_squares(symbol: Symbol, extent: QRectF, plane: Plane, *, framed: bool) -> list[QRectF]:
    """Return where the shape of an item's alarm may stand, the usual place first: at the corners of its frame or body.

    `extent`: of the item.
    """
    side = theme().px(BADGE)
    rect = extent if framed else plane.rect(symbol)
    corners = (rect.topRight(), rect.topLeft(), rect.bottomRight(), rect.bottomLeft())
    return [QRectF(corner.x() - side / 2, corner.y() - side / 2, side, side) for corner in corners]


def is_framed(alarm: ItemAlarm) -> bool:
    """Return whether an alarm is urgent enough for a frame around its item."""
    return alarm.priority <= Priority.HIGH and alarm.state.is_active


def _ink(state: ItemState, plane: Plane) -> Ink:
    look = theme()
    width = max(1.2, plane.factor * 3)
    stopped = state.motion in {Motion.STOPPED, Motion.UNKNOWN}
    fill = look.color("stopped" if stopped else "running")
    return Ink(fill, look.color("stopped"), look.color("process_line"), _detail(fill), width, state.level)


def _detail(fill: QColor) -> QColor:
    """Return the colour of lines within a body: plain to see on its fill, but fainter than what is written there."""
    color = QColor(theme().color("running_text" if fill.lightness() > 128 else "stopped_text"))
    color.setAlphaF(0.55)
    return color


def is_within(symbol: Symbol, state: ItemState, plane: Plane) -> bool:
    """Return whether a name stands within its item's body: where there is room for it, and for the value too."""
    if symbol.kind in ROUND or symbol.kind in ABOVE or symbol.kind == FRAME:
        return False
    if symbol.kind == TEXT:
        return True
    metrics, rect = QFontMetricsF(lettering(plane)), plane.rect(symbol)
    lines = 1.0 if not state.has_value else 3.4
    fits = rect.height() >= lines * metrics.height()
    return fits and (
        metrics.horizontalAdvance(item_name(symbol)) < rect.width() - 2 or _is_upright(symbol, state, plane)
    )


def _is_upright(symbol: Symbol, state: ItemState, plane: Plane) -> bool:
    """Return whether a name runs upwards in its body: in a slim, tall one that has no value."""
    if symbol.kind in ROUND or symbol.kind in ABOVE or symbol.kind in {TEXT, FRAME} or state.has_value:
        return False
    metrics, rect = QFontMetricsF(lettering(plane)), plane.rect(symbol)
    length = metrics.horizontalAdvance(item_name(symbol))
    return length >= rect.width() - 2 and length < rect.height() - 4 and metrics.height() < rect.width()


def _paint_name(painter: QPainter, name: str, place: QRectF, *, upright: bool) -> None:
    if not upright:
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        return
    painter.save()
    painter.translate(place.center())
    painter.rotate(-90)
    painter.drawText(
        QRectF(-place.height() / 2, -place.width() / 2, place.height(), place.width()),
        Qt.AlignmentFlag.AlignCenter,
        name,
    )
    painter.restore()


def _name_color(symbol: Symbol, state: ItemState, plane: Plane) -> QColor:
    look = theme()
    if symbol.kind in {TEXT, FRAME} or not is_within(symbol, state, plane):
        return look.color("text" if symbol.equipment else "dim")
    if state.motion in {Motion.STOPPED, Motion.UNKNOWN} or (state.level is not None and state.level < 0.5):
        return look.color("stopped_text")
    return look.color("running_text")


def name_place(symbol: Symbol, state: ItemState, plane: Plane, font: QFont) -> QRectF:
    """Return where the name of an item is written: within its body where it has room there, else above or below."""
    metrics = QFontMetricsF(font)
    rect = plane.rect(symbol)
    place = QRectF(0, 0, metrics.horizontalAdvance(item_name(symbol)) + 6, metrics.height())
    if _is_upright(symbol, state, plane):
        place = place.transposed()
    place.moveCenter(rect.center())
    if symbol.kind == FRAME:
        place.moveTopLeft(rect.topLeft() + QPointF(4, 2))
    elif is_within(symbol, state, plane):
        place.translate(0, _shift_to_one_fill(rect, state.level) if not state.has_value else -metrics.height() * 0.8)
    elif symbol.kind in ABOVE or (symbol.kind not in ROUND and not state.has_value):
        place.moveBottom(rect.top() - 2)
    else:
        place.moveTop(rect.bottom() + 1)
    return place


def _shift_to_one_fill(rect: QRectF, level: float | None) -> float:
    """Return how far below the middle the larger one of the full and the empty part of a vessel has its own middle."""
    if level is None:
        return 0.0
    return (1 - level) / 2 * rect.height() if level >= 0.5 else -level / 2 * rect.height()
