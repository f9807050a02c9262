"""From the plant to one machine and back: the display levels of ISA-101, and faceplates that follow their class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.model.equipment import Equipment, EquipmentLevel
from app.model.picture import DisplayLevel, Picture, Readout, Symbol
from app.model.picture_levels import faceplate_of, main_pictures, picture_above, pictures_below
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText


def node(name: str, parent: str = "", kind: str = "") -> Equipment:
    return Equipment(name, LocalText(f"name of {name}"), EquipmentLevel.WORK_UNIT, parent, kind)


def tag(handle: int, name: str, equipment: str) -> TagDefinition:
    return TagDefinition(
        handle=handle, name=name, equipment=equipment, title=LocalText(name), connection="c", address="a"
    )


def picture(name: str, equipment: str, level: DisplayLevel, *shown: str, above: str = "") -> Picture:
    symbols = tuple(Symbol("pump", (0, 0), (1, 1), equipment=each) for each in shown)
    return Picture(name, LocalText(name), equipment, (100, 100), symbols, level=level, above=above)


FACEPLATE = Picture(
    "pump-face",
    LocalText("Pump"),
    "",
    (100, 100),
    (Symbol("pump", (5, 5), (9, 9), "{id}", running="{id}.RUN", value="{id}.P", label=LocalText("pump {id}")),),
    readouts=(Readout("{id}.T", (1, 1)), Readout("{id}.P", (2, 2)), Readout("SITE.T", (3, 3))),
    sparklines=("{id}.T", "{id}.P"),
    level=DisplayLevel.DETAIL,
    equipment_class="pump",
)


@pytest.fixture
def plant() -> Plant:
    names = ("P1.RUN", "P1.T", "P1.P", "P2.RUN", "P2.T", "SITE.T")
    return Plant(
        "x",
        LocalText("x"),
        (node("site"), node("water", "site"), node("P1", "water", "pump"), node("P2", "water", "pump"), node("oil")),
        (),
        tuple(tag(number, name, name.partition(".")[0]) for number, name in enumerate(names)),
        pictures=(
            picture("all", "site", DisplayLevel.OVERVIEW),
            picture("water", "water", DisplayLevel.UNIT, "P1", "P2"),
            picture("P1", "P1", DisplayLevel.DETAIL, "P1"),
            picture("P1 seals", "P1", DisplayLevel.DIAGNOSTIC),
            picture("oil", "oil", DisplayLevel.UNIT),
        ),
        faceplates=(FACEPLATE,),
    )


def test_that_each_picture_leads_up_to_the_nearest_level_around_it(plant: Plant) -> None:
    above = {each.id: found.id if (found := picture_above(plant, each)) else "" for each in plant.pictures}
    assert above == {"all": "", "water": "all", "P1": "water", "P1 seals": "P1", "oil": "all"}


def test_that_a_picture_may_name_what_is_above_it(plant: Plant) -> None:
    named = replace(plant.pictures[4], above="water")
    assert picture_above(plant, named) is plant.pictures[1]


def test_that_one_goes_down_to_own_pictures_and_else_to_faceplates(plant: Plant) -> None:
    def below(number: int) -> list[str]:
        return [each.id for each in pictures_below(plant, plant.pictures[number])]

    assert below(0) == ["water", "oil"]
    assert below(1) == ["P1", "pump-face/P2"]
    assert below(2) == ["P1 seals"]
    assert below(3) == []


def test_that_the_way_down_and_up_again_ends_where_it_began(plant: Plant) -> None:
    for each in plant.pictures:
        for lower in pictures_below(plant, each):
            assert picture_above(plant, lower) == each


def test_that_only_the_upper_levels_are_chosen_from(plant: Plant) -> None:
    assert [each.id for each in main_pictures(plant)] == ["all", "water", "oil"]
    detail = replace(plant, pictures=plant.pictures[2:3])
    assert main_pictures(detail) == detail.pictures


def test_that_a_faceplate_is_made_for_each_equipment_of_its_class(plant: Plant) -> None:
    made = faceplate_of(plant, "P1")
    assert made is not None
    (symbol,) = made.symbols
    assert (symbol.equipment, symbol.running, symbol.value, symbol.label.en) == ("P1", "P1.RUN", "P1.P", "pump P1")
    assert [each.tag for each in made.readouts] == ["P1.T", "P1.P", "SITE.T"]
    assert (made.title.en, made.equipment, made.level) == ("name of P1", "P1", DisplayLevel.DETAIL)
    assert faceplate_of(plant, "water") is None


def test_that_a_faceplate_leaves_out_what_an_equipment_has_not(plant: Plant) -> None:
    made = faceplate_of(plant, "P2")
    assert made is not None
    assert made.symbols[0].value == ""
    assert [each.tag for each in made.readouts] == ["P2.T", "SITE.T"]
    assert made.sparklines == ("P2.T",)


def test_that_all_faceplates_follow_a_change_of_the_class(plant: Plant) -> None:
    changed = replace(FACEPLATE, symbols=(replace(FACEPLATE.symbols[0], kind="fan"),))
    plant = replace(plant, faceplates=(changed,))
    made = [faceplate_of(plant, name) for name in ("P1", "P2")]
    assert [each.symbols[0].kind for each in made if each] == ["fan", "fan"]
