"""Lists of tags beside a plant whose equipment classes make tags."""

from __future__ import annotations

import tomllib

import pytest

from app.plant.alarm_revision import revised_alarms, written_keys
from app.plant.file import examine_text
from app.plant.tag_list.difference import Placing, difference
from app.plant.tag_list.entry import TagEntry, TagList
from app.plant.tag_list.revision import CannotRevise
from tests.app.plant.class_sample import CLASSED


def test_that_a_list_changes_no_tag_that_a_class_makes_and_says_where_it_is_changed() -> None:
    found = TagList("list", (TagEntry(2, "PU01.P", {"unit": "bar"}), TagEntry(3, "PU02.P", {"unit": "MPa"})))
    result = difference(found, tomllib.loads(CLASSED), Placing())
    assert result.unchanged == ("PU01.P",)
    assert (result.new, result.changed) == ((), ())
    (problem,) = result.problems
    assert problem.line == 3
    assert '[equipment.override.tag."PU02.P"]' in problem.message
    assert result.only_there == ("PU01.RUN", "PU02.RUN")


def test_that_an_alarm_that_a_class_makes_is_revised_by_an_override_and_taken_back() -> None:
    text = revised_alarms(CLASSED, {"PU01.P.H": {"deadband": 0.5, "sheet.cause": "Worn seal", "limit": 14.4}})
    assert '[equipment.override.alarm."PU01.P.H"]\ndeadband = 0.5\nsheet = { cause = "Worn seal" }\n' in text
    assert written_keys(text, "PU01.P.H") == {"deadband": 0.5, "sheet": {"cause": "Worn seal"}}
    assert written_keys(text, "PU02.P.H") == {}
    plant = examine_text(text, drivers=("modbus",), grammars={}, folder="/p").plant
    assert plant is not None
    first, second = plant.alarms
    assert (first.deadband, first.sheet.cause.en, first.sheet.response.en) == (
        0.5,
        "Worn seal",
        "Open the valve of PU01",
    )
    assert second.deadband == 0.0
    assert revised_alarms(text, {"PU01.P.H": {"deadband": None, "sheet.cause": None}}) == CLASSED
    with pytest.raises(CannotRevise, match="no such alarm"):
        revised_alarms(CLASSED, {"PU09.P.H": {"deadband": 1.0}})
