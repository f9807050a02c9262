"""Every table of a plant file has its sheet: methods, measuring points, shifts, rules that there is but one of."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acquisition.registry import driver_names, grammars
from app.plant.alarm_grammar import AlarmClassTable, AlarmRulesTable, MatrixTable
from app.plant.class_grammar import MEMBERS, EquipmentClassTable
from app.plant.configuration_difference import configuration_changes
from app.plant.draft.bulk import copied, filled, pasted
from app.plant.draft.cell import CellRefused, cell_text, with_cell
from app.plant.draft.check import draft_problems
from app.plant.draft.column import COLUMNS, SINGLES
from app.plant.draft.draft import Draft
from app.plant.draft.file import DraftFile
from app.plant.draft.rebase import carried
from app.plant.draft.sheet import Scope, changes_step, removal_step, sheet_of
from app.plant.grammar import CollectorTable, ConnectionTable, EquipmentTable, HistoryTable, PlantTable, Table
from app.plant.maintenance_grammar import MaintenanceRulesTable, PlannedStopTable, SparePartTable
from app.plant.report_grammar import ReportTable, ShiftTable
from app.plant.tables import KEYS
from app.plant.vibration_grammar import ZoneLimitsTable
from tests.app.plant.class_sample import CLASSED
from tests.app.plant.draft.sheet_steps import change, names
from widgets.editor.placing import Shown, new_rows_step, pasting_step

POINT = """
[[equipment_class.measuring_point]]
id = "{id}.DE"
name = "{name}, drive end"
bearing = { balls = 9, ball_mm = 7.94, pitch_mm = 39.04 }

[[equipment_class.method]]
name = "{id}.reset"
connection = "{plc}"
object = "ns=2;s={id}"
method = "Reset"
"""
MORE = """
# once a day
[[shift]]
id = "early"
name = { en = "Early", zh = "早班" }
start = "06:00"

[[method]]
name = "dose"
equipment = "PU02"
connection = "line"
object = "ns=2;s=Doser"
method = "Dose"

[[method.argument]]
name = "litres" # of glue
unit = "l"
range = [0, 5]

[[vibration_zones]]
id = "rigid"
limits = [1.4, 2.8, 4.5]
source = "contract"

[[alarm_class]]
id = "trips"

[alarm_class.sheet]
owner = "Wang" # since May

[report]
every = ["shift"]
"""
TEXT = CLASSED.replace('\n[[equipment]]\nid = "PU01"', POINT + '\n[[equipment]]\nid = "PU01"') + MORE
TABLES: dict[str, type[Table]] = {
    **{kind: member.table for kind, member in MEMBERS.items()},
    "plant": PlantTable,
    "history": HistoryTable,
    "collector": CollectorTable,
    "alarms": AlarmRulesTable,
    "alarm_class": AlarmClassTable,
    "alarm_matrix": MatrixTable,
    "equipment_class": EquipmentClassTable,
    "equipment": EquipmentTable,
    "connection": ConnectionTable,
    "maintenance": MaintenanceRulesTable,
    "spare_part": SparePartTable,
    "planned_stop": PlannedStopTable,
    "vibration_zones": ZoneLimitsTable,
    "report": ReportTable,
    "shift": ShiftTable,
}
ELSEWHERE = {
    ("tag", "former"): "a renaming writes it",
    ("equipment", "former"): "a renaming writes it",
    ("equipment", "parameters"): "a column for each parameter, in the sheet of the class",
    ("equipment", "override"): "cells of what the class makes",
}


@pytest.fixture
def draft() -> Draft:
    return Draft(TEXT)


def test_that_every_table_and_key_of_a_plant_file_is_in_a_sheet_but_pictures_which_have_their_editor() -> None:
    assert set(KEYS) - {"picture"} == set(TABLES) == set(COLUMNS)
    for kind, table in TABLES.items():
        keys = {field.encode_name for field in msgspec.structs.fields(table)}
        absent = keys - {column.key for column in COLUMNS[kind]}
        assert {(kind, key) for key in absent} == {place for place in ELSEWHERE if place[0] == kind}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("shift", ["early"]),
        ("method", ["dose", "PU01.reset", "PU02.reset"]),
        ("measuring_point", ["PU01.DE", "PU02.DE"]),
        ("vibration_zones", ["rigid"]),
        ("alarm_class", ["trips"]),
        ("report", [""]),
        ("history", [""]),
    ],
)
def test_that_each_kind_has_its_sheet_and_what_there_is_but_one_of_has_one_row(
    draft: Draft, kind: str, expected: list[str]
) -> None:
    assert names(sheet_of(draft, kind, Scope())) == expected


@pytest.mark.parametrize(
    ("cell", "text", "old", "new"),
    [
        (("shift", "early", "start"), "05:30", 'start = "06:00"', 'start = "05:30"'),
        (("shift", "early", "name.zh"), "晨班", "早班", "晨班"),
        (("method", "dose", "enabled"), "true", 'method = "Dose"\n', 'method = "Dose"\nenabled = true\n'),
        (
            ("method", "dose", "argument"),
            '[{ name = "litres", unit = "l", range = [0, 9] }]',
            "range = [0, 5]",
            "range = [0, 9]",
        ),
        (("vibration_zones", "rigid", "limits"), "1.4, 2.8, 5", "[1.4, 2.8, 4.5]", "[1.4, 2.8, 5]"),
        (("alarm_class", "trips", "sheet.owner.en"), "Li", '"Wang" # since', '"Li" # since'),
        (
            ("alarm_class", "trips", "sheet.response.en"),
            "Stop",
            '"Wang" # since May\n',
            '"Wang" # since May\nresponse = "Stop"\n',
        ),
        (("report", "", "every"), "day", '["shift"]', '["day"]'),
        (("plant", "", "read_only"), "false", 'name = "Pumps"\n', 'name = "Pumps"\nread_only = false\n'),
        (("history", "", "raw_days"), "90", 'every = ["shift"]\n', 'every = ["shift"]\n\n[history]\nraw_days = 90\n'),
    ],
)
def test_that_a_cell_is_changed_where_it_stands_told_and_undone(
    draft: Draft, cell: tuple[str, str, str], text: str, old: str, new: str
) -> None:
    change(draft, *cell, text)
    assert draft.revised_text() == TEXT.replace(old, new)
    kind, name, column = cell
    (told,) = configuration_changes(draft.base, draft.document())
    assert (told.subject.kind, told.subject.name) == (kind, name if kind not in SINGLES else "")
    row = next(row for row in sheet_of(draft, kind, Scope()).rows if row.name == name)
    wanted = next(each for each in COLUMNS[kind] if each.name == column)
    assert cell_text(row.table, wanted) == text
    draft.undo()
    assert draft.revised_text() == TEXT
    assert not draft.is_changed


def test_that_what_an_instance_has_otherwise_of_its_methods_and_points_is_an_override(draft: Draft) -> None:
    change(draft, "method", "PU01.reset", "enabled", "true")
    change(draft, "measuring_point", "PU02.DE", "bearing.balls", "8")
    override = tomllib.loads(draft.revised_text())["equipment"]
    assert override[0]["override"]["method"]["PU01.reset"] == {"enabled": True}
    assert override[1]["override"]["measuring_point"]["PU02.DE"]["bearing"]["balls"] == 8


def test_that_rows_are_added_filled_copied_and_taken_away(draft: Draft) -> None:
    draft.do(new_rows_step(draft, "shift", Scope(), sheet_of(draft, "shift", Scope()).rows[0]))
    sheet = sheet_of(draft, "shift", Scope())
    start = next(column for column in sheet.columns if column.name == "start")
    draft.do(changes_step(draft, "fill", filled([(row, start) for row in sheet.rows], "{n * 8 + 6:02}:00")))
    sheet = sheet_of(draft, "shift", Scope())
    lines = copied(sheet.rows, sheet.columns, heads=True).splitlines()
    lines.append(lines[2].replace("early-2", "night").replace("14:00", "22:00"))
    shown = Shown("shift", Scope(), sheet.rows, sheet.columns)
    draft.do(pasting_step(draft, shown, [], pasted("\n".join(lines))))
    found = tomllib.loads(draft.revised_text())["shift"]
    assert [(each["id"], each["start"]) for each in found] == [
        ("early", "06:00"),
        ("early-2", "14:00"),
        ("night", "22:00"),
    ]
    draft.do(removal_step(draft, "remove", sheet_of(draft, "shift", Scope()).rows))
    assert "shift" not in tomllib.loads(draft.revised_text())


def test_that_what_there_is_but_one_of_is_pasted_taken_away_and_not_added_twice(draft: Draft) -> None:
    sheet = sheet_of(draft, "report", Scope())
    shown = Shown("report", Scope(), sheet.rows, sheet.columns)
    lines = pasted(copied(sheet.rows, sheet.columns, heads=True))
    lines[1][0] = "Asia/Shanghai"
    draft.do(pasting_step(draft, shown, [], lines))
    assert tomllib.loads(draft.revised_text())["report"] == {"every": ["shift"], "zone": "Asia/Shanghai"}
    assert new_rows_step(draft, "report", Scope(), None).edits == ()
    draft.do(removal_step(draft, "remove", sheet_of(draft, "report", Scope()).rows))
    assert "report" not in tomllib.loads(draft.revised_text())
    assert removal_step(draft, "remove", sheet_of(draft, "report", Scope()).rows).edits == ()


def test_that_a_problem_stands_at_its_row_and_key(draft: Draft, tmp_path: Path) -> None:
    change(draft, "shift", "early", "start", "6 o'clock")
    change(draft, "report", "", "zone", "Mars/North")
    change(draft, "method", "dose", "connection", "lin")
    found = draft_problems(draft.document(), drivers=driver_names(), grammars=grammars(), folder=str(tmp_path))
    grave = {problem.path: problem.message for problem in found if not problem.is_warning}
    assert {("shift", 0, "start"), ("report", "zone"), ("method", 0, "connection")} <= set(grave)
    assert "write 06:00" in grave["shift", 0, "start"]


def test_that_such_a_draft_is_there_after_a_crash_and_is_carried_onto_another_file(
    draft: Draft, tmp_path: Path
) -> None:
    kept = DraftFile(tmp_path / "plant-draft.jsonl")
    for kind, name, column, text in (
        ("shift", "early", "hours", "8"),
        ("history", "", "raw_days", "30"),
        ("plant", "", "name.zh", "泵站"),
    ):
        sheet = sheet_of(draft, kind, Scope())
        row = next(row for row in sheet.rows if row.name == name)
        wanted = next(each for each in sheet.columns if each.name == column)
        step = changes_step(draft, "set", [(row, wanted, text)])
        kept.note(draft, step)
        draft.do(step)
    again = kept.load()
    assert again.revised_text() == draft.revised_text()
    found = carried(again, TEXT.replace("06:00", "05:00") + "\n[history]\nminute_days = 400\n", "carry")
    found.draft.do(found.step)
    document = tomllib.loads(found.draft.revised_text())
    assert document["shift"][0] | {"name": ""} == {"id": "early", "name": "", "start": "05:00", "hours": 8}
    assert document["history"] == {"minute_days": 400, "raw_days": 30}
    assert document["plant"]["name"] == {"en": "Pumps", "zh": "泵站"}


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (("equipment_class", "pump", "parameters"), "plc, base，span", ["plc", "base", "span"]),
        (("shift", "early", "weekdays"), "1; 2, 3", [1, 2, 3]),
        (("report", "", "tags"), '["T, 1", "T2"]', ["T, 1", "T2"]),
        (("report", "", "tags"), "PU01.P", ["PU01.P"]),
        (
            ("tag", "PU01.RUN", "states"),
            "0 Stopped / 停止, 1 = Running",
            [{"value": 0, "name": {"en": "Stopped", "zh": "停止"}}, {"value": 1, "name": "Running"}],
        ),
        (
            ("tag", "PU01.RUN", "states"),
            '[{ value = 0, name = "Off, locked" }]',
            [{"value": 0, "name": "Off, locked"}],
        ),
    ],
)
def test_that_several_values_are_written_with_commas_between_or_as_in_the_file(
    draft: Draft, cell: tuple[str, str, str], text: str, value: object
) -> None:
    change(draft, *cell, text)
    kind, name, column = cell
    row = next(row for row in sheet_of(draft, kind, Scope()).rows if row.name == name)
    wanted = next(each for each in COLUMNS[kind] if each.name == column)
    assert row.table[column] == value
    assert with_cell({}, wanted, cell_text(row.table, wanted)) == {column: value}  # as it is shown it means the same


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (("shift", "early", "weekdays"), "Monday"),
        (("tag", "PU01.RUN", "states"), "Stopped, Running"),
        (("report", "", "tags"), '["T1"'),
    ],
)
def test_that_several_values_that_cannot_be_read_are_refused(
    draft: Draft, cell: tuple[str, str, str], text: str
) -> None:
    with pytest.raises(CellRefused):
        change(draft, *cell, text)


@given(st.lists(st.text(min_size=1)))
def test_that_any_list_of_texts_comes_back_as_it_is_shown(texts: list[str]) -> None:
    column = next(each for each in COLUMNS["report"] if each.key == "tags")
    shown = cell_text({"tags": texts}, column)
    assert with_cell({}, column, shown).get("tags", []) == texts
