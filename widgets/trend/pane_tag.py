"""What a pane shows: its main tag, and the pens of all its tags."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.model.tag import TagDefinition
from widgets.trend.alarm_spans import AlarmSpans
from widgets.trend.indicator import IndicatorScale
from widgets.trend.limit_line import LimitLine
from widgets.trend.pen import TrendPen


@dataclass(slots=True)
class PaneTag:
    """What is fixed about the tag that a pane shows, and its pens."""

    tag: TagDefinition
    lines: tuple[LimitLine, ...]
    scale: IndicatorScale | None
    spans: AlarmSpans
    pens: list[TrendPen] = field(default_factory=list)
    former: list[TrendPen] = field(default_factory=list)

    @property
    def curves(self) -> list[TrendPen]:
        """Return all pens, those of a former time last."""
        return [*self.pens, *self.former]
