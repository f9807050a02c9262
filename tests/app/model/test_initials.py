"""Names are found by the first letters of their words, and of the pinyin of their characters."""

from __future__ import annotations

import pytest

from app.model.initials import every_initials, initials

NAMES = {
    "Discharge temperature": "dt",
    "Drive-end bearing vibration": "debv",
    "AC01.T_D": "atd",
    "Temperature": "",
    "": "",
    "排气温度": "pqwd",
    "空压机 AC01": "kyjac01",
    "驱动端轴承振动": "qddzczd",
    "淬火油槽": "chyc",
    "循环冷却水": "xhlqs",
    "啊座": "az",  # the first character of the first letter, and one of the last
}


@pytest.mark.parametrize("name", NAMES)
def test_that_a_name_has_the_initials_that_a_hand_would_type(name: str) -> None:
    assert initials(name) == NAMES[name]


@pytest.mark.parametrize(("name", "typed"), [("阈值", "yz"), ("焓值", "hz"), ("烃烯", "tx"), ("亍鼢齄", "cfz")])
def test_that_characters_of_the_second_level_have_their_letters_too(name: str, typed: str) -> None:
    assert initials(name) == typed


def test_that_a_character_beyond_the_standard_stays_as_it_is() -> None:
    assert initials("镕值") == "镕z"


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("调节阀", ("djf", "tjf")),
        ("重量", ("zl", "cl")),
        ("排气温度", ("pqwd",)),
        ("调度重量", ("ddzl", "tdzl", "ddcl", "tdcl")),
        ("Discharge temperature", ("dt",)),
        ("Pump", ()),
        ("", ()),
    ],
)
def test_that_a_name_is_found_in_each_way_in_which_it_may_be_read(name: str, ways: tuple[str, ...]) -> None:
    assert every_initials(name) == ways


def test_that_a_name_of_many_readings_has_few_ways() -> None:
    ways = every_initials("调重长行传参降")
    assert len(ways) == 8
    assert ways[0] == "dzcxccj"
