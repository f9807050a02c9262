"""Rows change places in a draft, and their tables in the file: with their comments, with as little moved as can be."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plant.configuration_difference import Difference, configuration_changes
from app.plant.draft.draft import Draft, Step
from app.plant.draft.file import DraftFile
from app.plant.draft.rebase import carried
from app.plant.draft.row_order import NotMovable, moving_step
from app.plant.draft.sheet import Scope, SheetRow, addition_step, changes_step, sheet_of
from app.plant.toml.order_places import staying
from tests.app.plant.class_sample import CLASSED

MORE = """
# the level
[[tag]]
name = "T0"
equipment = "PU02"
connection = "line"
address = "HR1"

[[spare_part]]
id = "ring"
name = "Ring"

# two
# lines
[[tag]]
name = "T1" # behind it
equipment = "PU02"
connection = "line"
address = "HR2"

[tag.write]
range = [0, 1]

[[tag]]
name = "T2"
equipment = "PU02"
connection = "line"
address = "HR3"
"""
TEXT = CLASSED + MORE


@pytest.fixture
def draft() -> Draft:
    return Draft(TEXT)


def row(draft: Draft, name: str, kind: str = "tag", scope: Scope = Scope()) -> SheetRow:  # noqa: B008
    return next(each for each in sheet_of(draft, kind, scope).rows if each.name == name)


def move(draft: Draft, names: list[str], target: str, *, is_behind: bool = False, kind: str = "tag") -> None:
    rows = [row(draft, name, kind) for name in names]
    draft.do(moving_step(draft, "move", rows, row(draft, target, kind), is_behind=is_behind))


def order(draft: Draft) -> list[str]:
    found = [str(each["name"]) for each in tomllib.loads(draft.revised_text())["tag"]]
    assert found == [str(each.table["name"]) for each in draft.rows(("tag",))]
    return found


def test_that_a_table_moves_with_its_comments_and_what_is_below_it(draft: Draft) -> None:
    move(draft, ["T1"], "T0")
    assert order(draft) == ["T1", "T0", "T2"]
    text = draft.revised_text()
    block = '# two\n# lines\n[[tag]]\nname = "T1" # behind it\n'
    assert text.index(block) < text.index('# the level\n[[tag]]\nname = "T0"')
    assert text.index("[tag.write]") < text.index("# the level")
    assert sorted(text.split()) == sorted(TEXT.split())
    (told,) = configuration_changes(tomllib.loads(TEXT), draft.document())
    assert (told.what, told.subject.kind) == (Difference.MOVED, "tag")
    draft.undo()
    assert draft.revised_text() == TEXT


def test_that_rows_move_changed_together_and_among_new_ones(draft: Draft, tmp_path: Path) -> None:
    kept = DraftFile(tmp_path / "plant-draft.jsonl")
    kept.begin(draft)
    column = next(each for each in sheet_of(draft, "tag", Scope()).columns if each.name == "unit")
    new = {"name": "T9", "equipment": "PU01", "connection": "line", "address": "HR9"}
    steps: list[Callable[[], Step]] = [
        lambda: changes_step(draft, "set", [(row(draft, "T2"), column, "bar")]),
        lambda: addition_step(draft, "add", ("tag",), 0, [new]),
        lambda: moving_step(draft, "move", [row(draft, "T2"), row(draft, "T0")], row(draft, "T9"), is_behind=False),
    ]
    for step in steps:
        made = step()
        kept.note(draft, made)
        draft.do(made)
    assert order(draft) == ["T0", "T2", "T9", "T1"]
    assert order(kept.load()) == ["T0", "T2", "T9", "T1"]
    assert tomllib.loads(draft.revised_text())["tag"][1]["unit"] == "bar"


def test_that_connections_classes_and_their_members_move(draft: Draft) -> None:
    draft.do(addition_step(draft, "add", ("connection",), 1, [{"name": "mill", "driver": "modbus", "url": "x"}]))
    move(draft, ["mill"], "line", kind="connection")
    move(draft, ["PU02"], "PU01", kind="equipment")
    owner = Scope(owner=draft.rows(("equipment_class",))[0].id)
    members = [row(draft, name, "tag", owner) for name in ("{id}.RUN", "{id}.P")]
    draft.do(moving_step(draft, "move", members[:1], members[1], is_behind=False))
    draft.do(addition_step(draft, "add", ("equipment_class",), 0, [{"id": "fan", "name": "Fan"}]))
    move(draft, ["pump"], "fan", kind="equipment_class")
    found = tomllib.loads(draft.revised_text())
    assert list(found["connection"]) == ["mill", "line"]
    assert [each["id"] for each in found["equipment"]] == ["PU02", "PU01"]
    assert [each["id"] for each in found["equipment_class"]] == ["pump", "fan"]
    assert [each["name"] for each in found["equipment_class"][0]["tag"]] == ["{id}.RUN", "{id}.P"]


def test_that_what_a_class_makes_does_not_move(draft: Draft) -> None:
    for names, target in ((["PU01.P"], "T0"), (["T0"], "PU01.P")):
        with pytest.raises(NotMovable):
            move(draft, names, target)


def test_that_an_order_is_carried_onto_another_file(draft: Draft) -> None:
    move(draft, ["T2"], "T0")
    more = '\n[[tag]]\nname = "T8"\nequipment = "PU02"\nconnection = "line"\naddress = "HR8"\n'
    theirs = TEXT.replace('name = "T1"', 'name = "TX"') + more
    found = carried(draft, theirs, "carry")
    found.draft.do(found.step)
    assert order(found.draft) == ["T2", "TX", "T0", "T8"]


@given(st.permutations(range(8)))
def test_that_as_many_stay_as_can(numbers: list[int]) -> None:
    found = staying(numbers)
    kept = [number for number in numbers if number in found]
    assert kept == sorted(kept)
    longest = [1] * len(numbers)
    for at, number in enumerate(numbers):
        longest[at] = 1 + max((longest[each] for each in range(at) if numbers[each] < number), default=0)
    assert len(kept) == max(longest)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(6)), st.booleans())
def test_that_any_order_is_that_of_the_file_and_nothing_is_lost(numbers: list[int], is_ended: bool) -> None:  # noqa: FBT001
    text = "".join(f'# of {n}\n[[spare_part]]\nid = "p{n}"\nname = "P{n}" # {n}\n\n' for n in range(6))
    text = text if is_ended else text.rstrip("\n")
    draft = Draft(text)
    for place, number in enumerate(numbers):
        target = draft.rows(("spare_part",))[place].table["id"]
        if target != f"p{number}":
            rows = [row(draft, f"p{number}", "spare_part")]
            draft.do(moving_step(draft, "move", rows, row(draft, str(target), "spare_part"), is_behind=False))
    new = draft.revised_text()
    assert [each["id"] for each in tomllib.loads(new)["spare_part"]] == [f"p{number}" for number in numbers]
    assert sorted(line for line in new.splitlines() if line) == sorted(line for line in text.splitlines() if line)
    for number in numbers:
        assert f'# of {number}\n[[spare_part]]\nid = "p{number}"\n' in new
