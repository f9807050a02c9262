"""What is shown while a panel is pulled: where it would stand if it were let go now, in a frame and in words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.dock.arrangement import Place
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

EDGE = 0.3
"""The share of the pages' place, from the right and from below, over which a panel is docked."""


def place_at(pointer: QPoint, room: QRect) -> Place:
    """Return where a panel goes that is let go at `pointer`, both in the same px; of two edges the nearer one."""
    if not room.contains(pointer):
        return Place.WINDOW
    right = (room.right() - pointer.x()) / max(1, room.width())
    below = (room.bottom() - pointer.y()) / max(1, room.height())
    if min(right, below) > EDGE:
        return Place.WINDOW
    return Place.BESIDE if right <= below else Place.BELOW


class PullShade(QWidget):
    """Lies over the pages and their panels."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self.place = Place.WINDOW
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, pointer: QPoint) -> None:
        """Show where a panel goes that is let go at `pointer` (global px)."""
        self.place = place_at(self._area.mapFromGlobal(pointer), self._area.rect())
        self.setGeometry(self._area.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, room = theme(), self._room()
        with QPainter(self) as painter:
            shade = look.color("selection")
            shade.setAlphaF(0.85)
            painter.setPen(QPen(look.color("accent"), look.px(2)))
            painter.setBrush(shade)
            painter.drawRect(room.adjusted(1, 1, -1, -1))
            painter.setPen(look.color("text"))
            painter.setFont(look.font("title", weight=SEMIBOLD))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, _name(self.place))

    def _room(self) -> QRect:
        whole = self.rect()
        if self.place is Place.BESIDE:
            return whole.adjusted(round(whole.width() * (1 - EDGE)), 0, 0, 0)
        if self.place is Place.BELOW:
            return whole.adjusted(0, round(whole.height() * (1 - EDGE)), 0, 0)
        middle = QRect(0, 0, whole.width() // 3, whole.height() // 4)
        middle.moveCenter(whole.center())
        return middle


def _name(place: Place) -> str:
    names = {
        Place.BESIDE: tr("Beside the page"),
        Place.BELOW: tr("Below the page"),
        Place.WINDOW: tr("Into a window of its own"),
    }
    return names[place]
