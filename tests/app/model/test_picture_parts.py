"""A part of a picture is the picture of a class, drawn for one equipment: it follows whatever becomes of that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.model.equipment import Equipment, EquipmentLevel
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.picture_levels import faceplate_of
from app.model.picture_parts import PART, with_parts
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText

TEMPLATE = Picture(
    "pump-set",
    LocalText("Pump set"),
    "",
    (200.0, 100.0),
    symbols=(Symbol("pump", (50.0, 50.0), (40.0, 40.0), "{id}", value="{id}.P", label=LocalText("{name}")),),
    pipes=(Pipe(((0.0, 50.0), (30.0, 50.0))),),
    readouts=(Readout("{id}.P", (150.0, 50.0)), Readout("{id}.T", (150.0, 80.0))),
    equipment_class="pump",
    is_part=True,
)


def plant(pumps: int) -> Plant:
    names = [f"PU{number:03}" for number in range(pumps)]
    return Plant(
        "x",
        LocalText("x"),
        tuple(Equipment(name, LocalText(f"Pump {name}"), EquipmentLevel.WORK_UNIT, "", "pump") for name in names),
        (),
        tuple(
            TagDefinition(handle, f"{name}.P", name, LocalText("pressure"), "c", "a")
            for handle, name in enumerate(names)
        ),
        faceplates=(TEMPLATE,),
    )


def part(equipment: str, at: tuple[float, float], size: tuple[float, float] = (400.0, 200.0)) -> Symbol:
    return Symbol(PART, at, size, equipment, part="pump-set", layer="pumps")


def picture(*symbols: Symbol) -> Picture:
    return Picture("hall", LocalText("Hall"), "PU000", (1_000.0, 600.0), symbols=symbols)


def test_that_a_part_is_drawn_in_its_place_with_its_proportions_and_the_tags_that_are_there() -> None:
    shown = with_parts(picture(part("PU001", (300.0, 200.0), (400.0, 300.0))), plant(2))
    assert shown.symbols == (
        Symbol(
            "pump",
            (200.0, 200.0),
            (80.0, 80.0),
            "PU001",
            value="PU001.P",
            label=LocalText("Pump PU001"),
            layer="pumps",
        ),
    )
    assert shown.pipes == (Pipe(((100.0, 200.0), (160.0, 200.0)), layer="pumps"),)
    assert shown.readouts == (Readout("PU001.P", (400.0, 200.0), layer="pumps"),)


def test_that_parts_keep_the_order_of_what_lies_upon_another() -> None:
    below, above = Symbol("tank", (10.0, 10.0), (5.0, 5.0)), Symbol("valve", (20.0, 10.0), (5.0, 5.0))
    shown = with_parts(picture(below, part("PU000", (300.0, 200.0)), above), plant(1))
    assert [each.kind for each in shown.symbols] == ["tank", "pump", "valve"]


@pytest.mark.parametrize("missing", [{"part": "no-set"}, {"equipment": "PU9"}])
def test_that_a_part_that_cannot_be_made_stays_to_be_seen(missing: dict[str, str]) -> None:
    left = replace(part("PU000", (300.0, 200.0)), **missing)  # type: ignore[arg-type] # all of them are texts
    assert with_parts(picture(left), plant(1)).symbols == (left,)


def test_that_the_equipment_of_a_part_can_be_reached_though_no_symbol_of_it_stands_for_it() -> None:
    template = replace(TEMPLATE, symbols=(Symbol("filter", (50.0, 50.0), (40.0, 40.0)),))
    owner = replace(plant(1), faceplates=(template,))
    ground, strainer = with_parts(picture(part("PU000", (300.0, 200.0))), owner).symbols
    assert (ground.equipment, ground.at, ground.size) == ("PU000", (300.0, 200.0), (400.0, 200.0))
    assert strainer.kind == "filter"


def test_that_a_part_is_no_faceplate_and_a_picture_without_parts_stays_the_same() -> None:
    assert faceplate_of(plant(1), "PU000") is None
    plain = picture(Symbol("tank", (10.0, 10.0), (5.0, 5.0)))
    assert with_parts(plain, plant(1)) is plain


def test_that_five_hundred_parts_follow_when_the_picture_of_their_class_changes() -> None:
    owner = plant(500)
    hall = picture(*(part(each.id, (10.0, 10.0)) for each in owner.equipment))
    assert len(with_parts(hall, owner).readouts) == 500
    changed = replace(TEMPLATE, symbols=(*TEMPLATE.symbols, Symbol("valve", (90.0, 50.0), (20.0, 20.0))), readouts=())
    shown = with_parts(hall, replace(owner, faceplates=(changed,)))
    assert sum(each.kind == "valve" for each in shown.symbols) == 500
    assert shown.readouts == ()
