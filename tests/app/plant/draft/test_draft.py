"""A draft of a plant file: its steps, and the text that becomes of it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plant.draft.draft import Draft, Edit, Step
from app.plant.tag_list.revision import CannotRevise
from tests.app.plant.class_sample import CLASSED
from tests.app.plant.sample import SAMPLE

TAGS = "".join(
    f'\n# tag {name}\n[[tag]]\nname = "{name}" # kept\nequipment = "PU01"\nconnection = "line"\naddress = "HR{place}"\n'
    for place, name in enumerate(("A", "B", "C"))
)
TEXT = CLASSED + TAGS


def step(*edits: Edit) -> Step:
    return Step("step", edits)


def set_key(draft: Draft, array: tuple[Any, ...], at: int, key: str, value: object) -> None:
    table = dict(draft.rows(array)[at].table)
    if value is None:
        table.pop(key)
    else:
        table[key] = value
    draft.do(step(draft.setting(array, at, table)))


def test_that_a_draft_without_steps_is_the_file_byte_by_byte() -> None:
    for text in (TEXT, SAMPLE, TEXT.replace("\n", "\r\n")):
        draft = Draft(text)
        assert not draft.is_changed
        assert draft.revised_text() == text


def test_that_a_changed_key_is_changed_where_it_stands_and_comments_stay() -> None:
    draft = Draft(TEXT)
    set_key(draft, ("tag",), 1, "name", "B2")
    set_key(draft, ("tag",), 1, "range", [0, 16])
    assert draft.is_changed
    assert draft.revised_text() == TEXT.replace('"B" # kept', '"B2" # kept').replace(
        'address = "HR1"\n', 'address = "HR1"\nrange = [0, 16]\n'
    )


def test_that_steps_are_taken_back_and_done_again() -> None:
    draft = Draft(TEXT)
    set_key(draft, ("tag",), 0, "unit", "bar")
    draft.do(step(Edit(("tag",), 1, draft.rows(("tag",))[1], None)))
    assert [row.table["name"] for row in draft.rows(("tag",))] == ["A", "C"]
    draft.undo()
    draft.undo()
    assert not draft.is_changed
    assert draft.revised_text() == TEXT
    assert draft.undo() is None
    assert draft.redo() is not None
    assert draft.redo() is not None
    assert draft.redo() is None
    assert [row.table["name"] for row in draft.rows(("tag",))] == ["A", "C"]
    draft.undo()
    set_key(draft, ("tag",), 2, "unit", "bar")
    assert draft.redoable == ""


def test_that_rows_go_and_come_at_their_place() -> None:
    draft = Draft(TEXT)
    tags = draft.rows(("tag",))
    new = [draft.new_row({"name": name, "equipment": "PU02", "connection": "line", "address": "HR9"}) for name in "XYZ"]
    draft.do(step(Edit(("tag",), 1, tags[1], None)))
    draft.do(step(Edit(("tag",), 1, None, new[0])))
    draft.do(step(Edit(("tag",), 0, None, new[1]), Edit(("tag",), 4, None, new[2])))
    names = [tag["name"] for tag in tomllib.loads(draft.revised_text())["tag"]]
    assert names == ["Y", "A", "X", "C", "Z"]


def test_that_all_rows_of_a_kind_may_go() -> None:
    draft = Draft(TEXT)
    for _ in range(3):
        draft.do(step(Edit(("tag",), 0, draft.rows(("tag",))[0], None)))
    assert "tag" not in tomllib.loads(draft.revised_text())


def test_that_an_override_is_set_where_it_stands_added_below_its_equipment_and_taken_away() -> None:
    draft = Draft(TEXT)
    set_key(draft, ("equipment",), 1, "override", {"tag": {"PU02.P": {"unit": "Pa", "clean": {"spike": 3.0}}}})
    assert draft.revised_text() == TEXT.replace('unit = "kPa"', 'unit = "Pa"')
    set_key(draft, ("equipment",), 0, "override", {"alarm": {"PU01.P.H": {"limit": 12.5}}})
    text = draft.revised_text()
    assert '\n\n[equipment.override.alarm."PU01.P.H"]\nlimit = 12.5\n' in text
    set_key(draft, ("equipment",), 0, "override", None)
    set_key(draft, ("equipment",), 1, "override", None)
    assert "override" not in draft.revised_text()


def test_that_members_of_a_class_change_come_and_go_within_their_class() -> None:
    draft = Draft(TEXT)
    (row,) = draft.rows(("equipment_class",))
    array = ("equipment_class", row.id, "tag")
    set_key(draft, array, 0, "unit", "MPa")
    draft.do(step(Edit(array, 2, None, draft.new_row({"name": "{id}.T", "connection": "{plc}", "address": "HR1"}))))
    document = tomllib.loads(draft.revised_text())
    assert [tag["name"] for tag in document["equipment_class"][0]["tag"]] == ["{id}.P", "{id}.RUN", "{id}.T"]
    assert document["equipment_class"][0]["tag"][0]["unit"] == "MPa"
    assert document["equipment_class"][0]["alarm"][0]["sheet"]
    draft.do(step(Edit(array, 1, draft.rows(array)[1], None)))
    assert len(tomllib.loads(draft.revised_text())["equipment_class"][0]["tag"]) == 2


def test_that_a_new_class_is_written_with_headers_for_its_members() -> None:
    draft = Draft(TEXT)
    table = {"id": "fan", "name": "Fan", "tag": [{"name": "{id}.N", "connection": "line", "address": "HR1"}]}
    draft.do(step(Edit(("equipment_class",), 1, None, draft.new_row(table))))
    assert '\n[[equipment_class]]\nid = "fan"\nname = "Fan"\n\n[[equipment_class.tag]]\nname = "{id}.N"' in (
        draft.revised_text()
    )


def test_that_a_file_laid_out_as_one_array_is_refused_with_the_remedy() -> None:
    draft = Draft('tag = [{ name = "A", address = "HR1" }]\n')
    set_key(draft, ("tag",), 0, "unit", "bar")
    with pytest.raises(CannotRevise, match="write each below a header first"):
        draft.revised_text()
    with pytest.raises(CannotRevise, match="no TOML"):
        Draft("tag = [")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_that_whatever_is_done_the_text_says_it_and_taking_all_back_gives_the_file(data: st.DataObject) -> None:
    draft = Draft(TEXT)
    (row,) = draft.rows(("equipment_class",))
    arrays = [("tag",), ("equipment",), ("equipment_class", row.id, "tag"), ("equipment_class", row.id, "alarm")]
    texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5)
    values = texts | st.integers(-9, 9) | st.lists(st.floats(0, 9), min_size=2, max_size=2) | st.none()
    for _ in range(data.draw(st.integers(1, 6))):
        array = data.draw(st.sampled_from(arrays))
        rows = draft.rows(array)
        deed = data.draw(st.sampled_from(["set", "new", "remove"]))
        at = data.draw(st.integers(0, max(0, len(rows) - 1)))
        if deed == "new":
            table = {"name": data.draw(texts), "unit": data.draw(texts)}
            draft.do(step(Edit(array, data.draw(st.integers(0, len(rows))), None, draft.new_row(table))))
        elif rows and deed == "remove":
            draft.do(step(Edit(array, at, rows[at], None)))
        elif rows:
            key = data.draw(st.sampled_from(["name", "unit", "title", "range", "override", "sheet"]))
            value: object = data.draw(values)
            if key == "override":
                value = {"tag": {"PU02.P": {"unit": data.draw(texts)}}}
            if value is not None or key in rows[at].table:
                set_key(draft, array, at, key, value)
    assert tomllib.loads(draft.revised_text()) == draft.document()
    while draft.undo():
        pass
    assert draft.revised_text() == TEXT
