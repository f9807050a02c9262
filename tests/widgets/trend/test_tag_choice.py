"""The first four trends of an equipment are those that say most."""

from __future__ import annotations

from tests.widgets.trend.air_station import air_station
from widgets.trend.tag_choice import descendants, path_to, ranked_tags

PLANT = air_station()


def names(equipment: str, *active: str) -> list[str]:
    return [tag.name for tag in ranked_tags(PLANT, equipment, active=active)]


def test_that_forecasts_come_first_and_switches_last() -> None:
    found = names("C-201")
    assert found[:4] == ["VT-201-DE", "TT-201-D", "PT-201-D", "JI-201"]
    assert found[-1] == "XA-201"


def test_that_an_active_alarm_comes_before_tags_without_one() -> None:
    assert names("V-220") == ["PT-220", "FT-220"]
    assert names("V-220", "FT-220") == ["FT-220", "PT-220"]


def test_that_an_area_shows_the_tags_below_it() -> None:
    assert names("cooling")[0] == "PT-12"


def test_that_the_hierarchy_is_walked_both_ways() -> None:
    assert descendants(PLANT, "plant") >= {"air", "C-201", "P-12"}
    assert path_to(PLANT, "C-201") == ["plant", "air", "C-201"]
    assert path_to(PLANT, "nowhere") == []
