"""How an operator sets the value axes of a plot: by wheel and drag over an axis, and by keys for the first one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from app.model.tag import TagKind
from widgets.theme import theme
from widgets.trend.fixed_scales import AxisKey, FixedScales
from widgets.trend.trend_plot import PlotFrame
from widgets.trend.value_axis import WIDTH, axis_key
from widgets.trend.value_range import Extent

ZOOM = 0.8
STEP = 0.125
"""So much of its range a key moves an axis."""


class ScaleHand:
    """Turns what is done over the axes of a plot into chosen ranges; states keep their two lines.

    It knows no plot: a cycle of the two would outlive them.
    """

    def __init__(self, scales: FixedScales) -> None:
        self._scales = scales

    def press(self, frame: PlotFrame | None, event: QKeyEvent) -> bool:
        """Do what a key says; return whether it says anything here."""
        sign = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if frame is None or (not sign and event.key() != Qt.Key.Key_0):
            return False
        if not sign:
            self._scales.free(frame.tag.name)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._zoom(frame, 0.0, frame.geometry.plot.center().y(), sign)
        else:
            self._shift(frame, 0.0, sign * STEP * frame.geometry.plot.height())
        return True

    def turn(self, frame: PlotFrame, place: QPointF, steps: float) -> None:
        """Spread the values of the axis at a place, px, or draw them together."""
        self._zoom(frame, place.x(), place.y(), steps)

    def drag(self, frame: PlotFrame, place: QPointF, down: float) -> None:
        """Take the curves of the axis at a place along, px down."""
        self._shift(frame, place.x(), down)

    def reset(self, frame: PlotFrame, place: QPointF) -> None:
        """Let the axis at a place follow its curves again."""
        if (found := _axis_at(frame, place.x())) is not None:
            self._scales.free(frame.tag.name, found[0])

    def _zoom(self, frame: PlotFrame, x: float, y: float, steps: float) -> None:
        """Show less or more around the value at a height, px."""
        if (found := _axis_at(frame, x)) is not None:
            axis, extent = found
            plot, factor = frame.geometry.plot, ZOOM**steps
            value = extent.low + (plot.bottom() - y) / plot.height() * extent.span
            chosen = Extent(value - (value - extent.low) * factor, value + (extent.high - value) * factor)
            self._scales.fix(frame.tag.name, axis, chosen)

    def _shift(self, frame: PlotFrame, x: float, down: float) -> None:
        """Move the curves of an axis down, px."""
        if (found := _axis_at(frame, x)) is not None:
            axis, extent = found
            shift = down / frame.geometry.plot.height() * extent.span
            self._scales.fix(frame.tag.name, axis, Extent(extent.low + shift, extent.high + shift))


def _axis_at(frame: PlotFrame, x: float) -> tuple[AxisKey, Extent] | None:
    """Return the axis at a place beside the plot and its range, None where there is none that can be set."""
    plot = frame.geometry.plot
    if x < plot.left():
        tag, extent = frame.tag, frame.geometry.values
    else:
        place = int((x - plot.right()) // theme().px(WIDTH))
        if not 0 <= place < len(frame.axes):
            return None
        tag, extent = frame.axes[place].tag, frame.axes[place].extent
    return None if tag.is_text or tag.kind is TagKind.DISCRETE else (axis_key(tag), extent)
