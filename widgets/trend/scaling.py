"""How the scales of a plot follow its size, the time window and the values in view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize

from app.model import clock
from app.model.tag import TagDefinition, TagKind
from widgets.theme import theme
from widgets.trend.decimate import Columns
from widgets.trend.fixed_scales import FixedScales
from widgets.trend.geometry import Geometry, column_width, left_edge
from widgets.trend.limit_line import LimitLine, reference_extent, with_near_limits
from widgets.trend.time_window import TimeWindow
from widgets.trend.value_axis import WIDTH, ValueAxis, axis_key
from widgets.trend.value_range import EVERYTHING, CalmRange, Extent

AXIS_WIDTH = 50
AXIS_HEIGHT = 24
AHEAD_SHARE = 0.25
HEADROOM = 0.07
UNKNOWN = Extent(0.0, 1.0)
_SWITCH = Extent(0.0, 1.0)


class Scaling:
    """The scales of one plot, from one refresh to the next."""

    def __init__(self, *, time_scale: float, fixed: FixedScales) -> None:
        """`fixed`: what somebody has chosen."""
        self._time_scale = time_scale
        self._fixed = fixed
        self._range = CalmRange()
        self._further: dict[tuple[str, bool], CalmRange] = {}

    def reset(self) -> None:
        """Take the next values as they come."""
        self._range.reset()
        self._further.clear()

    def of_time(self, size: QSize, window: TimeWindow, *, now: int, ahead_s: float, axes: int = 0) -> Geometry | None:
        """Return the scales but for the values; None where the plot is too small.

        `now`: int64 ns UTC; `ahead_s`: plant seconds to be shown right of now, 0 for none; `axes`: further value axes.
        """
        look = theme()
        left, foot = look.px(AXIS_WIDTH), look.px(AXIS_HEIGHT)
        right = axes * look.px(WIDTH)
        plot = QRectF(left, 1, size.width() - left - right - 1, size.height() - foot)
        if plot.width() < left or plot.height() < foot:
            return None
        ahead_ns, now_x = 0, plot.right()
        if ahead_s and window.is_live:
            ahead_ns = round(ahead_s / self._time_scale * clock.NS_PER_S)
            now_x = plot.left() + round(plot.width() * (1 - AHEAD_SHARE))
        columns = int(now_x - plot.left())
        start, end = window.edges(now)
        width = column_width(end - start, columns)
        second = now - now % clock.NS_PER_S
        return Geometry(plot, now_x, left_edge(end, columns, width), width, second, ahead_ns, UNKNOWN)

    def of_values(self, time: Geometry, needed: Extent, *, tag: TagDefinition) -> Geometry:
        """Return the scales with a calm value axis that holds `needed`, or the one that was chosen."""
        chosen = self._fixed.of(tag.name, axis_key(tag))
        if chosen is not None:
            return replace(time, values=chosen)
        return replace(time, values=_followed(self._range, needed, tag))

    def of_axis(self, columns: Sequence[Columns], tag: TagDefinition, *, pen: int, main: str) -> ValueAxis:
        """Return a further axis that holds the curves of some pens, the first of which shows `tag`.

        `main`: the name of the first tag of the pane.
        """
        chosen = self._fixed.of(main, axis_key(tag))
        if chosen is not None:
            return ValueAxis(tag, pen, chosen, is_fixed=True)
        needed = needed_extent(columns, tag, lines=(), newest=math.nan, wanted=())
        calm = self._further.setdefault(axis_key(tag), CalmRange())
        return ValueAxis(tag, pen, _followed(calm, needed, tag))


def _followed(calm: CalmRange, needed: Extent, tag: TagDefinition) -> Extent:
    within = EVERYTHING if tag.kind is TagKind.DISCRETE else Extent(tag.low, tag.high)
    found = calm.follow(needed, now=clock.monotonic_ns(), within=within)
    if needed is UNKNOWN:
        calm.reset()  # a guess is nothing that what is read next must be added to
    return found


def needed_extent(
    columns: Sequence[Columns],
    tag: TagDefinition,
    *,
    lines: Sequence[LimitLine],
    newest: float,
    wanted: Sequence[float],
) -> Extent:
    """Return what must be in view: the curves, else the newest value, the normal band, near limits and `wanted`.

    The highest of `wanted` gets room above it, where captions stand.
    """
    curve = _extent(columns)
    if tag.kind is TagKind.DISCRETE:
        return (curve or _SWITCH).with_values(_SWITCH.low, _SWITCH.high)
    if curve is None and math.isfinite(newest):
        curve = Extent(newest, newest)
    if curve is None:
        curve = reference_extent(tag, lines)
    if curve is None:
        return UNKNOWN.with_values(*wanted) if wanted else UNKNOWN
    extent = with_near_limits(curve, tag, lines).with_values(*wanted)
    return extent.with_values(max(wanted) + HEADROOM * extent.span) if wanted else extent


def _extent(columns: Sequence[Columns]) -> Extent | None:
    filled = [part for part in columns if len(part)]
    if not filled:
        return None
    return Extent(float(min(part.low.min() for part in filled)), float(max(part.high.max() for part in filled)))
