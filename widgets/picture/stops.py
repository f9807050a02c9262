"""Where the arrow keys come to in a process picture: its items of equipment, and the values that stand alone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.model.picture import Readout, Symbol


@dataclass(frozen=True, slots=True)
class Stop:
    """An item or a value, and its place, px of the widget."""

    of: Symbol | Readout
    place: QRectF

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags that are shown there, the most telling first."""
        if isinstance(self.of, Readout):
            return (self.of.tag,)
        return tuple(dict.fromkeys(name for name in (self.of.value, self.of.level, self.of.running) if name))
