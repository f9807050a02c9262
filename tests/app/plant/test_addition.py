"""A device added to a plant file that people have written: every byte of theirs stays, and errors have their lines."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.addition import Addition, named_apart, plan_addition
from app.plant.file import read_plant
from app.plant.tag_list.revision import CannotRevise

PLANT = """\
# written by hand
[plant]
id = "line"
name = "Line"

[[equipment]]  # the only one
id = "P"
name = "Press"

[connection.plc]
driver = "modbus"
url = "modbus://10.0.0.1"  # behind the door

[[tag]]
name = "T"
equipment = "P"
title = "T"
connection = "plc"
address = "HR0"
# the last word
[[alarm]]
id = "T.H"
tag = "T"
condition = "high"
limit = 5.0
priority = 2
message = "T high"
"""


def addition(*names: str) -> Addition:
    tags = tuple(
        TagDefinition(n, name, "new", LocalText(f"Title {name}"), "new", f"HR{n}") for n, name in enumerate(names)
    )
    return Addition(
        Equipment("new", LocalText("New one"), parent="P"),
        ConnectionDefinition("new", "modbus", "modbus://10.0.0.2", {"unit": 3}),
        tags,
    )


def plant_file(folder: Path, text: str = PLANT, newline: str = "\n") -> Path:
    path = folder / "plant.toml"
    path.write_bytes(text.replace("\n", newline).encode())
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_that_what_is_added_stands_behind_its_like_and_nothing_else_changes(tmp_path: Path, newline: str) -> None:
    path = plant_file(tmp_path, newline=newline)
    plan = plan_addition(path, named_apart(addition("A", "B"), read_plant(path)))
    assert plan.is_usable
    lines = plan.after.split(newline)
    added = {number for number, _ in plan.lines}
    assert newline.join(line for number, line in enumerate(lines, 1) if number not in added) == plan.before
    assert [lines[number - 1] for number, _ in plan.lines] == [text for _, text in plan.lines]
    assert path.read_bytes().decode() == plan.before
    path.write_bytes(plan.after.encode())
    made = read_plant(path)
    assert [tag.name for tag in made.tags] == ["T", "A", "B"]
    assert made.connections[1] == ConnectionDefinition("new", "modbus", "modbus://10.0.0.2", {"unit": 3})
    assert plan.after.index("[connection.new]") < plan.after.index("[[tag]]")
    assert plan.after.index("Title B") < plan.after.index("[[alarm]]")


def test_that_ids_that_are_taken_get_numbers(tmp_path: Path) -> None:
    path = plant_file(tmp_path)
    plant = read_plant(path)
    given = addition("A")
    taken = replace(
        given, equipment=replace(given.equipment, id="P"), connection=replace(given.connection, id="plc", folder="/x")
    )
    found = named_apart(taken, plant)
    assert (found.equipment.id, found.connection.id, found.tags[0].handle) == ("P-2", "plc-2", 1)
    assert (found.tags[0].equipment, found.tags[0].connection) == ("P-2", "plc-2")
    assert plan_addition(path, found).is_usable


def test_that_what_is_wrong_is_told_at_its_line_and_cannot_be_written(tmp_path: Path) -> None:
    path = plant_file(tmp_path)
    plan = plan_addition(path, addition("A", "T"))
    assert not plan.is_usable
    (problem,) = plan.problems
    assert plan.after.splitlines()[problem.line - 1] == 'name = "T"'
    assert problem.line > plan.before.count("\n")


def test_that_a_file_that_cannot_be_extended_by_rule_is_left_alone(tmp_path: Path) -> None:
    text = PLANT.replace('[[equipment]]  # the only one\nid = "P"\nname = "Press"\n', "").replace(
        "# written by hand\n", 'equipment = [{ id = "P", name = "Press" }]\n'
    )
    assert tomllib.loads(text)
    with pytest.raises(CannotRevise, match=r"by hand|by rule"):
        plan_addition(plant_file(tmp_path, text), addition("A"))
    with pytest.raises(CannotRevise, match="mend it first"):
        plan_addition(plant_file(tmp_path, "no toml"), addition("A"))
