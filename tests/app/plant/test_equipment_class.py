"""Equipment classes: what their instances get, what these have otherwise, and at which line a fault is told."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.expansion import expand
from app.plant.file import examine_text
from app.plant.problem import Findings
from app.plant.writer import plant_text
from drivers.modbus.client import ModbusDriver
from tests.app.plant.class_sample import CLASS, CLASSED, HEAD, ONE, line_of

FEW = {"max_examples": 40, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def read(text: str) -> Plant:
    examination = examine_text(text, drivers=("modbus",), grammars={}, folder="/plant")
    assert examination.plant is not None, examination.problems
    return examination.plant


def problems_of(text: str) -> list[str]:
    found = examine_text(text, drivers=("modbus",), grammars={"modbus": ModbusDriver}, folder="/plant")
    return [problem.at("plant.toml") for problem in found.problems]


def only_problem(text: str) -> str:
    (problem,) = problems_of(text)
    return problem


def changed(old: str, new: str) -> str:
    assert CLASSED.count(old) == 1, old
    return CLASSED.replace(old, new)


def test_that_each_instance_has_the_tags_of_its_class_behind_those_of_the_file() -> None:
    own = '\n[[tag]]\nname = "T0"\nequipment = "PU02"\nconnection = "line"\naddress = "HR1"\n'
    plant = read(CLASSED + own)
    assert [tag.name for tag in plant.tags] == ["T0", "PU01.P", "PU01.RUN", "PU02.P", "PU02.RUN"]
    assert [tag.handle for tag in plant.tags] == [0, 1, 2, 3, 4]
    assert [plant.tag(name).address for name in ("PU01.P", "PU01.RUN", "PU02.RUN")] == [
        "HR100:F32",
        "HR102:U16",
        "HR202:U16",
    ]
    assert {tag.equipment for tag in plant.tags[1:3]} == {"PU01"}


def test_that_parameters_are_numbers_and_texts_of_both_languages() -> None:
    plant = read(CLASSED)
    assert plant.tag("PU01.P").title == LocalText("Pump 1 pressure", "一号泵压力")
    assert plant.tag("PU01.P").high == 16.0
    assert [(alarm.id, alarm.limit) for alarm in plant.alarms] == [("PU01.P.H", 14.4), ("PU02.P.H", 9.0)]
    assert plant.alarms[0].suppress_when == "PU01.RUN == 0"
    assert plant.alarms[0].sheet.response == LocalText("Open the valve of PU01")
    assert [each.id for each in plant.maintenance] == ["PU01.oil", "PU02.oil"]


def test_that_an_instance_is_of_the_kind_of_its_class_unless_it_says_another() -> None:
    plant = read(changed('name = "Pump 2"', 'name = "Pump 2"\nkind = "gear_pump"'))
    assert [each.kind for each in plant.equipment] == ["centrifugal_pump", "gear_pump"]
    assert read(CLASSED.replace('kind = "centrifugal_pump"\n', "")).equipment[0].kind == "pump"


def test_that_an_override_changes_its_keys_alone() -> None:
    plant = read(CLASSED)
    tag = plant.tag("PU02.P")
    assert (tag.unit, tag.high) == ("kPa", 10.0)
    assert (tag.cleaning.spike, tag.cleaning.stale_s) == (3.0, 5.0)
    assert plant.tag("PU01.P").unit == "bar"
    instance = plant.equipment[1].instance
    assert instance is not None
    assert instance.overrides == {"tag": {"PU02.P": {"unit": "kPa", "clean": {"spike": 3.0}}}}


def test_that_what_an_instance_omits_it_has_not() -> None:
    plant = read(changed("base = 100 }", 'base = 100 }\nomit = ["PU01.oil"]'))
    assert [each.id for each in plant.maintenance] == ["PU02.oil"]


def test_that_a_change_of_the_class_reaches_each_of_five_hundred_instances_but_those_that_override_it() -> None:
    many = "".join(
        f'\n[[equipment]]\nid = "X{number}"\nname = "X"\nclass = "pump"\n'
        f'parameters = {{ plc = "line", base = {number} }}\n'
        for number in range(500)
    )
    plant = read((CLASSED + many).replace('unit = "bar"', 'unit = "MPa"'))
    units = [tag.unit for tag in plant.tags if tag.name.endswith(".P")]
    assert (len(units), units.count("MPa"), units.count("kPa")) == (502, 501, 1)


def test_that_the_same_file_always_gives_the_same_document() -> None:
    first, second = (expand(tomllib.loads(CLASSED), Findings()).document for _ in range(2))
    assert repr(first) == repr(second)
    assert "equipment_class" not in first


FAULTS = [
    (
        'class = "pump"\nparameters = { plc = "line", base = 100 }',
        'class = "pmp"\nparameters = { plc = "line", base = 100 }',
        'class = "pmp"',
        'there is no equipment class "pmp": write "pump"',
    ),
    (
        "base = 100 }",
        "bse = 100, base = 1 }",
        "bse = 100",
        'class "pump" has no parameter `bse`: write `base`',
    ),
    (
        '{ plc = "line", base = 100 }',
        '{ plc = "line" }',
        '{ plc = "line" }',
        '`base` of class "pump" is not given: add parameters = { base = ... }, or a default in the class',
    ),
    (
        "HR{base + 2}:U16",
        "HR{bas + 2}:U16",
        "HR{bas + 2}",
        "`address`: there is no parameter `bas`: write {base}",
    ),
    (
        "HR{base + 2}:U16",
        "HR{base ** 2}:U16",
        "HR{base ** 2}",
        "`address`: `{base ** 2}` cannot be read: write names, numbers and + - * / // %",
    ),
    (
        'unit = "bar"',
        'unti = "bar"',
        "unti",
        "`unti` is not a key known here: write `unit`",
    ),
    (
        '[equipment.override.tag."PU02.P"]',
        '[equipment.override.tag."PU02.Q"]',
        "override.tag",
        'class "pump" gives PU02 no tag "PU02.Q": write "PU02.P"',
    ),
    (
        "base = 100 }",
        'base = 100 }\nomit = ["PU01.oli"]',
        "omit",
        'class "pump" gives PU01 no member "PU01.oli": write "PU01.oil"',
    ),
    (
        "defaults = { span = 16.0 }",
        "defaults = { spam = 16.0, span = 16.0 }",
        "spam",
        "`spam` is no parameter of this class: write `span`",
    ),
    (
        '{ plc = "line", base = 100 }',
        '{ plc = "lne", base = 100 }',
        '{ plc = "lne"',
        'there is no connection "lne": write "line"',
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), FAULTS, ids=[fault[3][:40] for fault in FAULTS])
def test_that_a_fault_is_told_where_it_is_mended_and_once(old: str, new: str, place: str, message: str) -> None:
    text = changed(old, new)
    found = problems_of(text)
    assert f"plant.toml:{line_of(text, place)}: {message}" in found, found
    assert len({problem.partition(" (as")[0] for problem in found}) == len(found)


def test_that_a_fault_of_a_class_is_told_at_its_line_with_an_instance_and_how_many_more() -> None:
    text = changed('address = "HR{base}:F32"', 'address = "HX{base}:F32"')
    problem = only_problem(text)
    assert problem.startswith(f"plant.toml:{line_of(text, 'HX{base}')}: ")
    assert problem.endswith(f"(as PU01 at line {line_of(text, ONE.strip()[:35])} has it and 1 more)")


def test_that_a_fault_of_an_override_is_told_at_the_override() -> None:
    text = changed('unit = "kPa"', "unit = 5")
    assert only_problem(text).startswith(f"plant.toml:{line_of(text, 'unit = 5')}: `unit` is 5, not a text in quotes")


def test_that_an_address_that_only_one_instance_has_wrong_is_told_at_its_parameter() -> None:
    text = changed("base = 200", "base = 70000")
    found = problems_of(text)
    assert found
    assert all(problem.startswith(f"plant.toml:{line_of(text, 'base = 70000')}: ") for problem in found)


def test_that_a_member_without_the_name_of_its_instance_is_told_with_both_lines() -> None:
    text = changed('name = "{id}.RUN"', 'name = "RUN"').replace("{id}.RUN == 0", "RUN == 0")
    line = line_of(text, 'name = "RUN"')
    assert only_problem(text).startswith(f'plant.toml:{line}: tag "RUN" stands already at line {line}:')


def test_that_a_class_given_twice_and_parameters_without_a_class_are_told() -> None:
    assert any('equipment class "pump" stands already at line' in each for each in problems_of(CLASSED + CLASS))
    text = HEAD + '[[equipment]]\nid = "A"\nname = "A"\nparameters = { base = 1 }\n'
    assert problems_of(text)[-1].endswith("`parameters` says nothing without a class: add class, or remove it")


def test_that_a_class_without_instances_is_checked_too() -> None:
    text = HEAD + CLASS.replace("unit =", "unti =")
    assert problems_of(text)[-1].endswith("`unti` is not a key known here: write `unit`")
    assert read(HEAD + CLASS).equipment_classes[0].parameters == ("plc", "base", "span")


@pytest.mark.parametrize("content", ["equipment_class = 5\n", "equipment_class = [5]\n", "equipment = [5]\n"])
def test_that_what_is_no_table_is_told_and_ends_nothing(content: str) -> None:
    assert problems_of(content + HEAD)


def test_that_classes_instances_and_overrides_read_back_as_they_were_written() -> None:
    plant = read(CLASSED)
    text = plant_text(plant)
    assert repr(read(text)) == repr(plant)
    assert '\n[[equipment_class.tag]]\nname = "{id}.P"\n' in text
    assert '\n[equipment.override.tag."PU02.P"]\nunit = "kPa"\n' in text
    assert "\n[equipment_class.alarm.sheet]\n" in text
    assert "[[tag]]" not in text


NAMES = st.text("ABCxyz019 _-", min_size=1, max_size=6).filter(lambda text: text == text.strip())
VALUES = st.integers(0, 999) | st.floats(0.5, 99.5).map(lambda value: round(value, 3))


@st.composite
def classed(draw: st.DrawFn) -> str:
    """Return a plant file of one class of some tags, with instances that give, override and omit at random."""
    tags = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    default = draw(VALUES)
    text = (
        HEAD + f'\n[[equipment_class]]\nid = "c"\nname = "C"\nparameters = ["a", "b"]\ndefaults = {{ b = {default} }}\n'
    )
    for place, tag in enumerate(tags):
        calculation = draw(st.sampled_from(["a", "a + 1", "(a + b) * 2", "a * 3 - 1", "a + b % 7"]))
        text += (
            f'\n[[equipment_class.tag]]\nname = "{{id}}.{tag}"\nconnection = "line"\naddress = "HR{{a}}.{place}"\n'
            f'title = {{ en = "{{name}} {tag}", zh = "{{name}}值" }}\nrange = [-1, "{{{calculation} + 1}}"]\n'
        )
    for number in range(draw(st.integers(1, 4))):
        given_b = f", b = {draw(VALUES)}" if draw(st.booleans()) else ""
        omit = draw(st.lists(st.sampled_from(tags), unique=True))
        listed = ", ".join(f'"E{number}.{tag}"' for tag in omit)
        text += (
            f'\n[[equipment]]\nid = "E{number}"\nname = {{ en = "e{number}", zh = "设备" }}\nclass = "c"\n'
            f"parameters = {{ a = {draw(st.integers(0, 99))}{given_b} }}\nomit = [{listed}]\n"
        )
        for tag in tags:
            if tag not in omit and draw(st.booleans()):
                text += (
                    f'\n[equipment.override.tag."E{number}.{tag}"]\nunit = "{draw(st.sampled_from(["bar", "Cel"]))}"\n'
                )
    return text


@settings(**FEW)  # type: ignore[arg-type]
@given(text=classed())
def test_that_any_plant_of_classes_reads_back_and_is_what_is_written_in_full_for_each_instance(text: str) -> None:
    plant = read(text)
    assert repr(read(plant_text(plant))) == repr(plant)
    alone = tuple(replace(each, instance=None) for each in plant.equipment)
    in_full = read(plant_text(replace(plant, equipment_classes=(), equipment=alone)))
    assert repr(in_full.tags) == repr(plant.tags)
