"""How an operator sets the value axes of a plot: by wheel and drag over an axis, and by keys for the first one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent

from app.model.tag import TagKind
from widgets.theme import theme
from widgets.trend.fixed_scales import AxisKey, FixedScales
from widgets.trend.trend_plot import PlotFrame, TrendPlot
from widgets.trend.value_axis import WIDTH, axis_key
from widgets.trend.value_range import Extent

ZOOM = 0.8
STEP = 0.125
"""So much of its range a key moves an axis."""


class ScaleHand(QObject):
    """Turns what is done over the axes of a plot into chosen ranges; states keep their two lines."""

    def __init__(self, plot: TrendPlot, scales: FixedScales) -> None:
        super().__init__(plot)
        self._plot, self._scales = plot, scales
        plot.axis_turned.connect(self._turn)
        plot.axis_dragged.connect(self._drag)
        plot.axis_reset.connect(self._reset)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; return whether it says anything here."""
        frame = self._plot.frame
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

    def _turn(self, place: QPointF, steps: float) -> None:
        if self._plot.frame is not None:
            self._zoom(self._plot.frame, place.x(), place.y(), steps)

    def _drag(self, place: QPointF, down: float) -> None:
        if self._plot.frame is not None:
            self._shift(self._plot.frame, place.x(), down)

    def _reset(self, place: QPointF) -> None:
        frame = self._plot.frame
        if frame is not None and (found := _axis_at(frame, place.x())) is not None:
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
