"""Lists of tags beside a plant whose equipment classes make tags."""

from __future__ import annotations

import tomllib

import pytest

from app.plant.alarm_revision import revised_alarms
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


def test_that_an_alarm_that_a_class_makes_is_not_revised_by_rule() -> None:
    with pytest.raises(CannotRevise, match=r"PU01\.P\.H: an equipment class makes it"):
        revised_alarms(CLASSED, {"PU01.P.H": {"deadband": 1.0}})
