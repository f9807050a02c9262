"""What was drawn for one machine is had for the next one: with its tags, and with its pipes."""

from __future__ import annotations

import pytest

from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.text import LocalText
from app.picture.drawing import drawing_of
from app.picture.renaming import counted, hits, renamed, row_of, with_names

PUMP = Symbol("pump", (200, 200), (100, 100), "PU01", running="PU01.RUN", id="PU01", label=LocalText("PU01", "泵 PU01"))
TANK = Symbol("tank", (600, 200), (120, 200), "T1", id="T1")
PIPE = Pipe(((250, 200), (540, 200)), start="PU01.right", end="T1.left")
VALUE = Readout("PU01.P_D", (200, 100))
PICTURE = Picture("p", LocalText("P"), "area", (1000, 600), (PUMP, TANK), (PIPE,), (VALUE,))
DRAWING = drawing_of(PICTURE)


def test_that_all_names_of_a_machine_are_another_ones_and_its_pipes_stay_attached() -> None:
    assert hits([PUMP, PIPE, VALUE], "PU01") == 7
    made = with_names(DRAWING, {0, 3}, "PU01", "PU07").picture
    assert made.symbols[0] == Symbol(
        "pump", (200, 200), (100, 100), "PU07", running="PU07.RUN", id="PU07", label=LocalText("PU07", "泵 PU07")
    )
    assert (made.symbols[1], made.readouts[0].tag) == (TANK, "PU07.P_D")
    assert (made.pipes[0].start, made.pipes[0].end) == ("PU07.right", "T1.left")
    whole = with_names(DRAWING, {0, 1, 2, 3}, "PU01", "PU07").picture
    assert whole == made


def test_that_nothing_to_find_changes_nothing() -> None:
    assert with_names(DRAWING, {0, 1, 2, 3}, "", "x") is DRAWING
    assert hits([PUMP], "") == 0


def test_that_names_which_are_one_anothers_are_exchanged_at_once() -> None:
    assert renamed(Readout("A.B", (0, 0)), {"A": "B", "B": "A"}) == Readout("B.A", (0, 0))


@pytest.mark.parametrize(
    ("name", "steps", "next_one"),
    [("PU01", 1, "PU02"), ("PU09", 2, "PU11"), ("P1-A", 3, "P4-A"), ("2P99", 1, "2P100"), ("tower", 1, "tower")],
)
def test_that_the_last_number_of_a_name_counts_up(name: str, steps: int, next_one: str) -> None:
    assert counted(name, steps) == next_one


def test_that_a_row_is_of_the_next_machines_each_with_its_own_pipes() -> None:
    made = row_of(DRAWING, [PUMP, TANK, PIPE, VALUE], 2, (0.0, 150.0), counts_up=True)
    symbols = [each for each in made if isinstance(each, Symbol)]
    assert [each.equipment for each in symbols] == ["PU02", "T2", "PU03", "T3"]
    assert [each.at for each in symbols] == [(200, 350), (600, 350), (200, 500), (600, 500)]
    assert [each.start for each in made if isinstance(each, Pipe)] == ["PU02.right", "PU03.right"]
    assert [each.tag for each in made if isinstance(each, Readout)] == ["PU02.P_D", "PU03.P_D"]


def test_that_without_counting_all_are_of_the_same_machine() -> None:
    made = row_of(DRAWING, [PUMP], 2, (120.0, 0.0), counts_up=False)
    assert [(each.id, each.equipment) for each in made if isinstance(each, Symbol)] == [
        ("PU01-2", "PU01"),
        ("PU01-3", "PU01"),
    ]


def test_that_values_alone_count_up_by_what_stands_before_their_dot() -> None:
    made = row_of(DRAWING, [VALUE], 1, (0.0, 40.0), counts_up=True)
    assert made == (Readout("PU02.P_D", (200, 140)),)


def test_that_a_tag_with_the_number_of_its_equipment_counts_up_too_and_others_stay() -> None:
    pump = Symbol("pump", (200, 200), (100, 100), "P-11", running="XA-11", value="TT-3")
    made = row_of(DRAWING, [pump, Readout("PT-11-D", (200, 100))], 1, (0.0, 150.0), counts_up=True)
    assert isinstance(made[0], Symbol)
    assert (made[0].equipment, made[0].running, made[0].value) == ("P-12", "XA-12", "TT-3")
    assert isinstance(made[1], Readout)
    assert made[1].tag == "PT-12-D"
