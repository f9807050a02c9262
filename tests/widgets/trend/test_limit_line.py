"""Limits are named as operators name them, and do not squeeze the curve."""

from __future__ import annotations

from tests.widgets.trend.air_station import air_station
from widgets.trend.indicator import indicator_scale
from widgets.trend.limit_labels import limit_label
from widgets.trend.limit_line import limit_lines, with_near_limits
from widgets.trend.value_range import Extent

PLANT = air_station()


def test_that_limits_are_counted_from_the_inside() -> None:
    names = [(line.name, line.value) for line in limit_lines(PLANT, "PT-201-D")]
    assert names == [("L", 6.4), ("H", 7.6), ("", 8.0)]
    assert [line.name for line in limit_lines(PLANT, "VT-201-DE")] == ["H", "HH", ""]


def test_that_a_label_has_no_more_decimals_than_the_limit() -> None:
    tag = PLANT.tag("PT-201-D")
    assert [limit_label(line, tag) for line in limit_lines(PLANT, tag.name)] == ["L 6.4", "H 7.6", "Limit 8"]


def test_that_a_far_limit_does_not_squeeze_the_curve() -> None:
    tag = PLANT.tag("PT-12")
    lines = limit_lines(PLANT, tag.name)
    assert with_near_limits(Extent(80, 100), tag, lines) == Extent(20, 150)


def test_that_the_indicator_shows_the_limits_with_room() -> None:
    tag = PLANT.tag("PT-201-D")
    scale = indicator_scale(tag, limit_lines(PLANT, tag.name))
    assert scale is not None
    assert scale.extent.low < 6.4
    assert scale.extent.high > 8.0
    assert indicator_scale(PLANT.tag("XA-201"), ()) is None
