"""What is otherwise in another plant file, told in the words of the plant."""

from __future__ import annotations

import tomllib

import pytest

from app.plant.configuration_difference import configuration_changes, effects
from app.plant.configuration_text import changes_text, effects_text
from tests.app.plant.class_sample import CLASSED, ONE
from tests.app.plant.sample import SAMPLE


def told(before: str, after: str) -> list[str]:
    return list(changes_text(configuration_changes(tomllib.loads(before), tomllib.loads(after))))


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


TAG = '\n[[tag]]\nname = "T1"\nequipment = "PU01"\nconnection = "line"\naddress = "HR1"\nrange = [0, 10]\n'


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("range = [0, 10]", "range = [0, 16]", "~ tag T1  range: 0..10 -> 0..16"),
        ("range = [0, 10]", "", "~ tag T1  range: 0..10 -> (nothing)"),
        ('"HR1"', '"HR1"\ndecimals = 3', "~ tag T1  decimals: (1) -> 3"),
        ('"HR1"', '"HR1"\nclean = { spike = 2.5 }', "~ tag T1  clean.spike: (nothing) -> 2.5"),
        ('name = "T1"', 'name = "T2"', "~ tag T2  was T1"),
        (TAG, "", "- tag T1"),
        ('id = "PU01"', 'id = "PU1"', "~ equipment PU1  was PU01"),
        ("base = 100", "base = 300", "~ equipment PU01  parameters.base: 100 -> 300"),
        ('unit = "bar"', 'unit = "kPa"', "~ class pump: tag {id}.P  unit: bar -> kPa"),
        ('unit = "kPa"', 'unit = "Pa"', "~ equipment PU02  override.tag.PU02.P.unit: kPa -> Pa"),
        ("127.0.0.1", "10.0.0.1", "~ connection line  url: modbus://127.0.0.1:502 -> modbus://10.0.0.1:502"),
        ('name = "Pumps"', 'name = "Pumps"\nread_only = false', "~ plant  read_only: (true) -> false"),
    ],
)
def test_that_a_change_is_told_in_the_words_of_the_plant(old: str, new: str, line: str) -> None:
    before = CLASSED + TAG
    after = changed(before, old, new) if old != TAG else CLASSED
    assert line in told(before, after)


@pytest.mark.parametrize("text", [SAMPLE, CLASSED])
def test_that_a_file_does_not_differ_from_itself_with_other_comments_and_numbers(text: str) -> None:
    other = "# a comment\n" + text.replace("range = [0, ", "range = [0.0, ").replace("base = 100", "base = 100.0")
    assert told(text, other) == []
    assert told(CLASSED + TAG, CLASSED + TAG + "decimals = 1\n") == []


def test_that_true_is_not_one() -> None:
    assert told("[plant]\nread_only = true\n", "[plant]\nread_only = 1\n") == ["~ plant  read_only: true -> 1"]


def test_that_another_order_is_told_as_such() -> None:
    without = CLASSED.replace(ONE, "")
    assert told(CLASSED, without + ONE) == ["~ equipment  stand in another order"]


def test_that_tags_of_one_name_are_told_apart() -> None:
    twice = TAG + TAG.replace("[0, 10]", "[0, 12]")
    assert told(twice, twice.replace("[0, 12]", "[0, 13]")) == ["~ tag T1 (2)  range: 0..12 -> 0..13"]


def test_that_the_effect_of_a_class_is_counted_in_its_instances() -> None:
    after = CLASSED.replace('unit = "bar"', 'unit = "MPa"') + TAG
    found = effects(tomllib.loads(CLASSED), tomllib.loads(after))
    assert effects_text(found) == "tags 1 more, 1 changed"
    assert effects(tomllib.loads(CLASSED), tomllib.loads(CLASSED)) == []
