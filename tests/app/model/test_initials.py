"""Names are found by the first letters of their words, and of the pinyin of their characters."""

from __future__ import annotations

import pytest

from app.model.initials import initials

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


def test_that_a_character_beyond_the_frequent_ones_stays_as_it_is() -> None:
    assert initials("焓值") == "焓z"
