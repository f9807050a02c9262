"""Ranges of value axes that somebody has chosen, for as long as the window lives."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from widgets.trend.value_range import FINEST, Extent

AxisKey = tuple[str, bool]
"""As of `axis_key`: the unit, and whether the values are states."""


class FixedScales(QObject):
    """By the main tag of a pane and one of its axes; an axis without an entry follows its curves."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._extents: dict[tuple[str, AxisKey], Extent] = {}

    def of(self, tag: str, axis: AxisKey) -> Extent | None:
        """Return what was chosen for an axis of the pane of a tag, None for nothing."""
        return self._extents.get((tag, axis))

    def has_any(self, tag: str) -> bool:
        """Return whether something was chosen for the pane of a tag."""
        return any(main == tag for main, _ in self._extents)

    def fix(self, tag: str, axis: AxisKey, extent: Extent) -> None:
        """Let an axis have this range; one that is too small to be told apart, or endless, changes nothing."""
        least = FINEST * max(abs(extent.low), abs(extent.high))
        if math.isfinite(extent.low) and math.isfinite(extent.high) and extent.span > least:
            self._extents[tag, axis] = extent
            self.changed.emit()

    def free(self, tag: str, axis: AxisKey | None = None) -> None:
        """Let an axis, or all of the pane of a tag, follow the curves again."""
        for key in [key for key in self._extents if key[0] == tag and axis in {None, key[1]}]:
            del self._extents[key]
        self.changed.emit()
