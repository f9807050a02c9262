"""The values of a screen walked over with the arrow keys, also those on which the keyboard never stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from shiboken6 import isValid

from widgets.explain.subject import ListsValues, ShowsValues, Subject, row_places
from widgets.guarded_event import guarded_event
from widgets.keyboard.reading_order import following, in_reading_order
from widgets.theme import theme
from widgets.translation import tr

STEP = 6
"""A value is looked for at every so many px: no line of text is lower."""
EXPLAINING_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


@dataclass(frozen=True, slots=True)
class Place:
    """A value and where it stands, px of the window."""

    subject: Subject
    at: QRect


def places_of(window: QWidget, subject_at: Callable[[QPoint], Subject | None]) -> list[Place]:
    """Return all values that can be seen of a window, in reading order; each once for each widget that shows it."""
    found: dict[tuple[QWidget, Subject], QRect] = {}
    for widget in _showing(window):
        for at, subject in _shown_by(widget):
            place = QRect(widget.mapTo(window, at.topLeft()), at.size())
            # a widget that lies on another one is asked itself
            if subject_at(place.center()) == subject:
                key = (widget, subject)
                found[key] = found[key].united(place) if key in found else place
    edge = theme().px(2)
    places = [Place(key[1], at.adjusted(-edge, -edge, edge, edge)) for key, at in _without_frames(found)]
    return [places[number] for number in in_reading_order([QRectF(place.at) for place in places])]


def _showing(window: QWidget) -> Iterator[QWidget]:
    for widget in [window, *window.findChildren(QWidget)]:
        is_seen = widget.isVisible() and widget.window() is window and not widget.visibleRegion().isEmpty()
        if is_seen and isinstance(widget, ShowsValues):
            yield widget


def _shown_by(widget: QWidget) -> Iterator[tuple[QRect, Subject]]:
    """Yield what a widget shows where: as it says itself, row by row, or as it says when asked everywhere."""
    if isinstance(widget, ListsValues):
        yield from widget.shown_places()
        return
    room = widget.visibleRegion().boundingRect()
    for at in row_places(widget) if isinstance(widget, QAbstractItemView) else _grid(room):
        subject = widget.shown_at(QPointF(at.center())) if isinstance(widget, ShowsValues) else None
        if subject is not None:
            yield at, subject


def _grid(room: QRect) -> Iterator[QRect]:
    for y in range(room.top(), room.bottom() + 1, STEP):
        for x in range(room.left(), room.right() + 1, STEP):
            yield QRect(x, y, STEP, STEP).intersected(room)


def _without_frames(found: dict[tuple[QWidget, Subject], QRect]) -> Iterator[tuple[tuple[QWidget, Subject], QRect]]:
    """Yield each place but those of a frame that only tells what a widget within it tells."""
    for key, at in found.items():
        if not any(other != key and other[1] == key[1] and key[0].isAncestorOf(other[0]) for other in found):
            yield key, at


class ValueWalk(QWidget):
    """Lies over a window while somebody walks; arrows go on, Return explains, the menu key offers, Escape ends it.

    It ends as well when the keyboard goes elsewhere: at once within its window, else, unseen meanwhile, when the
    keyboard comes back.
    """

    explained = Signal(object)  # Subject
    menu_asked = Signal(object, QPoint)  # Subject, global px

    def __init__(self, window: QWidget, places: list[Place]) -> None:
        super().__init__(window)
        self.places, self.at = places, 0
        self._before: QWidget | None = window.focusWidget()
        self._is_ending = self._is_away = False
        # within Qt's own change of the focus another one, or an end, is not safe: the process may die of it
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(self._follow)
        QApplication.instance().focusChanged.connect(self._note)  # type: ignore[union-attr] # there is one
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    @property
    def place(self) -> Place:
        """Return the value that the keyboard is on."""
        return self.places[self.at]

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value that the keyboard is on, so that all keys that ask for a value mean this one."""
        return self.place.subject if place is None else None

    def end(self) -> None:
        """Go, and give the keyboard back."""
        if self._is_ending:
            return
        self._go()
        if self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        self._is_ending = True
        self.hide()
        self.deleteLater()

    def _note(self) -> None:
        self._settled.start(0)

    def _follow(self) -> None:
        """End where something else of this window has the keyboard, or where it comes back from another window."""
        taker = QApplication.focusWidget()
        if self._is_ending:
            return
        if taker is None or taker.window() is not self.window():
            self._is_away = True
            self.update()
        elif taker is not self:
            self._go()
        elif self._is_away:
            self.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = following([QRectF(place.at) for place in self.places], self.at, event.key())
        if at is not None:
            self.at = at
            self._tell()
        elif event.key() in EXPLAINING_KEYS:
            subject = self.place.subject
            self.end()
            self.explained.emit(subject)
        elif event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        subject, below = self.place.subject, self.mapToGlobal(self.place.at.bottomLeft())
        event.accept()
        self.end()
        self.menu_asked.emit(subject, below)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.end()

    @guarded_event
    def event(self, event: QEvent) -> bool:
        # Tab leaves it, as it leaves every other place of the keyboard
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.end()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._is_away:
            return
        look = theme()
        at = QRectF(self.place.at).adjusted(-3, -2, 3, 2)
        font = look.font("small")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(at, 4, 4)
            painter.setFont(font)
            metrics = painter.fontMetrics()
            room = QRectF(0, 0, metrics.horizontalAdvance(self._caption()) + look.px(16), metrics.height() + look.px(8))
            room.moveTopLeft(QPointF(min(at.left(), self.width() - room.width()), at.bottom() + look.px(3)))
            if room.bottom() > self.height():
                room.moveBottom(at.top() - look.px(3))
            painter.fillRect(room, look.color("panel"))
            painter.drawRect(room)
            painter.setPen(look.color("text"))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._caption())

    def _caption(self) -> str:
        return tr("{name}: Enter explains, arrows go on, Esc ends", name=self.place.subject.name)

    def _tell(self) -> None:
        self.setAccessibleName(self._caption())
        self.update()
