"""What was called otherwise once is found by either name, and told apart from what has that name now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.model.equipment import Equipment
from app.model.former_name import FormerNames, Meant
from app.model.plant import Plant
from app.model.text import LocalText
from tests.app.alarm.plants import tags_of
from tests.app.collector.bench import small_plant


@pytest.fixture
def plant() -> Plant:
    """Return a plant in which PU01 is PX07 now, and T0 was named T-101 by way of T-100; T9 is another tag again."""
    first, second, third = tags_of(3)
    tags = (
        replace(first, name="T-101", former=("T0", "T-100")),
        replace(second, name="PX07.P", former=("PU01.P", "T9")),
        replace(third, name="T9"),
    )
    equipment = (Equipment("PX07", LocalText("Pump"), former=("PU01",)),)
    return replace(small_plant(1), tags=tags, equipment=equipment)


def test_that_a_former_name_tells_the_present_one_unless_something_else_has_it_now(plant: Plant) -> None:
    names = FormerNames(plant)
    assert [names.present(name) for name in ("T0", "T-100", "PU01", "T9", "T-101")] == [
        "T-101",
        "T-101",
        "PX07",
        "",
        "",
    ]
    assert [names.every(name) for name in ("PU01", "PX07", "T9")] == [("PX07", "PU01"), ("PX07", "PU01"), ("T9",)]
    assert names.with_former({"PX07", "E1"}) == {"PX07", "PU01", "E1"}


@pytest.mark.parametrize(
    ("text", "names", "texts"),
    [
        ("t-101", {"T0", "T-100"}, set()),
        ("T0", {"T-101"}, set()),
        ("PX07.P.H", set(), {"pu01.p.h"}),
        ("px0", {"PU01", "PU01.P"}, set()),
        ("high", set(), set()),
        ("T", set(), set()),
        ("", set(), set()),
    ],
)
def test_that_a_text_means_the_other_names_of_what_it_names(
    plant: Plant, text: str, names: set[str], texts: set[str]
) -> None:
    assert FormerNames(plant).meant(text) == Meant(frozenset(names), tuple(sorted(texts)))


def test_that_only_whole_names_and_texts_are_meant(plant: Plant) -> None:
    names = FormerNames(plant)
    assert names.meant("T-101").is_in(["a", "T0"])
    assert not names.meant("T-101").is_in(["T01", "xT0"])
    assert names.meant("PX07.P.H").is_in(["PU01.P.HH"])
