"""Lists of tags of other programs become tags, line by line; what cannot is told with its line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.plant.tag_list.entry import Reading, TagEntry, TagList, TagListError
from app.plant.tag_list.read import read_tag_list
from app.plant.tag_list.unit_word import ucum_of
from drivers.driver import BadAddress
from drivers.modbus.address import parse_address
from drivers.opcua.node_id import check_node_id
from drivers.replay.failure import RecordingError
from tests.app.plant.tag_list import lists


def read(folder: Path, content: str | bytes, *, encoding: str = "utf-8", reading: Reading | None = None) -> TagList:
    path = folder / "list"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_tag_list(path, reading)


def by_name(found: TagList) -> dict[str, TagEntry]:
    return {entry.name: entry for entry in found.entries}


def at(found: TagList, line: int) -> str:
    (message,) = [problem.message for problem in found.problems if problem.line == line]
    return message


def check_all(found: TagList) -> None:
    for entry in found.entries:
        address = str(entry.keys["address"])
        if entry.driver == "opcua":
            check_node_id(address)
        else:
            parse_address(address)


def test_that_the_csv_of_kepware_is_translated(tmp_path: Path) -> None:
    found = read(tmp_path, lists.KEPWARE)
    tags = by_name(found)
    check_all(found)
    assert found.kind == "Kepware CSV"
    steam = tags["Boiler.T_STEAM"]
    assert dict(steam.keys) == {
        "address": "HR0:F32:CDAB", "scan_ms": 100, "unit": "Cel", "title": "Steam, main line"
    }  # fmt: skip
    assert steam.line == 2
    drum = tags["Boiler.P_DRUM"].keys
    assert (drum["address"], drum["raw"], drum["scaled"]) == ("HR2:U16", [0.0, 27648.0], [0.0, 16.0])
    assert drum["title"] == 'Drum "A" pressure'
    assert dict(tags["Boiler.RUN"].keys) == {"address": "CO4", "type": "bool", "scan_ms": 10}
    assert tags["Boiler.READY"].keys["address"] == "HR9.3"
    assert tags["Boiler.NAME"].keys == {"address": "HR19:STR16", "type": "text", "scan_ms": 1000}
    assert (tags["Boiler.COUNT"].keys["address"], tags["Boiler.COUNT"].keys["type"]) == ("IR100:U64:CDAB", "int64")
    assert tags["Boiler.UA"].keys["address"] == "ns=2;s=Channel1.Device1.Tag1"
    assert "--order ABCD" in found.notes[0]


def test_that_lines_of_kepware_without_a_counterpart_are_told_and_the_others_taken(tmp_path: Path) -> None:
    found = read(tmp_path, lists.KEPWARE)
    assert len(found.entries) == 7
    assert "array" in at(found, 9)
    assert "Square Root" in at(found, 10)
    assert "stands at line 2 already" in at(found, 11)
    assert "neither an address of Modbus" in at(found, 12)


def test_that_the_order_of_kepware_can_be_told(tmp_path: Path) -> None:
    found = read(tmp_path, lists.KEPWARE, reading=Reading(order="ABCD"))
    assert by_name(found)["Boiler.T_STEAM"].keys["address"] == "HR0:F32:ABCD"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_that_a_plain_list_is_read_in_each_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    found = read(tmp_path, lists.PLAIN.replace(";", delimiter), encoding=encoding)
    tags = by_name(found)
    check_all(found)
    assert dict(tags["TI-101"].keys) == {
        "address": "HR0:F32", "range": [0.0, 150.5], "unit": "Cel", "title": "Oil temperature"
    }  # fmt: skip
    assert tags["PI-101"].keys["gain"] == 0.1
    assert (tags["FI-101"].keys["address"], tags["FI-101"].keys["unit"]) == ("HR4:U32", "m3/h")
    assert tags["RUN-1"].keys == {"address": "DI0", "type": "bool"}
    assert tags["STATE.3"].keys["address"] == "HR9.3"
    assert tags["SERIAL"].keys == {"address": "HR99:STR20", "type": "text"}
    assert tags["OWN"].keys["address"] == "2/HR100:F32:DCBA"
    assert [problem.line for problem in found.problems] == [10, 11, 12, 13]
    assert "quark" in at(found, 10)
    assert "does not say its table" in at(found, 11)
    assert '"null" in the column low is not a number' in at(found, 12)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_that_a_chinese_list_with_function_codes_is_read(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, lists.CHINESE, encoding=encoding)
    check_all(found)
    assert {name: entry.keys["address"] for name, entry in by_name(found).items()} == {
        "主蒸汽温度": "1/HR0:F32:CDAB",
        "汽包压力": "1/HR10:U16",
        "给水流量": "2/IR100:I32:CDAB",
        "运行": "1/CO5",
    }
    assert by_name(found)["给水流量"].keys["unit"] == "m3/h"
    assert "reads nothing" in at(found, 6)
    assert found.notes == ("columns that mean nothing here: 序号",)


def test_that_the_json_of_ignition_is_translated_with_its_folders_and_parameters(tmp_path: Path) -> None:
    found = read(tmp_path, lists.ignition())
    tags = by_name(found)
    check_all(found)
    assert dict(tags["Line 1.T1"].keys) == {
        "address": "HR100:F32:CDAB", "range": [0.0, 200.0], "unit": "Cel", "title": "Oven, zone 1"
    }  # fmt: skip
    assert tags["Line 1.T1"].device == "PLC1"
    assert tags["Line 1.P1"].keys["address"] == "2/IR10:U16"
    assert tags["Line 1.P1"].keys["raw"] == [0.0, 4095.0]
    assert tags["Line 1.RUN"].keys["address"] == "CO0"
    assert tags["Line 1.BIT"].keys["address"] == "HR4.12"
    assert tags["Line 1.TEXT"].keys["address"] == "HR199:STR20"
    assert (tags["Line 1.UA"].driver, tags["Line 1.UA"].device) == ("opcua", "Kepware")
    assert tags["Line 1.M1.I"].keys["address"] == "HR500:F32:CDAB"
    told = " ".join(problem.message for problem in found.problems)
    assert "Line 1/CALC: its value comes from expr" in told
    assert "[S7]DB1,REAL0" in told
    assert "Line 1/OFF: it is disabled" in told
    assert "{Nowhere}" in told
    lines = lists.ignition().splitlines()
    assert all(
        f'"{problem.message.split(":")[0].rpartition("/")[2]}"' in lines[problem.line - 1] for problem in found.problems
    )


def test_that_registers_of_ignition_can_count_from_zero(tmp_path: Path) -> None:
    found = read(tmp_path, lists.ignition(), reading=Reading(order="ABCD", base=0))
    assert by_name(found)["Line 1.T1"].keys["address"] == "HR101:F32:ABCD"


def test_that_the_csv_of_older_ignitions_is_translated(tmp_path: Path) -> None:
    found = read(tmp_path, lists.IGNITION_CSV)
    check_all(found)
    assert [(entry.name, entry.keys["address"]) for entry in found.entries] == [
        ("Line 1.T1", "HR100:F32:CDAB"),
        ("Line 1.N", "HR102:I32:CDAB"),
    ]
    assert found.entries[0].keys["range"] == [0.0, 200.0]
    assert found.entries[1].keys["scaled"] == [0.0, 1.0]


def test_that_the_variables_of_a_nodeset_are_tags_and_its_types_and_properties_are_none(tmp_path: Path) -> None:
    found = read(tmp_path, lists.NODESET)
    tags = by_name(found)
    check_all(found)
    assert dict(tags["Press1.Force"].keys) == {
        "address": "nsu=urn:site:hall;s=Press1.Force", "range": [0.0, 2500.5], "unit": "kN", "title": "Closing force"
    }  # fmt: skip
    assert tags["Press1.Mode"].keys["address"] == "nsu=urn:site:hall;s=Press1.Mode"
    assert tags["Press1.Order"].keys["type"] == "text"
    assert set(tags) == {"Press1.Force", "Press1.Mode", "Press1.Order"}
    told = {problem.message.partition(":")[0]: problem for problem in found.problems}
    assert set(told) == {"Shot", "Curve", "Lost"}
    assert "structure" in told["Shot"].message
    assert lists.NODESET.splitlines()[told["Curve"].line - 1].lstrip().startswith("<UAVariable")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">&b;</UANodeSet>'
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (BOMB, "DOCTYPE"),
        ("<a><b></a>", "no XML"),
        ('<svg xmlns="x"/>', "no NodeSet2"),
        ("<a>" * 400, "no XML|nested|no NodeSet2"),
        (lists.NODESET[:2000], "no XML"),
        ("{" * 100_000, "not JSON|nested"),
        ("[" * 100_000 + "]" * 100_000, "nested"),
        ('{"tags": []}', "no tags"),
        ("a,b,c\n1,2,3\n", "no list known here"),
        ("only one column\nx\n", "fall into columns"),
        ('name,address\nA,"40001\n', "quotes"),
        ("x" * 70_000 + ",y\n", "far too long"),
    ],
)
def test_that_what_is_no_list_is_refused_with_its_reason(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(TagListError, match=told):
        read(tmp_path, content)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"\x1f\x8b\x08", b"a,b\n\x00\x01,2"])
def test_that_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RecordingError, match="list"):
        read(tmp_path, content)


def test_that_a_file_of_any_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(TagListError, match="65 MiB"):
        read_tag_list(path)
    with pytest.raises(RecordingError, match="is a folder"):
        read_tag_list(tmp_path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    base=st.sampled_from(
        [lists.KEPWARE, lists.PLAIN, lists.CHINESE, lists.ignition(), lists.NODESET, lists.IGNITION_CSV]
    ),
    places=st.lists(st.tuples(st.floats(0, 1), st.sampled_from([*'",;\t\n<>{}[]&0:\\/\u00e9 ', ""])), max_size=6),
)
@example(base=lists.ignition(), places=[(0.3, '"')])
@example(base=lists.IGNITION_CSV, places=[(0.0, ","), (0.875, ",")])
def test_that_a_damaged_list_ends_in_tags_and_problems_or_is_refused(
    tmp_path: Path, base: str, places: list[tuple[float, str]]
) -> None:
    text = base
    for share, letter in places:
        place = int(share * (len(text) - 1))
        text = text[:place] + letter + text[place + 1 :]
    try:
        found = read(tmp_path, text)
    except (TagListError, RecordingError):
        return
    for entry in found.entries:
        assert entry.name
        assert entry.line >= 0
        if entry.driver == "modbus":
            try:
                parse_address(str(entry.keys["address"]))
            except BadAddress:
                continue  # told at its line when it is compared with a plant


@pytest.mark.parametrize(
    ("word", "code"),
    [("°C", "Cel"), ("kWh", "kW.h"), ("rpm", "{rpm}"), ("m³/h", "m3/h"), ("KW", "kW"), ("bar", "bar"),
     ("furlong", "furlong"),     ("MW", "MW"), ("mW", "mW"), ("MPa", "MPa"), ("mPa", "mPa"), ("-", "")],
)  # fmt: skip
def test_that_units_are_taken_for_what_they_mean(word: str, code: str) -> None:
    assert ucum_of(word) == code
