"""Sheets of connections, forecasts, maintenance, spare parts and planned stops: changed, undone, pasted, checked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.acquisition.registry import driver_names, grammars
from app.plant.configuration_difference import Difference, configuration_changes
from app.plant.draft.bulk import copied, filled
from app.plant.draft.cell import CellRefused, cell_text
from app.plant.draft.check import draft_problems
from app.plant.draft.column import COLUMNS, NAMES, SINGLES
from app.plant.draft.draft import Draft, Edit, Step
from app.plant.draft.file import DraftFile
from app.plant.draft.rebase import carried
from app.plant.draft.sheet import Scope, addition_step, changes_step, removal_step, sheet_of
from tests.app.plant.class_sample import CLASSED
from tests.app.plant.draft.sheet_steps import change, names
from widgets.editor.placing import Shown, new_rows_step, pasting_step

MORE = """
# the second line
[connection."line 2"] # behind the mill
driver = "modbus"
url = "modbus://127.0.0.1:503"
order = "CDAB"

[[tag]]
name = "T0"
equipment = "PU02"
connection = "line 2"
address = "HR1"

[[forecast]]
id = "PU02.wear"
equipment = "PU02"
tag = "T0"
limit = 8.0 # kPa
direction = "high"
cause = { en = "Wear", zh = "磨损" }
action = "Renew the ring"

[[spare_part]]
id = "ring"
name = "Ring"

[[maintenance_definition]]
id = "PU02.grease"
equipment = "PU02"
title = "Grease"
every_days = 30
parts = [{ part = "ring", quantity = 1 }]

[[planned_stop]]
id = "summer"
name = "Summer"
start = "2026-07-01T06:00"
hours = 72
"""
TEXT = CLASSED + MORE


@pytest.fixture
def draft() -> Draft:
    return Draft(TEXT)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("connection", ["line", "line 2"]),
        ("forecast", ["PU02.wear"]),
        ("maintenance_definition", ["PU02.grease", "PU01.oil", "PU02.oil"]),
        ("spare_part", ["ring"]),
        ("planned_stop", ["summer"]),
    ],
)
def test_that_each_kind_has_its_sheet(draft: Draft, kind: str, expected: list[str]) -> None:
    assert names(sheet_of(draft, kind, Scope())) == expected


def test_that_a_sheet_of_equipment_has_what_belongs_to_it_and_all_connections(draft: Draft) -> None:
    scope = Scope(frozenset({"PU01"}))
    assert names(sheet_of(draft, "maintenance_definition", scope)) == ["PU01.oil"]
    assert names(sheet_of(draft, "forecast", scope)) == []
    assert names(sheet_of(draft, "connection", scope)) == ["line", "line 2"]
    assert names(sheet_of(draft, "planned_stop", scope)) == ["summer"]
    owner = Scope(owner=draft.rows(("equipment_class",))[0].id)
    assert names(sheet_of(draft, "maintenance_definition", owner)) == ["{id}.oil"]
    assert names(sheet_of(draft, "connection", owner)) == ["line", "line 2"]


@pytest.mark.parametrize(
    ("cell", "text", "old", "new"),
    [
        (("connection", "line 2", "order"), "ABCD", 'order = "CDAB"', 'order = "ABCD"'),
        (("connection", "line 2", "backfill"), "true", 'order = "CDAB"\n', 'order = "CDAB"\nbackfill = true\n'),
        (("forecast", "PU02.wear", "limit"), "9.5", "limit = 8.0 # kPa", "limit = 9.5 # kPa"),
        (("maintenance_definition", "PU02.grease", "every_days"), "60", "every_days = 30", "every_days = 60"),
        (("spare_part", "ring", "place"), "A3", 'name = "Ring"\n', 'name = "Ring"\nplace = "A3"\n'),
        (("planned_stop", "summer", "hours"), "48", "hours = 72", "hours = 48"),
    ],
)
def test_that_a_cell_is_changed_where_it_stands_and_undone(
    draft: Draft, cell: tuple[str, str, str], text: str, old: str, new: str
) -> None:
    change(draft, *cell, text)
    assert draft.revised_text() == TEXT.replace(old, new)
    draft.undo()
    assert draft.revised_text() == TEXT
    assert not draft.is_changed


def test_that_a_connection_is_renamed_at_its_header(draft: Draft) -> None:
    change(draft, "connection", "line 2", "name", "mill]")
    assert draft.revised_text() == TEXT.replace('[connection."line 2"]', '[connection."mill]"]')
    (told,) = configuration_changes(tomllib.loads(TEXT), draft.document())
    assert (told.what, told.before, told.after) == (Difference.RENAMED, "line 2", "mill]")


def test_that_connections_come_go_and_swap_their_names(draft: Draft) -> None:
    sheet = sheet_of(draft, "connection", Scope())
    name = sheet.columns[0]
    draft.do(changes_step(draft, "set", [(sheet.rows[0], name, "line 2"), (sheet.rows[1], name, "line")]))
    document = tomllib.loads(draft.revised_text())["connection"]
    assert (document["line"]["url"], document["line 2"]["url"]) == ("modbus://127.0.0.1:503", "modbus://127.0.0.1:502")
    draft.do(new_rows_step(draft, "connection", Scope(), sheet_of(draft, "connection", Scope()).rows[1]))
    assert names(sheet_of(draft, "connection", Scope())) == ["line 2", "line", "line-2"]
    assert tomllib.loads(draft.revised_text())["connection"]["line-2"]["order"] == "CDAB"
    draft.do(removal_step(draft, "remove", sheet_of(draft, "connection", Scope()).rows[:2]))
    assert list(tomllib.loads(draft.revised_text())["connection"]) == ["line-2"]
    assert "behind the mill" not in draft.revised_text()


@pytest.mark.parametrize("name", ["line", ""])
def test_that_two_connections_of_one_name_and_one_without_are_refused(draft: Draft, name: str) -> None:
    with pytest.raises(CellRefused, match="name that no other connection has"):
        change(draft, "connection", "line 2", "name", name)
    with pytest.raises(CellRefused, match="name that no other connection has"):
        addition_step(draft, "add", ("connection",), 0, [{"name": name}])


def test_that_an_option_that_has_no_column_yet_is_given_with_its_value_and_has_one_then(draft: Draft) -> None:
    change(draft, "connection", "line", "+", "min_gap_ms = 5")
    change(draft, "connection", "line", "+", "{ timeout_ms = 900, retries = 1 }")
    columns = [column.name for column in sheet_of(draft, "connection", Scope()).columns]
    assert columns[6:] == ["min_gap_ms", "timeout_ms", "retries", "order", "+"]
    assert tomllib.loads(draft.revised_text())["connection"]["line"]["timeout_ms"] == 900
    with pytest.raises(CellRefused, match='such as order = "CDAB"'):
        change(draft, "connection", "line", "+", "900")


def test_that_many_cells_are_filled_and_a_spreadsheet_comes_back(draft: Draft) -> None:
    sheet = sheet_of(draft, "connection", Scope())
    url = next(column for column in sheet.columns if column.name == "url")
    draft.do(changes_step(draft, "fill", filled([(row, url) for row in sheet.rows], "modbus://10.0.0.{n + 1}")))
    sheet = sheet_of(draft, "connection", Scope())
    lines = copied(sheet.rows, sheet.columns, heads=True).splitlines()
    lines.append(lines[2].replace("line 2", "line 3").replace("10.0.0.2", "10.0.0.3"))
    grid = [line.split("\t") for line in lines]
    draft.do(pasting_step(draft, Shown("connection", Scope(), sheet.rows, sheet.columns), [], grid))
    found = tomllib.loads(draft.revised_text())["connection"]
    assert [(name, each["url"]) for name, each in found.items()] == [
        ("line", "modbus://10.0.0.1"),
        ("line 2", "modbus://10.0.0.2"),
        ("line 3", "modbus://10.0.0.3"),
    ]
    assert found["line 3"]["order"] == "CDAB"
    draft.undo()
    draft.undo()
    assert draft.revised_text() == TEXT


def test_that_what_an_instance_has_otherwise_of_its_maintenance_is_an_override(draft: Draft) -> None:
    change(draft, "maintenance_definition", "PU01.oil", "every_days", "45")
    assert '[equipment.override.maintenance_definition."PU01.oil"]\nevery_days = 45\n' in draft.revised_text()


def test_that_problems_name_the_table_and_the_remedy(draft: Draft, tmp_path: Path) -> None:
    for kind, name, column, text in (
        ("connection", "line 2", "driver", "modbuss"),
        ("connection", "line", "+", "ordre = 1"),
        ("forecast", "PU02.wear", "tag", "PU02.PP"),
        ("maintenance_definition", "PU02.grease", "meter", "T7"),
        ("planned_stop", "summer", "start", "July"),
    ):
        change(draft, kind, name, column, text)
    found = draft_problems(draft.document(), drivers=driver_names(), grammars=grammars(), folder=str(tmp_path))
    grave = {problem.path: problem.message for problem in found if not problem.is_warning}
    assert set(grave) >= {
        ("connection", "line 2", "driver"),
        ("connection", "line", "ordre"),
        ("forecast", 0, "tag"),
        ("maintenance_definition", 0, "meter"),
        ("planned_stop", 0, "start"),
    }
    assert "write one of" in grave["connection", "line 2", "driver"]
    assert 'write "PU02.P"' in grave["forecast", 0, "tag"]


def test_that_such_a_draft_is_there_after_a_crash_and_is_carried_onto_another_file(
    draft: Draft, tmp_path: Path
) -> None:
    kept = DraftFile(tmp_path / "plant-draft.jsonl")
    other = Draft(TEXT)
    rows = other.rows(("connection",))
    steps = (
        Step("set", (other.setting(("connection",), 1, {**rows[1].table, "name": "mill"}),)),
        Step("remove", (Edit(("spare_part",), 0, other.rows(("spare_part",))[0], None),)),
        Step("add", (Edit(("connection",), 2, None, other.new_row({"name": "new", "driver": "modbus"})),)),
    )
    for step in steps:
        kept.note(other, step)
        other.do(step)
    again = kept.load()
    assert again.revised_text() == other.revised_text()
    theirs = TEXT.replace('order = "CDAB"', 'order = "BADC"').replace("hours = 72", "hours = 24")
    found = carried(again, theirs, "carry")
    found.draft.do(found.step)
    document = tomllib.loads(found.draft.revised_text())
    assert list(document["connection"]) == ["line", "mill", "new"]
    assert document["connection"]["mill"]["order"] == "BADC"
    assert document["planned_stop"][0]["hours"] == 24
    assert "spare_part" not in document


def test_that_every_column_is_a_key_of_its_table(draft: Draft) -> None:
    for kind, columns in COLUMNS.items():
        assert NAMES[kind] == ("" if kind in SINGLES else columns[0].key)
        for row in sheet_of(draft, kind, Scope()).rows:
            assert kind in SINGLES or cell_text(row.table, columns[0]) == row.name
