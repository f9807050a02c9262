"""Which texts of a window have no room: cut, shortened without a tool tip, or standing over one another.

Widgets of Qt are measured by what they hold; texts that our own widgets paint are measured as they are painted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from widgets.alarm.card import AlarmCard
from widgets.elided_label import ElidedLabel

MARKS = {"…"}
SLACK = 1.0
"""Pixels by which the measure of a text may differ from what is painted."""


@dataclass(slots=True)
class Painted:
    """A text as it was painted: where, in the pixels of its widget, and whether it fits into its rectangle."""

    text: str
    place: QRectF
    is_cut: bool


@dataclass(slots=True)
class PaintedTexts:
    """What widgets have painted since the recording began, the newest painting of each widget only."""

    of: dict[QWidget, list[Painted]] = field(default_factory=dict)

    def add(self, painter: QPainter, text: str, place: QRectF, *, is_cut: bool) -> None:
        """Note a text that is being painted on a widget; what is painted into pictures is not seen as such."""
        device = painter.device()
        if isinstance(device, QWidget) and text.strip():
            self.of.setdefault(device, []).append(
                Painted(text, painter.combinedTransform().mapRect(place), is_cut=is_cut)
            )


@contextmanager
def painted_texts() -> Iterator[PaintedTexts]:
    """Note every text that Python code paints."""
    texts = PaintedTexts()
    former = QPainter.drawText

    def draw(painter: QPainter, *arguments: object) -> object:
        _note(texts, painter, arguments)
        return former(painter, *arguments)  # type: ignore[call-overload] # whatever the caller gave

    QPainter.drawText = draw  # type: ignore[method-assign,assignment]
    try:
        yield texts
    finally:
        QPainter.drawText = former  # type: ignore[method-assign]


def _note(texts: PaintedTexts, painter: QPainter, arguments: Sequence[object]) -> None:
    metrics = QFontMetricsF(painter.font())
    first, last = arguments[0], arguments[-1]
    if isinstance(first, QPointF) and isinstance(last, str):
        place = QRectF(
            first.x(), first.y() - metrics.ascent() + 2, metrics.horizontalAdvance(last), metrics.ascent() - 2
        )
        texts.add(painter, last, place, is_cut=False)
        return
    if not isinstance(last, str) or not hasattr(first, "width"):
        return
    room = QRectF(first)  # type: ignore[call-overload] # a QRect or a QRectF
    flags = int(getattr(arguments[1], "value", arguments[1]))  # type: ignore[call-overload]
    needed = metrics.boundingRect(room, flags, last)
    is_cut = needed.width() > room.width() + SLACK or needed.height() > room.height() + 3 * SLACK
    texts.add(painter, last, needed, is_cut=is_cut and not flags & Qt.TextFlag.TextDontClip.value)


def faults(window: QWidget, texts: PaintedTexts) -> list[str]:
    """Return what is wrong with the texts of a window that has just been painted; nothing where all can be read."""
    visible = [widget for widget in window.findChildren(QWidget) if _is_seen(widget, window)]
    found = [f"{_name(widget)}: {fault}" for widget in visible for fault in _faults_of(widget)]
    found += [f"{_name(widget)}: {fault}" for widget in visible for fault in _painted_faults(widget, texts)]
    found += [f"{_name(one)} stands over {_name(other)}" for one, other in _overlapping(visible)]
    return found


def _is_seen(widget: QWidget, window: QWidget) -> bool:
    return widget.isVisible() and widget.window() is window and not widget.visibleRegion().isEmpty()


def _name(widget: QWidget) -> str:
    parent = widget.parentWidget()
    said = widget.accessibleName() or str(getattr(widget, "objectName", str)())
    where = type(parent).__name__ if parent is not None else ""
    return f"{where}/{type(widget).__name__} {said!r} {widget.width()}x{widget.height()}"


def _faults_of(widget: QWidget) -> Iterator[str]:
    for kind, measure in _MEASURES:
        if isinstance(widget, kind):
            yield from measure(widget)
            return
    parent = widget.parentWidget()
    if parent is not None and not widget.isWindow() and not _scrolls(widget):
        inside = parent.rect().adjusted(-1, -1, 1, 1)
        if not inside.contains(widget.geometry()):
            yield f"{widget.geometry().getRect()} is cut by its frame of {parent.width()}x{parent.height()}"


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _elided(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, (ElidedLabel, AlarmCard))
    if widget.is_elided and not widget.toolTip():
        yield f"shortened without a tool tip: {widget.text!r}"


def _label(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QLabel)
    if not widget.text() or not widget.pixmap().isNull():
        return
    if widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        if needed > widget.height() + SLACK:
            yield f"{widget.text()!r} needs a height of {needed}"
    elif widget.sizeHint().width() > widget.width() + SLACK and not widget.toolTip():
        yield f"{widget.text()!r} needs a width of {widget.sizeHint().width()}"
    elif widget.sizeHint().height() > widget.height() + SLACK:
        yield f"{widget.text()!r} needs a height of {widget.sizeHint().height()}"


def _button(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QAbstractButton)
    if not widget.text():
        return
    if isinstance(widget, QPushButton):
        room = _room_in(widget)
        needed = max(QFontMetrics(widget.font()).horizontalAdvance(line) for line in widget.text().split("\n"))
        needed += widget.iconSize().width() if not widget.icon().isNull() else 0
    else:
        room, needed = widget.width(), widget.minimumSizeHint().width()
    if needed > room + SLACK:
        yield f"{widget.text()!r} needs a width of {needed}, has {room}"


def _room_in(button: QPushButton) -> int:
    """Return how much of a button's width its text has: its style keeps edges, at which the text is cut."""
    option = QStyleOptionButton()
    button.initStyleOption(option)
    return button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()


def _choice(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QComboBox)
    option = QStyleOptionComboBox()
    widget.initStyleOption(option)
    room = widget.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
    )
    needed = QFontMetrics(widget.font()).horizontalAdvance(widget.currentText())
    if needed > room.width() + SLACK and not widget.toolTip():
        yield f"{widget.currentText()!r} needs a width of {needed}, has {room.width()}"


def _field(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QLineEdit)
    if widget.text() or not widget.placeholderText() or widget.toolTip():
        return  # what somebody has typed scrolls
    needed = QFontMetrics(widget.font()).horizontalAdvance(widget.placeholderText())
    room = widget.contentsRect().width() - 4
    if needed > room + SLACK:
        yield f"{widget.placeholderText()!r} needs a width of {needed}, has {room}"


def _head(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QHeaderView)
    if widget.orientation() is not Qt.Orientation.Horizontal or widget.model() is None:
        return
    role = Qt.ItemDataRole
    for section in range(widget.count()):
        text = str(widget.model().headerData(section, widget.orientation(), role.DisplayRole) or "")
        tip = widget.model().headerData(section, widget.orientation(), role.ToolTipRole)
        size, needed = widget.sectionSize(section), QFontMetrics(widget.font()).horizontalAdvance(text)
        if not widget.isSectionHidden(section) and needed > size + SLACK and not tip:
            yield f"head {text!r} needs a width of {needed}, has {size}"


def _cells(widget: QWidget) -> Iterator[str]:
    assert isinstance(widget, QTableView)
    model, role = widget.model(), Qt.ItemDataRole
    if model is None:
        return
    last = widget.columnViewportPosition(model.columnCount() - 1) + widget.columnWidth(model.columnCount() - 1)
    if last > widget.viewport().width() + SLACK and not widget.horizontalScrollBar().isVisible():
        yield f"columns of {last} in {widget.viewport().width()}"
    for row in range(min(model.rowCount(), 40)):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text, font = str(index.data(role.DisplayRole) or ""), index.data(role.FontRole) or widget.font()
            room = widget.visualRect(index).width()
            if QFontMetrics(font).horizontalAdvance(text) > room > 0 and not index.data(role.ToolTipRole):
                yield f"cell {text!r} has {room} and no tool tip"


def _nothing(widget: QWidget) -> Iterator[str]:
    del widget
    return iter(())


_MEASURES: Sequence[tuple[type[QWidget] | tuple[type[QWidget], ...], Callable[[QWidget], Iterator[str]]]] = (
    ((ElidedLabel, AlarmCard), _elided),
    (QLabel, _label),
    (QAbstractButton, _button),
    (QComboBox, _choice),
    (QLineEdit, _field),
    (QHeaderView, _head),
    (QTableView, _cells),
    (QAbstractItemView, _nothing),
)


def _painted_faults(widget: QWidget, texts: PaintedTexts) -> Iterator[str]:
    painted = texts.of.get(widget, [])
    has_tip = bool(widget.toolTip()) or isinstance(widget.parentWidget(), QAbstractItemView)
    for text in painted:
        if text.is_cut:
            yield f"{text.text!r} is painted into too little room"
        if text.text[-1:] in MARKS and len(text.text) > 1 and not has_tip:
            yield f"{text.text!r} is shortened without a tool tip"
        if not _holds(widget, text.place):
            yield f"{text.text!r} is painted over the edge, at {text.place.getRect()}"
    # single signs mark moments of a curve, which may be as near one another as they were
    for one, other in (pair for pair in combinations(painted, 2) if max(len(each.text) for each in pair) > 1):
        common = one.place.intersected(other.place)
        if common.width() > 2 * SLACK and common.height() > 2 * SLACK and one.text != other.text:
            yield f"{one.text!r} is painted over {other.text!r}"


def _holds(widget: QWidget, place: QRectF) -> bool:
    """Return whether a text stands on its widget; rows of a list go on below and above its edge."""
    room = QRectF(widget.rect()).adjusted(-2, -2, 2, 2)
    view = widget.parentWidget()
    if isinstance(view, QAbstractItemView):
        if view.horizontalScrollBar().isVisible():
            return True
        return room.left() <= place.left() and place.right() <= room.right()
    return room.contains(place)


def _overlapping(visible: Sequence[QWidget]) -> Iterator[tuple[QWidget, QWidget]]:
    """Yield neighbours in one frame that cover part of each other; what lies over a whole window takes no press."""
    families: dict[QWidget | None, list[QWidget]] = {}
    for widget in visible:
        is_laid_over = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if is_laid_over and widget.parentWidget() is widget.window():
            continue
        parent = widget.parentWidget()
        if not widget.isWindow() and not isinstance(parent, QAbstractScrollArea):
            families.setdefault(parent, []).append(widget)
    for family in families.values():
        for one, other in combinations(family, 2):
            common = one.geometry().intersected(other.geometry())
            if common.width() > SLACK and common.height() > SLACK:
                yield one, other
