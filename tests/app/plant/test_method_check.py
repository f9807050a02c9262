"""What a plant file says of texts, states and methods: how it is read, and how what is wrong is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.acquisition.registry import driver_names, grammars
from app.model.exact import DataType
from app.model.text import LocalText
from app.model.value_rule import ValueRule
from app.plant.file import examine_plant, read_plant
from app.plant.writer import write_plant
from tests.app.collector.press import BIG, plant_text

TEXT = plant_text(5020, 4840)


def test_that_texts_states_and_methods_read_back_as_they_were_written(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(TEXT, encoding="utf-8")
    assert examine_plant(first, drivers=driver_names(), grammars=grammars()).problems == ()
    plant = read_plant(first)
    write_plant(second, plant)
    assert repr(read_plant(second)) == repr(plant)


def test_that_a_method_is_disabled_until_it_is_enabled_and_has_typed_arguments(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(TEXT, encoding="utf-8")
    methods = {method.name: method for method in read_plant(path).methods}
    assert not methods["Drain"].is_enabled
    move = methods["Move"]
    assert [argument.data_type for argument in move.arguments] == [
        DataType.FLOAT64, DataType.INT64, DataType.BOOLEAN, DataType.STRING,
    ]  # fmt: skip
    assert move.arguments[1].rule == ValueRule(0, 2**63 - 1, step=1.0)
    assert move.arguments[2].rule.allowed == (0.0, 1.0)


def test_that_states_have_names_and_whole_numbers_their_last_digit(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(TEXT, encoding="utf-8")
    plant = read_plant(path)
    step, count = plant.tag("M.STEP"), plant.tag("M.COUNT").write
    assert step.states[0] == (1, LocalText("Heating", "加热"))
    assert step.write is not None
    assert step.write.allowed == (1, 2)
    assert count is not None
    assert (count.low, count.high, count.tolerance) == (-BIG, BIG + 1000, 0.0)


WRONG = {
    "text without a rule": ("write = { longest = 12, read_back_s = 1.0 }", "write = { }", "a text needs `longest`"),
    "range of a text": ("longest = 12", "longest = 12, range = [0, 1]", "`range` is for numbers and this is a text"),
    "number as text": ('["steel", "铝"]', "[7]", "7 is no text"),
    "long text": ('allowed = ["steel", "铝"]', 'allowed = ["steel"], longest = 3', "more than the 3 characters"),
    "fraction of a whole number": (f"range = [{-BIG}, {BIG + 1000}]", "range = [0.5, 7]", "0.5 is no whole number"),
    "too large": (f"range = [{-BIG}, {BIG + 1000}]", f"range = [0, {2**63}]", "is no whole number of 64 bits"),
    "third truth": ("write = { read_back_s = 1.0 }", "write = { allowed = [2] }", "2 is no truth value"),
    "unknown state": ('allowed = ["Heating", "Holding"]', 'allowed = ["Cooling"]', "or one of Heating, Holding, Off"),
    "both": ('allowed = ["Heating", "Holding"]', "allowed = [1], range = [1, 2]", "stands beside `range`"),
    "state twice": ('value = 2, name = "Holding"', 'value = 1, name = "Holding"', "the state 1 has a name already"),
    "state without a name": (', name = "Off"', "", "`name` is missing"),
    "no rule of an argument": ("range = [0.0, 100.0]\n", "", "`range` is missing"),
    "method of Modbus": ('connection = "press"\nobject', 'connection = "plc"\nobject', "plc have no methods"),
    "no object": ('object = "nsu=urn:foreshift:press;s=Press"', 'object = "Press"', "is not a NodeId"),
    "unknown interlock": ('interlocks = ["U.VALVE == 0"]', 'interlocks = ["U.X == 0"]', 'there is no tag "U.X"'),
    "argument twice": ('name = "Fast"', 'name = "Target"', 'argument "Target" stands already'),
    "long time-out": ("timeout_s = 3.0", "timeout_s = 601", "at most 600"),
}


@pytest.mark.parametrize("case", WRONG)
def test_that_what_is_wrong_is_told_with_its_line_and_remedy(tmp_path: Path, case: str) -> None:
    old, new, message = WRONG[case]
    assert old in TEXT
    path = tmp_path / "plant.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    problems = examine_plant(path, drivers=driver_names(), grammars=grammars()).problems
    assert len(problems) == 1, problems
    assert message in problems[0].message
    assert problems[0].line > 0
