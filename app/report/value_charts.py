"""The courses of the key values of a report, as they are drawn on paper."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.unit_symbol import unit_symbol
from app.report.cell import number_text
from app.report.content import KeyValue
from app.report.document import Chart
from app.report.telling import Telling

MOST_CHARTS = 28


def value_charts(tell: Telling) -> Iterator[Chart]:
    """Yield the chart of each value whose course the report has, in the order in which they are told."""
    told = [value for value in tell.content.values if value.lows]
    for value in told[:MOST_CHARTS]:
        yield _chart(tell, value)


def _chart(tell: Telling, value: KeyValue) -> Chart:
    lows = [each for each in value.lows if each is not None]
    highs = [each for each in value.highs if each is not None]
    unit = unit_symbol(value.unit)
    return Chart(
        f"{value.tag}  {tell.text(value.title)}{f', {unit}' if unit else ''}",
        value.lows,
        value.highs,
        tuple(limit for limit in (value.low, value.high) if limit is not None),
        number_text(min(lows), value.decimals) if lows else "",
        number_text(max(highs), value.decimals) if highs else "",
        tell.clock(tell.content.start),
        tell.clock(tell.content.reached),
        tell.say("nothing is known", "无有效数据"),
    )
