"""How a picture's own units become pixels: as large as the place allows, its proportions kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from app.model.picture import Picture, Symbol


@dataclass(frozen=True, slots=True)
class Plane:
    """`factor`: px per picture unit; `origin`: where the picture's own (0, 0) stands, px."""

    factor: float
    origin: QPointF

    def point(self, at: tuple[float, float]) -> QPointF:
        """Return the place of a point of the picture."""
        return QPointF(self.origin.x() + at[0] * self.factor, self.origin.y() + at[1] * self.factor)

    def rect(self, symbol: Symbol) -> QRectF:
        """Return the place of a symbol."""
        rect = QRectF(0, 0, symbol.size[0] * self.factor, symbol.size[1] * self.factor)
        rect.moveCenter(self.point(symbol.at))
        return rect


def fitted(picture: Picture, place: QRectF) -> Plane:
    """Return the plane that shows all of `picture` in the middle of `place`."""
    width, height = max(picture.size[0], 1.0), max(picture.size[1], 1.0)
    factor = min(place.width() / width, place.height() / height)
    corner = place.center() - QPointF(width * factor / 2, height * factor / 2)
    return Plane(factor, corner)
