"""The linter of process pictures: each rule finds what it is for, names the element, and is silent otherwise."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.equipment import Equipment, EquipmentLevel
from app.model.picture import DisplayLevel, Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.picture.finding import MESSAGES
from app.picture.lint import lint
from app.picture.palette import chroma, contrast, distance, palettes
from app.plant.demo import demo_plant


def tag(
    handle: int, name: str, *, kind: TagKind = TagKind.ANALOG, low: float = 0.0, high: float = 100.0
) -> TagDefinition:
    return TagDefinition(
        handle=handle,
        name=name,
        equipment=name.partition(".")[0],
        title=LocalText(name),
        connection="c",
        address="a",
        unit="bar",
        kind=kind,
        low=low,
        high=high,
    )


PLANT = Plant(
    "x",
    LocalText("x"),
    tuple(
        Equipment(name, LocalText(name), EquipmentLevel.WORK_UNIT, parent, kind)
        for name, parent, kind in (("area", "", ""), ("P1", "area", "pump"), ("P2", "area", "pump"), ("T1", "area", ""))
    ),
    (),
    (
        tag(0, "P1.RUN", kind=TagKind.DISCRETE),
        tag(1, "P1.P"),
        tag(2, "T1.L"),
        tag(3, "T1.OPEN", low=float("-inf")),
        tag(4, "P2.P"),
    ),
)
PUMP = Symbol("pump", (200, 200), (100, 100), "P1", running="P1.RUN", value="P1.P", id="P1")
TANK = Symbol("tank", (600, 200), (120, 200), "T1", level="T1.L", id="T1")
GOOD = Picture(
    "good",
    LocalText("Good"),
    "area",
    (1000, 600),
    (PUMP, TANK),
    (
        Pipe(((250, 200), (540, 200)), LocalText("water"), start="P1.right", end="T1.left"),
        Pipe(((660, 200), (980, 200)), LocalText("water"), arrow=True, start="T1.right", color="#6F7D8B"),
    ),
    (Readout("P2.P", (400, 400)),),
)


def found(picture: Picture, plant: Plant = PLANT) -> dict[str, str]:
    return {finding.rule: finding.text for finding in lint(picture, plant)}


def with_symbol(**changes: object) -> Picture:
    return replace(GOOD, symbols=(replace(PUMP, **changes), TANK))  # type: ignore[arg-type]


def with_pipe(**changes: object) -> Picture:
    return replace(GOOD, pipes=(GOOD.pipes[0], replace(GOOD.pipes[1], **changes)))  # type: ignore[arg-type]


def more(*readouts: Readout, **changes: object) -> Picture:
    return replace(GOOD, readouts=(*GOOD.readouts, *readouts), **changes)  # type: ignore[arg-type]


def test_that_a_good_picture_has_no_finding() -> None:
    assert found(GOOD) == {}


@pytest.mark.parametrize(
    ("rule", "picture", "told"),
    [
        ("contrast", with_pipe(color="#30363E"), "pipe 2: its colour #30363E stands out from the dark ground by 1.4"),
        ("contrast", with_pipe(color="#C0C6CD"), "from the light ground by 1.4"),
        ("saturated", with_pipe(color="#2060E0"), "as strong as that of an alarm"),
        ("saturated", with_pipe(color="#FF4B4B"), "as strong as that of an alarm"),
        ("color-alone", with_pipe(medium=LocalText("")), "pipe 2: only its colour says what flows: add `medium`"),
        ("unnamed-state", with_symbol(equipment="", label=LocalText("")), "pump P1: it shows whether something runs"),
        ("hidden-state", with_symbol(kind="text"), "a text cannot show whether something runs"),
        ("not-discrete", with_symbol(running="P2.P"), "P2.P is analog and cannot say whether it runs"),
        ("holds-nothing", with_symbol(level="T1.L"), "a pump shows no level"),
        ("no-range", replace(GOOD, symbols=(PUMP, replace(TANK, level="T1.OPEN"))), "T1.OPEN has no range that ends"),
        ("labels-vanish", replace(GOOD, size=(3000.0, 600.0)), "at most 2273 x 887"),
        ("overlap", with_symbol(at=(580.0, 200.0)), "pump P1: it covers tank T1 in part"),
        ("overlap", more(Readout("P1.P", (600, 220))), "tank T1: it covers value P1.P in part"),
        ("crossed", more(Readout("P1.P", (400, 200))), "value P1.P: pipe 1 runs through it"),
        (
            "crossed",
            replace(GOOD, pipes=(*GOOD.pipes, Pipe(((20, 150), (980, 150)), LocalText("air")))),
            "tank T1: pipe 3 runs through it",
        ),
        ("outside", with_symbol(at=(20.0, 200.0)), "pump P1: it is cut off at the edge"),
        ("dangling", with_pipe(points=((660, 200), (800, 200))), "pipe 2: its end at [800, 200] leads to nothing"),
        ("dangling", with_pipe(points=((700, 200), (980, 200)), start=""), "pipe 2: its start at [700, 200] leads"),
        ("aslant", with_pipe(points=((660, 200), (980, 300))), "aslant between [660, 200] and [980, 300]"),
        ("no-length", with_pipe(points=((660, 200), (660, 200))), "pipe 2: it has no length"),
        ("unknown-tag", with_symbol(value="P9.P"), "pump P1: there is no tag P9.P"),
        ("unknown-tag", more(Readout("", (700, 500))), "there is no tag ?"),
        ("unknown-tag", replace(GOOD, sparklines=("NO",)), "there is no tag NO"),
        ("unknown-equipment", with_symbol(equipment="P9"), "pump P9: there is no equipment P9"),
        ("unknown-class", replace(GOOD, equipment="", equipment_class="fan"), "no equipment is of the class fan"),
        ("unknown-kind", with_symbol(kind="pmup"), "there is no drawing of a pmup"),
        ("unknown-part", with_symbol(kind="part", part="no-set"), "no picture of a class is called no-set"),
        ("turned", replace(GOOD, symbols=(PUMP, replace(TANK, turn=90))), "tank T1: a tank stands upright"),
        ("twice", more(Readout("P1.P", (400, 500))), "value P1.P: P1.P stands in this picture already, as pump P1"),
        (
            "too-many-values",
            more(*(Readout("P2.P", (x * 80.0, 300.0 + y)) for x in range(10) for y in range(8))),
            "84 live values are more than the 80",
        ),
        (
            "too-many-elements",
            replace(
                GOOD,
                symbols=(
                    PUMP,
                    TANK,
                    *(Symbol("filter", (9 + 12 * x, 350 + 25 * y), (4, 4)) for x in range(40) for y in range(8)),
                ),
            ),
            "325 elements are more than the 320 that a picture of the level unit bears",
        ),
        ("no-way", replace(GOOD, level=DisplayLevel.DETAIL), "no picture leads to it"),
    ],
)
def test_that_each_rule_finds_what_it_is_for(rule: str, picture: Picture, told: str) -> None:
    texts = [finding.text for finding in lint(picture, PLANT) if finding.rule == rule]
    assert any(told in text for text in texts), texts or found(picture)


def test_that_what_is_grey_enough_differs_from_every_alarm() -> None:
    steps = range(0, 256, 15)
    muted = [each for r in steps for g in steps for b in steps if chroma(each := f"#{r:02X}{g:02X}{b:02X}") <= 35]
    alarms = [palette.colors[f"priority_{number}"] for palette in palettes() for number in (1, 2, 3, 4)]
    assert len(muted) > 500
    assert min(distance(color, alarm) for color in muted for alarm in alarms) > 28
    assert min(chroma(alarm) for alarm in alarms) > 55


def test_that_equipment_with_alarms_in_no_picture_is_told_once() -> None:
    alarm = AlarmDefinition("P2.P.H", "P2.P", ConditionKind.HIGH, 9.0, Priority.HIGH, LocalText("high"))
    plant = replace(PLANT, alarms=(alarm,), pictures=(GOOD,))
    assert "unseen-alarms" not in found(GOOD, plant)
    bare = replace(GOOD, readouts=())
    assert found(bare, plant)["unseen-alarms"].startswith("P2 has alarms and is in no picture")
    other = replace(GOOD, id="other", symbols=(), pipes=())
    assert "unseen-alarms" not in found(bare, replace(plant, pictures=(GOOD, other)))


def test_that_a_detail_below_a_unit_is_reached() -> None:
    detail = replace(GOOD, id="detail", level=DisplayLevel.DETAIL, equipment="P1")
    assert "no-way" not in found(detail, replace(PLANT, pictures=(GOOD, detail)))


def test_that_names_of_a_faceplate_mean_each_of_its_class() -> None:
    symbol = replace(PUMP, equipment="{id}", running="{id}.RUN", value="{id}.P", label=LocalText("{id}"))
    face = replace(GOOD, equipment="", equipment_class="pump", symbols=(symbol, TANK), level=DisplayLevel.DETAIL)
    assert found(replace(face, readouts=())) == {}
    assert found(replace(face, readouts=(Readout("{id}.X", (400, 400)),))).keys() == {"unknown-tag"}


def test_that_two_thousand_elements_are_looked_through_by_far_fewer_comparisons() -> None:
    symbols = tuple(Symbol("valve", (x * 40.0 + 30, y * 60.0 + 30), (20, 20)) for x in range(50) for y in range(40))
    assert set(found(replace(GOOD, symbols=symbols, pipes=(), readouts=(), size=(2100.0, 2500.0)))) == {
        "labels-vanish",
        "too-many-elements",
    }


def test_that_every_message_has_a_remedy_and_plain_fields() -> None:
    for rule, message in MESSAGES.items():
        assert re.search(r": [a-z]", message), rule
        fields = {name for _, name, _, _ in string.Formatter().parse(message) if name}
        assert all(name.isidentifier() for name in fields)


def test_that_the_pictures_of_the_demo_plant_have_no_finding() -> None:
    plant = demo_plant()
    for picture in (*plant.pictures, *plant.faceplates):
        assert [finding.text for finding in lint(picture, plant)] == [], picture.id


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#FFFFFF", "#000000", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1.0)]
)
def test_that_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_that_distance_and_chroma_are_those_of_cie_lab() -> None:
    assert chroma("#808080") == pytest.approx(0, abs=0.02)
    assert distance("#FF0000", "#000000") == pytest.approx(117.3, abs=0.3)  # L* 53.2, C*ab 104.6
    assert chroma("#FF0000") == pytest.approx(104.6, abs=0.2)


def test_that_a_part_is_looked_through_as_what_it_draws() -> None:
    values = tuple(Readout("{id}.P", (20.0 + 40 * at, 90.0)) for at in range(3))
    pump = Symbol("pump", (50.0, 50.0), (40.0, 40.0), "{id}")
    template = Picture("set", LocalText("Set"), "", (200.0, 100.0), (pump,), (), values, equipment_class="pump")
    plant = replace(PLANT, faceplates=(template,))
    part = Symbol("part", (300.0, 300.0), (400.0, 200.0), "P1", part="set")
    picture = replace(GOOD, symbols=(part,), pipes=(), readouts=(Readout("P2.P", (200.0, 300.0)),))
    told = lint(picture, plant)
    assert [(each.rule, each.place, each.values) for each in told if each.rule == "overlap"] == [
        ("overlap", ("readout", 0), {"other": "pump P1"})
    ]
    assert not [each for each in told if each.rule == "unseen-alarms"]
    many = replace(template, readouts=values * 30)
    counted = [each for each in lint(picture, replace(PLANT, faceplates=(many,))) if each.rule == "too-many-values"]
    assert [each.values["count"] for each in counted] == [91]
