"""Sheets of a draft: what they show, how cells are changed, alone and many at once, and what is wrong then."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plant.draft.bulk import copied, filled, pasted, replaced
from app.plant.draft.cell import CellRefused, cell_text, with_cell
from app.plant.draft.check import draft_problems
from app.plant.draft.column import COLUMNS, Column, Form
from app.plant.draft.draft import Draft, Step
from app.plant.draft.file import DraftDamaged, DraftFile
from app.plant.draft.rebase import carried
from app.plant.draft.sheet import Scope, Sheet, SheetRow, addition_step, changes_step, removal_step, sheet_of
from app.plant.expansion import Memory
from app.plant.file import examine_text
from app.plant.parameter_text import ParameterError
from tests.app.plant.class_sample import CLASSED

TAG = {column.name: column for column in COLUMNS["tag"]}
OWN = '\n[[tag]]\nname = "T0"\nequipment = "PU02"\nconnection = "line"\naddress = "HR1"\nrange = [0, 10]\n'


@pytest.fixture
def draft() -> Draft:
    return Draft(CLASSED + OWN)


def row_of(sheet: Sheet, name: str) -> SheetRow:
    return next(row for row in sheet.rows if row.name == name)


def change(draft: Draft, name: str, column: str, text: str, *, kind: str = "tag", scope: Scope = Scope()) -> None:  # noqa: B008
    sheet = sheet_of(draft, kind, scope)
    wanted = next(each for each in sheet.columns if each.name == column)
    draft.do(changes_step(draft, "change", [(row_of(sheet, name), wanted, text)]))


def shown(draft: Draft, name: str, column: str) -> str:
    return cell_text(row_of(sheet_of(draft, "tag", Scope()), name).table, TAG[column])


def class_scope(draft: Draft) -> Scope:
    return Scope(owner=draft.rows(("equipment_class",))[0].id)


def test_that_a_sheet_has_the_tags_of_the_file_and_of_the_classes(draft: Draft) -> None:
    sheet = sheet_of(draft, "tag", Scope())
    assert [row.name for row in sheet.rows] == ["T0", "PU01.P", "PU01.RUN", "PU02.P", "PU02.RUN"]
    assert [row.origin is None for row in sheet.rows] == [True, False, False, False, False]
    assert row_of(sheet, "PU02.P").is_override(TAG["unit"])
    assert not row_of(sheet, "PU02.P").is_override(TAG["address"])
    only = sheet_of(draft, "tag", Scope(frozenset({"PU02"})))
    assert [row.name for row in only.rows] == ["T0", "PU02.P", "PU02.RUN"]
    alarms = sheet_of(draft, "alarm", Scope(frozenset({"PU01"})))
    assert [row.name for row in alarms.rows] == ["PU01.P.H"]


def test_that_a_class_is_shown_with_its_members_and_its_instances_with_their_parameters(draft: Draft) -> None:
    scope = class_scope(draft)
    assert [row.name for row in sheet_of(draft, "tag", scope).rows] == ["{id}.P", "{id}.RUN"]
    instances = sheet_of(draft, "equipment", scope)
    names = [column.name for column in instances.columns[3:6]]
    assert names == ["parameters.plc", "parameters.base", "parameters.span"]
    assert [cell_text(row_of(instances, "PU02").table, column) for column in instances.columns[3:6]] == [
        "line",
        "200",
        "10",
    ]


def test_that_changing_a_cell_of_the_class_changes_its_instances_but_those_that_override_it(draft: Draft) -> None:
    change(draft, "{id}.P", "unit", "MPa", scope=class_scope(draft))
    assert (shown(draft, "PU01.P", "unit"), shown(draft, "PU02.P", "unit")) == ("MPa", "kPa")
    assert 'unit = "MPa"' in draft.revised_text()


def test_that_a_cell_of_an_instance_becomes_an_override_and_is_as_in_the_class_once_emptied(draft: Draft) -> None:
    before = draft.revised_text()
    change(draft, "PU01.P", "range.1", "25")
    assert '[equipment.override.tag."PU01.P"]\nrange = [0, 25]\n' in draft.revised_text()
    assert shown(draft, "PU01.P", "range.1") == "25"
    change(draft, "PU01.P", "unit", "bar")  # what the class says already
    change(draft, "PU01.P", "range.1", "16")
    assert draft.revised_text() == before
    change(draft, "PU02.P", "unit", "")
    assert shown(draft, "PU02.P", "unit") == "bar"
    assert "kPa" not in draft.revised_text()


def test_that_an_own_name_of_what_a_class_makes_keeps_its_other_overrides(draft: Draft) -> None:
    change(draft, "PU02.P", "name", "OLD.17")
    change(draft, "OLD.17", "unit", "Pa")
    assert tomllib.loads(draft.revised_text())["equipment"][1]["override"]["tag"] == {
        "PU02.P": {"name": "OLD.17", "unit": "Pa", "clean": {"spike": 3.0}}
    }


def test_that_rows_are_taken_away_and_an_instance_omits_what_its_class_makes(draft: Draft) -> None:
    sheet = sheet_of(draft, "tag", Scope())
    draft.do(removal_step(draft, "remove", [row_of(sheet, name) for name in ("T0", "PU02.P", "PU01.RUN")]))
    assert [row.name for row in sheet_of(draft, "tag", Scope()).rows] == ["PU01.P", "PU02.RUN"]
    document = tomllib.loads(draft.revised_text())
    assert [each.get("omit") for each in document["equipment"]] == [["PU01.RUN"], ["PU02.P"]]
    assert "override" not in document["equipment"][1]
    assert "tag" not in document


def test_that_new_rows_stand_where_they_were_put(draft: Draft) -> None:
    draft.do(addition_step(draft, "add", ("tag",), 1, [{"name": "T1"}, {"name": "T2"}]))
    assert [row.name for row in sheet_of(draft, "tag", Scope()).rows][:3] == ["T0", "T1", "T2"]
    assert [tag["name"] for tag in tomllib.loads(draft.revised_text())["tag"]] == ["T0", "T1", "T2"]


def test_that_cells_are_filled_by_a_pattern(draft: Draft) -> None:
    rows = sheet_of(draft, "tag", Scope()).rows
    cells = [(row, TAG["address"]) for row in rows]
    texts = [text for _, _, text in filled(cells, "HR{100 + 2 * n}:F32")]
    assert texts == ["HR100:F32", "HR102:F32", "HR104:F32", "HR106:F32", "HR108:F32"]
    assert [text for _, _, text in filled([(rows[0], TAG["range.1"])], "{value * 1.5}")] == ["15"]
    assert [text for _, _, text in filled(cells[:2], "{equipment}-{n:02}")] == ["PU02-00", "PU01-01"]
    assert [text for _, _, text in filled(cells[:1], "plain")] == ["plain"]
    with pytest.raises(ParameterError, match="T0: `value` is no number"):
        filled(cells, "{value + 1}")


def test_that_text_is_replaced_only_where_it_stands(draft: Draft) -> None:
    rows = sheet_of(draft, "tag", Scope()).rows
    changes = replaced([(row, column) for row in rows for column in COLUMNS["tag"]], "HR2", "HR3")
    assert [(row.name, column.name, text) for row, column, text in changes] == [
        ("PU02.P", "address", "HR300:F32"),
        ("PU02.RUN", "address", "HR302:U16"),
    ]
    assert replaced([(rows[0], TAG["address"])], "", "x") == []


def test_that_what_is_copied_is_pasted_as_it_was_and_is_no_formula(draft: Draft) -> None:
    rows = sheet_of(draft, "tag", Scope()).rows
    text = copied(rows, COLUMNS["tag"], heads=True)
    head, *lines = pasted(text)
    assert head[:3] == ["name", "equipment", "title.en"]
    assert lines == [[cell_text(row.table, column) for column in COLUMNS["tag"]] for row in rows]
    row = SheetRow(("tag", 0), ("tag",), 0, {"name": "=1+1", "unit": "a\tb\nc", "offset": -2.5})
    columns = [TAG["name"], TAG["unit"], TAG["offset"]]
    assert copied([row], columns).startswith("'=1+1\t")
    assert pasted(copied([row], columns)) == [["=1+1", "a\tb\nc", "-2.5"]]


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        (TAG["range.0"], "abc", "not a number"),
        (TAG["decimals"], "1.5", "not a whole number"),
        (TAG["kind"], "analogue", "not one of analog, discrete, counter"),
        (Column("latch", form=Form.SWITCH), "yes", "not true or false"),
        (TAG["offset"], "nan", "not a number"),
    ],
)
def test_that_a_cell_refuses_what_it_cannot_be(column: Column, text: str, told: str) -> None:
    with pytest.raises(CellRefused, match=told):
        with_cell({}, column, text)


def test_that_a_cell_takes_numbers_as_they_are_written_and_parameters_of_classes() -> None:
    assert with_cell({}, TAG["range.1"], "0,5") == {"range": [-math.inf, 0.5]}
    assert with_cell({"range": [0, 10]}, TAG["range.1"], "") == {"range": [0, math.inf]}
    assert with_cell({"range": [0, math.inf]}, TAG["range.0"], "") == {}
    assert with_cell({}, TAG["decimals"], "{digits}") == {"decimals": "{digits}"}
    assert with_cell({"title": "Flow"}, TAG["title.zh"], "流量") == {"title": {"en": "Flow", "zh": "流量"}}
    assert with_cell({"title": {"en": "Flow", "zh": "流量"}}, TAG["title.zh"], "") == {"title": "Flow"}
    assert with_cell({"clean": {"spike": 1.0}}, TAG["clean.spike"], "") == {}
    free = Column("parameters", "base", Form.FREE)
    assert with_cell({}, free, "100") == {"parameters": {"base": 100}}
    assert with_cell({}, free, "plc1") == {"parameters": {"base": "plc1"}}


NUMBERS = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
VALUES = NUMBERS | st.text(min_size=1, max_size=6).filter(lambda text: text == text.strip())


@given(value=VALUES)
def test_that_what_a_free_cell_shows_is_what_it_is(value: object) -> None:
    column = Column("parameters", "x", Form.FREE)
    text = cell_text({"parameters": {"x": value}}, column)
    assert with_cell({}, column, text) == {"parameters": {"x": value}}


def test_that_problems_of_a_draft_name_the_row_and_the_key(draft: Draft) -> None:
    change(draft, "T0", "name", "PU01.P")
    change(draft, "PU02.P", "connection", "lne")
    found = draft_problems(draft.document(), drivers=("modbus",), grammars={}, folder="/none")
    assert [(problem.path, problem.is_warning) for problem in found] == [
        (("equipment_class", 0, "tag", 0, "name"), False),
        (("equipment", 1, "override", "tag", "PU02.P", "connection"), False),
    ]
    assert "stands already in tag 1" in found[0].message


def test_that_a_draft_survives_a_crash_with_every_step(draft: Draft, tmp_path: Path) -> None:
    file = DraftFile(tmp_path / "draft.jsonl")
    sheet = sheet_of(draft, "tag", Scope())
    cells = [(row_of(sheet, "PU01.P"), TAG["unit"], "Pa"), (sheet.rows[0], TAG["unit"], "K")]
    makes: list[Callable[[], Step]] = [
        lambda: changes_step(draft, "a", cells),
        lambda: addition_step(draft, "b", ("tag",), 0, [{"name": "N", "range": [0.5, math.inf]}, {"name": "M"}]),
        lambda: removal_step(draft, "c", [row_of(sheet_of(draft, "tag", Scope()), "T0")]),
    ]
    for make in makes:
        step = make()
        file.note(draft, step)
        draft.do(step)
    file.note_turn("undo")
    draft.undo()
    again = file.load()
    assert again.document() == draft.document()
    assert (again.undoable, again.redoable, again.steps) == ("b", "c", 2)
    assert again.revised_text() == draft.revised_text()
    with file.path.open("ab") as torn:
        torn.write(b'{"name": "d", "edi')
    assert file.load().document() == draft.document()
    file.note_turn("redo")
    assert file.load().steps == 3
    file.path.write_bytes(file.path.read_bytes().replace(b'"name": "b"', b'"title": "b"'))
    with pytest.raises(DraftDamaged, match="look at it, then move it away"):
        file.load()
    file.remove()
    assert not file.exists


def test_that_a_sheet_of_ten_thousand_tags_of_a_class_is_a_valid_plant_after_a_bulk_edit() -> None:
    text = CLASSED + "".join(
        f'\n[[equipment]]\nid = "X{n}"\nname = "X"\nclass = "pump"\nparameters = {{ plc = "line", base = {n} }}\n'
        for n in range(200)
    )
    draft = Draft(text)
    sheet = sheet_of(draft, "equipment", class_scope(draft))
    base = next(column for column in sheet.columns if column.name == "parameters.base")
    draft.do(changes_step(draft, "fill", filled([(row, base) for row in sheet.rows], "{1000 + 10 * n}")))
    plant = examine_text(draft.revised_text(), drivers=("modbus",), grammars={}, folder="/p").plant
    assert plant is not None
    assert plant.tag("X199.P").address == "HR3010:F32"


def test_that_a_draft_is_brought_onto_a_file_that_was_changed_meanwhile(draft: Draft) -> None:
    change(draft, "T0", "unit", "bar")
    change(draft, "T0", "range.1", "20")
    change(draft, "{id}.P", "decimals", "3", scope=class_scope(draft))
    draft.do(addition_step(draft, "add", ("tag",), 0, [{"name": "N", "equipment": "PU01"}, {"name": "M"}]))
    theirs = "# theirs\n" + (CLASSED + OWN).replace("range = [0, 10]", "range = [0, 30]").replace(
        "base = 100", "base = 700"
    )
    found = carried(draft, theirs, "brought over")
    found.draft.do(found.step)
    assert (found.lost, found.contested) == ((), ("T0",))
    text = found.draft.revised_text()
    assert text.startswith("# theirs\n")
    assert "base = 700" in text
    document = tomllib.loads(text)
    assert [tag["name"] for tag in document["tag"]] == ["T0", "N", "M"]
    assert (document["tag"][0]["unit"], document["tag"][0]["range"]) == ("bar", [0, 20])
    assert document["equipment_class"][0]["tag"][0]["decimals"] == 3


def test_that_what_somebody_else_has_taken_away_is_told_as_lost(draft: Draft) -> None:
    change(draft, "T0", "unit", "bar")
    draft.do(removal_step(draft, "remove", [row_of(sheet_of(draft, "equipment", Scope()), "PU01")]))
    found = carried(draft, CLASSED, "brought over")
    found.draft.do(found.step)
    assert found.lost == ("T0",)
    assert [row.name for row in sheet_of(found.draft, "equipment", Scope()).rows] == ["PU02"]


def test_that_a_class_is_made_in_a_sheet_with_its_members_and_has_instances(draft: Draft) -> None:
    draft.do(addition_step(draft, "add", ("equipment_class",), 1, [{"id": "fan"}]))
    for column, text in (("name.en", "Fan"), ("parameters", '["base"]'), ("defaults", "{ base = 7 }")):
        change(draft, "fan", column, text, kind="equipment_class")
    fan = Scope(owner=draft.rows(("equipment_class",))[1].id)
    array = ("equipment_class", fan.owner, "tag")
    tag = {"name": "{id}.N", "connection": "line", "address": "HR{base}:U16"}
    draft.do(addition_step(draft, "add", array, 0, [tag]))
    draft.do(addition_step(draft, "add", ("equipment",), 2, [{"id": "FA1", "name": "Fan", "class": "fan"}]))
    assert shown(draft, "FA1.N", "address") == "HR7:U16"
    assert sheet_of(draft, "equipment", fan).usual["parameters.base"] == "7"
    found = examine_text(draft.revised_text(), drivers=("modbus",), grammars={}, folder="/p")
    assert found.plant is not None, found.problems
    assert [each.id for each in found.plant.equipment_classes] == ["pump", "fan"]
    sheet = sheet_of(draft, "equipment_class", Scope())
    draft.do(removal_step(draft, "remove", [row_of(sheet, "fan")]))
    assert "fan" not in [row.name for row in sheet_of(draft, "equipment_class", Scope()).rows]
    draft.undo()
    assert shown(draft, "FA1.N", "address") == "HR7:U16"


def test_that_a_sheet_with_a_memory_of_former_ones_is_the_same_as_without(draft: Draft) -> None:
    memory = Memory()
    scope = class_scope(draft)

    def said(row: SheetRow) -> object:
        origin = row.origin
        whence = None if origin is None else (origin.equipment, origin.id, origin.own, origin.plain, origin.place(()))
        return row.place, row.at, row.table, whence

    def compare() -> None:
        for kind in ("tag", "alarm"):
            with_memory, fresh = (sheet_of(draft, kind, Scope(), known) for known in (memory, None))
            assert list(map(said, with_memory.rows)) == list(map(said, fresh.rows))

    compare()
    change(draft, "PU02.P", "unit", "Pa")
    compare()
    change(draft, "{id}.P", "decimals", "2", scope=scope)
    compare()
    sheet = sheet_of(draft, "equipment", Scope())
    draft.do(removal_step(draft, "remove", [row_of(sheet, "PU01")]))
    compare()
    draft.undo()
    draft.undo()
    compare()
