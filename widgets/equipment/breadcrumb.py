"""The way from the top of the hierarchy down to the present equipment; each step leads there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.plant import Plant
from widgets.theme import REGULAR, SEMIBOLD, theme
from widgets.translation import local
from widgets.trend.tag_choice import path_to

SEPARATOR = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


class Breadcrumb(QWidget):
    """One line; where it is too narrow the upper steps are left out first."""

    equipment_asked = Signal(str)

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = {each.id: each.name for each in plant.equipment}
        self._plant = plant
        self._path: list[str] = []
        self._places: list[tuple[QRectF, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_equipment(self, equipment: str) -> None:
        """Show the way to an equipment."""
        self._path = path_to(self._plant, equipment)
        self.refresh()

    def refresh(self) -> None:
        """Renew the texts after a change of language."""
        way = f" {SEPARATOR} ".join(local(self._names[each]) for each in self._path)
        self.setAccessibleName(way)
        self.setToolTip(way)  # which a narrow window has no room for
        self.update()

    def step_at(self, place: QPointF) -> str:
        """Return the equipment whose name stands at a place, "" for none."""
        return next((equipment for rect, equipment in self._places if rect.contains(place)), "")

    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().hit(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(150), theme().hit(30))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        step = self.step_at(event.position())
        if step and event.button() is Qt.MouseButton.LeftButton:
            self.equipment_asked.emit(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Backspace} and len(self._path) > 1:
            self.equipment_asked.emit(self._path[-2])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        steps = self._fitting()
        self._places = []
        x = float(look.px(4))
        base = self.height() / 2 + look.px(5)
        with QPainter(self) as painter:
            for equipment in steps:
                is_last = equipment == self._path[-1]
                font = look.font("title" if is_last else "body", weight=SEMIBOLD if is_last else REGULAR)
                metrics = QFontMetricsF(font)
                name = metrics.elidedText(
                    local(self._names[equipment]), Qt.TextElideMode.ElideRight, max(0.0, self.width() - x)
                )
                painter.setFont(font)
                painter.setPen(look.color("text" if is_last or self.hasFocus() else "dim"))
                painter.drawText(QPointF(x, base), name)
                width = metrics.horizontalAdvance(name)
                self._places.append((QRectF(x, 0, width, self.height()), equipment))
                x += width + look.px(8)
                if not is_last:
                    painter.setPen(look.color("dim"))
                    painter.drawText(QPointF(x, base), SEPARATOR)
                    x += look.px(14)

    def _fitting(self) -> list[str]:
        steps = list(self._path)
        metrics = QFontMetricsF(theme().font("title", weight=SEMIBOLD))
        while len(steps) > 1:
            width = sum(metrics.horizontalAdvance(local(self._names[each])) + theme().px(22) for each in steps)
            if width <= self.width():
                break
            steps.pop(0)
        return steps
