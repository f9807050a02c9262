"""The limits of a tag in the text of a plant file: new ones are added, those that are there are changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import pytest

from app.model.alarm import ConditionKind, Priority
from app.model.plant import Plant
from app.plant.file import examine_text
from app.plant.tag_limits import Level, LimitsRefused, WantedLimit, limits_of, text_with_limits

FILE = """
# kept
[plant]
id = "works"
name = "Works"

[connection.plc]
driver = "modbus"
url = "modbus://127.0.0.1"

[[equipment]]
id = "P1"
name = "Pump"

[[tag]]
name = "P"
equipment = "P1"
connection = "plc"
address = "HR0"
title = { en = "Pressure", zh = "压力" }
unit = "bar"
range = [0.0, 16.0]

[[alarm]]
id = "P.H"
tag = "P"
condition = "high"
limit = 10.0 # of the pump
priority = 3
message = "Pressure high"
"""


def plant(text: str) -> Plant:
    found = examine_text(text, drivers=("modbus",), grammars={}, folder="").plant
    assert found is not None
    return found


def changed(text: str, wanted: Mapping[Level, WantedLimit]) -> str:
    known = plant(text)
    return text_with_limits(text, known.tag("P"), known.alarms, wanted)


def test_that_a_new_limit_is_an_alarm_with_a_message_in_both_languages_and_a_dead_band() -> None:
    after = changed(FILE, {Level.HH: WantedLimit(12.5, Priority.CRITICAL), Level.L: WantedLimit(1.0, Priority.MEDIUM)})
    alarms = {alarm.id: alarm for alarm in plant(after).alarms}
    assert list(alarms) == ["P.H", "P.HH", "P.L"]
    high = alarms["P.HH"]
    assert (high.condition, high.limit, high.priority) == (ConditionKind.HIGH, 12.5, Priority.CRITICAL)
    assert (high.message.en, high.message.zh, high.deadband) == ("Pressure very high", "压力过高", 0.16)
    assert (alarms["P.L"].condition, alarms["P.L"].limit) == (ConditionKind.LOW, 1.0)
    assert after.startswith(FILE.rstrip())


def test_that_a_limit_that_is_there_is_changed_where_it_stands() -> None:
    after = changed(FILE, {Level.H: WantedLimit(9.0, Priority.HIGH)})
    assert "limit = 9.0 # of the pump" in after
    (alarm,) = plant(after).alarms
    assert (alarm.limit, alarm.priority) == (9.0, Priority.HIGH)
    assert changed(FILE, {Level.H: WantedLimit(10.0, Priority.MEDIUM)}) == FILE


def test_that_an_id_that_is_taken_is_not_given_again() -> None:
    taken = FILE.replace('id = "P.H"', 'id = "P.L"')
    after = changed(taken, {Level.L: WantedLimit(1.0, Priority.MEDIUM)})
    assert [table["id"] for table in tomllib.loads(after)["alarm"]] == ["P.L", "P.L2"]


def test_that_limits_that_cross_are_refused_by_their_names() -> None:
    with pytest.raises(LimitsRefused, match="P: H has to lie below HH"):
        changed(FILE, {Level.HH: WantedLimit(10.0, Priority.HIGH)})
    with pytest.raises(LimitsRefused, match="P: L has to lie below H"):
        changed(FILE, {Level.L: WantedLimit(11.0, Priority.HIGH)})


def test_that_the_innermost_limit_is_high_and_the_next_very_high() -> None:
    after = changed(FILE, {Level.HH: WantedLimit(12.0, Priority.HIGH), Level.LL: WantedLimit(0.5, Priority.HIGH)})
    found = limits_of(plant(after).alarms, "P")
    assert {level: alarm.id for level, alarm in found.items()} == {
        Level.H: "P.H",
        Level.HH: "P.HH",
        Level.L: "P.LL",  # the only low one is the first
    }
