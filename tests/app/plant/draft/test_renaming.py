"""A renamed thing is followed by all that names it, keeps its history, and is undone in one step."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from app.model.expression import with_names
from app.plant.configuration_difference import Difference, configuration_changes, effects
from app.plant.draft.column import NAMES
from app.plant.draft.draft import Draft
from app.plant.draft.renaming import following
from app.plant.draft.sheet import Scope, changes_step, sheet_of
from app.plant.file import examine_text
from app.plant.reference_key import references
from tests.app.plant.class_sample import CLASSED
from tests.app.plant.sample import SAMPLE

MORE = """
[[tag]]
name = "T0" # above
equipment = "PU02"
connection = "line"
address = "HR1"
write = { range = [0, 1], interlocks = ["PU01.P < 3"], state = { tag = "PU01.RUN", allowed = [0] } }

[[alarm]]
id = "both"
condition = "expression"
expression = "PU01.RUN == 1 and T0 > 1e5 + PU01.P"
priority = 3
causes = ["PU01.P.H"]
message = "Both"

[[alarm]]
id = "line"
tag = "T0"
condition = "bad_quality"
priority = 3
causes = ["station/connection/line"]
message = "Line"

[report]
tags = ["PU01.P", "T0"]

[[maintenance_definition]]
id = "PU01.grease"
equipment = "PU01"
title = "Grease"
every = 100
meter = "PU01.RUN"
"""
TEXT = CLASSED + MORE
DEMO = Path(str(files("resources"))) / "demo_plant" / "plant.toml"


def rename(draft: Draft, kind: str, old: str, new: str, *, scope: Scope = Scope()) -> None:  # noqa: B008
    sheet = sheet_of(draft, kind, scope)
    row = next(row for row in sheet.rows if row.name == old)
    draft.do(following(draft, changes_step(draft, "set", [(row, sheet.columns[0], new)])))


def problems(text: str) -> list[str]:
    found = examine_text(text, drivers=(), grammars={}, folder="/nowhere")
    return [problem.message for problem in found.problems if not problem.is_warning]


def tables(text: str, kind: str) -> dict[str, dict[str, Any]]:
    return {each[NAMES[kind]]: each for each in tomllib.loads(text)[kind]}


def class_scope(draft: Draft) -> Scope:
    return Scope(owner=draft.rows(("equipment_class",))[0].id)


def test_that_alarms_expressions_and_reports_follow_a_tag() -> None:
    draft = Draft(TEXT)
    rename(draft, "tag", "T0", "Mill/T")
    text = draft.revised_text()
    assert problems(text) == []
    assert tables(text, "tag")["Mill/T"]["former"] == ["T0"]
    assert tables(text, "alarm")["both"]["expression"] == "PU01.RUN == 1 and {Mill/T} > 1e5 + PU01.P"
    assert tables(text, "alarm")["line"]["tag"] == "Mill/T"
    assert tomllib.loads(text)["report"]["tags"] == ["PU01.P", "Mill/T"]
    assert 'name = "Mill/T" # above\n' in text
    draft.undo()
    assert draft.revised_text() == TEXT


def test_that_an_instance_takes_all_that_its_class_makes_along() -> None:
    draft = Draft(TEXT)
    rename(draft, "equipment", "PU01", "P101")
    text = draft.revised_text()
    assert tables(text, "tag")["T0"]["write"]["interlocks"] == ["P101.P < 3"]
    assert tables(text, "tag")["T0"]["write"]["state"]["tag"] == "P101.RUN"
    assert tables(text, "alarm")["both"]["expression"] == "P101.RUN == 1 and T0 > 1e5 + P101.P"
    assert tables(text, "alarm")["both"]["causes"] == ["P101.P.H"]
    assert tables(text, "maintenance_definition")["PU01.grease"]["equipment"] == "P101"
    plant = examine_text(text, drivers=(), grammars={}, folder="/nowhere").plant
    assert plant is not None
    assert plant.tag("P101.P").former == ("PU01.P",)
    assert plant.tag("P101.RUN").former == ("PU01.RUN",)


def test_that_own_values_and_what_is_left_out_stay_with_a_renamed_instance() -> None:
    draft = Draft(CLASSED.replace("span = 10 }\n", 'span = 10 }\nomit = ["PU02.RUN", "PU02.P.H"]\n'))
    rename(draft, "equipment", "PU02", "PU09")
    document = tomllib.loads(draft.revised_text())
    assert document["equipment"][1]["omit"] == ["PU09.RUN", "PU09.P.H"]
    assert document["equipment"][1]["override"]["tag"]["PU09.P"]["unit"] == "kPa"
    assert problems(draft.revised_text()) == []


def test_that_a_tag_of_a_class_is_renamed_in_all_instances() -> None:
    draft = Draft(TEXT)
    rename(draft, "tag", "{id}.P", "{id}.PRESS", scope=class_scope(draft))
    text = draft.revised_text()
    assert problems(text) == []
    plant = examine_text(text, drivers=(), grammars={}, folder="/nowhere").plant
    assert plant is not None
    assert plant.tag("PU02.PRESS").former == ("PU02.P",)
    assert plant.tag("PU02.PRESS").unit == "kPa", "what the instance has of its own"
    assert [alarm.tag for alarm in plant.alarms if alarm.id == "PU01.P.H"] == ["PU01.PRESS"]
    assert tables(text, "tag")["T0"]["write"]["interlocks"] == ["PU01.PRESS < 3"]
    rename(draft, "equipment", "PU02", "PU09")
    plant = examine_text(draft.revised_text(), drivers=(), grammars={}, folder="/nowhere").plant
    assert plant is None or plant.tag("PU09.PRESS").former == ("PU02.P", "PU09.P", "PU02.PRESS")


def test_that_tags_parameters_and_faults_of_the_station_follow_a_connection() -> None:
    draft = Draft(TEXT)
    rename(draft, "connection", "line", "mill")
    text = draft.revised_text()
    assert problems(text) == []
    assert tables(text, "tag")["T0"]["connection"] == "mill"
    assert [each["parameters"]["plc"] for each in tomllib.loads(text)["equipment"]] == ["mill", "mill"]
    assert tables(text, "alarm")["line"]["causes"] == ["station/connection/mill"]
    assert "[connection.mill]\n" in text


def test_that_a_thing_that_is_renamed_twice_and_back_tells_only_names_that_it_had_in_the_file() -> None:
    draft = Draft(TEXT)
    rename(draft, "tag", "T0", "T1")
    rename(draft, "tag", "T1", "T2")
    assert tables(draft.revised_text(), "tag")["T2"]["former"] == ["T0"]
    rename(draft, "tag", "T2", "T0")
    assert draft.revised_text() == TEXT
    assert not draft.is_changed


def test_that_nothing_follows_where_two_things_would_have_one_name() -> None:
    draft = Draft(TEXT)
    rename(draft, "tag", "T0", "PU01.P")
    assert tables(draft.revised_text(), "alarm")["line"]["tag"] == "T0"
    assert any("stands already" in problem for problem in problems(draft.revised_text()))


def test_that_two_tags_swap_their_names_with_all_that_names_them() -> None:
    draft = Draft(SAMPLE)
    sheet = sheet_of(draft, "tag", Scope())
    name = sheet.columns[0]
    step = changes_step(draft, "set", [(sheet.rows[0], name, "AC01.E"), (sheet.rows[1], name, "AC01.T_D")])
    draft.do(following(draft, step))
    alarms = tables(draft.revised_text(), "alarm")
    assert alarms["AC01.T_D.H"]["tag"] == "AC01.E"


@pytest.mark.parametrize("kind", ["tag", "equipment", "connection", "alarm", "forecast", "spare_part"])
@pytest.mark.parametrize("name", ["sample", "demo"])
def test_that_a_plant_in_which_all_of_a_kind_is_renamed_is_in_order(kind: str, name: str) -> None:
    text = SAMPLE if name == "sample" else DEMO.read_text("utf-8")
    draft = Draft(text)
    sheet = sheet_of(draft, kind, Scope())
    step = changes_step(draft, "fill", [(row, sheet.columns[0], f"new {row.name}") for row in sheet.rows])
    draft.do(following(draft, step))
    assert problems(draft.revised_text()) == problems(text)
    draft.undo()
    assert draft.revised_text() == text


def test_that_a_renaming_is_told_as_such_with_all_that_follows() -> None:
    draft = Draft(TEXT)
    rename(draft, "tag", "T0", "T9")
    before, after = tomllib.loads(TEXT), draft.document()
    told = [(each.what, each.subject.name, each.key) for each in configuration_changes(before, after)]
    assert told == [
        (Difference.RENAMED, "T9", ""),
        (Difference.CHANGED, "both", "expression"),
        (Difference.CHANGED, "line", "tag"),
        (Difference.CHANGED, "", "tags"),
    ]
    assert [(each.kind, each.added, each.removed, each.changed) for each in effects(before, after)] == [
        ("tag", 0, 0, 1),
        ("alarm", 0, 0, 2),
    ]


def test_that_only_names_are_replaced_in_an_expression() -> None:
    names = {"A": "B", "e5": "X", "and": "Y", "Line 1": "L1"}
    assert with_names("A+{A}*1e5 and {Line 1} > AB", names) == "B+B*1e5 and L1 > AB"


def test_that_every_reference_of_a_table_is_found() -> None:
    document: Mapping[str, Any] = tomllib.loads(TEXT)
    found = {pair for kind in ("tag", "alarm") for table in document[kind] for pair in references(kind, table)}
    assert found == {
        ("equipment", "PU02"),
        ("connection", "line"),
        ("comparison", "PU01.P < 3"),
        ("tag", "PU01.RUN"),
        ("expression", "PU01.RUN == 1 and T0 > 1e5 + PU01.P"),
        ("alarm", "PU01.P.H"),
        ("tag", "T0"),
        ("alarm", "station/connection/line"),
    }


def test_that_each_instance_is_looked_at_a_few_times_only_however_many_there_are() -> None:
    spent = []
    for count in (100, 400):
        pumps = "".join(
            f'\n[[equipment]]\nid = "Q{n}"\nname = "Q"\nclass = "pump"\nparameters = {{ plc = "line", base = {n} }}\n'
            for n in range(count)
        )
        draft = Draft(CLASSED + pumps)
        sheet = sheet_of(draft, "equipment", Scope())
        step = changes_step(draft, "set", [(sheet.rows[-1], sheet.columns[0], "R")])
        tries = []
        for _ in range(3):
            began = time.process_time()
            following(draft, step)
            tries.append(time.process_time() - began)
        spent.append(min(tries))
    assert spent[1] < 10 * spent[0], "four times the instances, and sixteen times the work where each looks at all"
