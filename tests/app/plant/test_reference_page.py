"""The reference page of the plant file names every key, and its example is a valid plant."""

import re
from pathlib import Path

import msgspec
import pytest

from app.model.picture_symbol import SYMBOL_KINDS
from app.plant import (
    alarm_grammar,
    class_grammar,
    grammar,
    maintenance_grammar,
    method_grammar,
    report_grammar,
    vibration_grammar,
)
from app.plant.file import examine_plant
from app.plant.picture import grammar as picture_grammar
from drivers.modbus.client import ModbusDriver
from drivers.opcua.settings import OPTIONS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "plant-file.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[grammar.Table]] = {
    "## `[plant]`": grammar.PlantTable,
    "## `[history]`": grammar.HistoryTable,
    "## `[collector]`": grammar.CollectorTable,
    "## `[alarms]`": alarm_grammar.AlarmRulesTable,
    "## `[[equipment]]`": grammar.EquipmentTable,
    "## `[[equipment_class]]`": class_grammar.EquipmentClassTable,
    "## `[connection.NAME]`": grammar.ConnectionTable,
    "## `[[tag]]`": grammar.TagTable,
    "What a number means": grammar.StateNameTable,
    "What may be doubted of a tag": grammar.CleaningTable,
    "What a write must obey": grammar.WriteTable,
    "The states of equipment": grammar.StateTable,
    "## `[[method]]`": method_grammar.MethodTable,
    "### `[[method.argument]]`": method_grammar.ArgumentTable,
    "### `[[method.output]]`": method_grammar.OutputTable,
    "## `[[alarm]]`": alarm_grammar.AlarmTable,
    "### `[alarm.sheet]`": alarm_grammar.SheetTable,
    "## `[[alarm_class]]`": alarm_grammar.AlarmClassTable,
    "## `[alarm_matrix]`": alarm_grammar.MatrixTable,
    "## `[[forecast]]`": grammar.ForecastTable,
    "The nameplate of equipment": grammar.NameplateTable,
    "## `[maintenance]`": maintenance_grammar.MaintenanceRulesTable,
    "## `[[spare_part]]`": maintenance_grammar.SparePartTable,
    "## `[[maintenance_definition]]`": maintenance_grammar.MaintenanceDefinitionTable,
    "A line of the checklist": maintenance_grammar.CheckTable,
    "## `[[planned_stop]]`": maintenance_grammar.PlannedStopTable,
    "## `[report]`": report_grammar.ReportTable,
    "## `[[shift]]`": report_grammar.ShiftTable,
    "## `[[vibration_zones]]`": vibration_grammar.ZoneLimitsTable,
    "## `[[measuring_point]]`": vibration_grammar.MeasuringPointTable,
    "The bearing of a measuring point": vibration_grammar.BearingTable,
    "## `[[picture]]`": picture_grammar.PictureTable,
    "### `[[picture.symbol]]`": picture_grammar.SymbolTable,
    "### `[[picture.pipe]]`": picture_grammar.PipeTable,
    "### `[[picture.readout]]`": picture_grammar.ReadoutTable,
    "## `pictures/ID.toml`": picture_grammar.PictureFileTable,
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_that_each_key_and_whether_it_must_be_given_is_on_the_page(heading: str) -> None:
    table = SECTIONS[heading]
    rows = PAGE.partition(f"\n{heading}")[2].partition("|---")[2].partition("\n\n")[0]
    written = dict(re.findall(r"^\| (?:\*\*)?`(\w+)`(\*\*)? \|", rows, re.MULTILINE))
    fields = {field.encode_name for field in msgspec.structs.fields(table)}
    assert set(written) == fields
    assert {key for key, mark in written.items() if mark} == set(table.required)


def test_that_the_example_of_the_page_is_a_valid_plant(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "plant.toml"
    path.write_text(example, encoding="utf-8")
    assert examine_plant(path, drivers=("modbus", "opcua")).problems == ()


def test_that_the_plant_of_the_guide_to_engineering_is_a_valid_one(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "how-to" / "engineer-a-plant.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    path = tmp_path / "plant.toml"
    path.write_text(example, encoding="utf-8")
    found = examine_plant(path, drivers=("modbus",), grammars={"modbus": ModbusDriver})
    assert found.problems == ()
    assert found.plant is not None
    assert [tag.name for tag in found.plant.tags] == ["PU01.P", "PU01.RUN", "PU02.P", "PU02.RUN"]


def test_that_each_option_of_opc_ua_is_on_the_page() -> None:
    rows = PAGE.partition("### Options of `opcua`")[2].partition("|---")[2].partition("\n\n")[0]
    written = {
        name for row in rows.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert written == set(OPTIONS)


def test_that_each_symbol_is_on_the_page() -> None:
    assert all(f'`"{kind}"`' in PAGE for kind in SYMBOL_KINDS)
