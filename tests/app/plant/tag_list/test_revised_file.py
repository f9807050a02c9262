"""A list of tags beside a plant file: the difference, and the file that comes of it without losing anything."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import MappingProxyType

import pytest

from app.acquisition.registry import driver_names, grammars
from app.plant.demo import demo_plant
from app.plant.file import examine_plant
from app.plant.problem import PlantFileError
from app.plant.tag_list.difference import Placing
from app.plant.tag_list.entry import TagEntry, TagList
from app.plant.tag_list.own_csv import proposed_csv, tags_csv
from app.plant.tag_list.read import read_tag_list
from app.plant.tag_list.revised_file import Comparison, FileChanged, compare, take_over
from app.plant.tag_list.revision import CannotRevise
from app.plant.writer import plant_text
from drivers.probe import ProposedTag
from tests.app.plant.tag_list import lists

PLANT = """\
# Boiler house, kept by shift A
[plant]
id = "boilers"
name = "Boilers"

[[equipment]]
id = "B1"
name = "Boiler 1"

[connection.PLC1]   # the new one
driver = "modbus"
url = "modbus://127.0.0.1:502"

[connection.SERVER]
driver = "opcua"
url = "opc.tcp://127.0.0.1:4840"

[[tag]]
name = "Boiler.T_STEAM"     # do not rename: the report reads it
equipment = "B1"
connection = "PLC1"
address = "HR7:F32"   # was HR5 before 2019
title = { en = "Steam", zh = "蒸汽" }
range = [
  0.0,    # cold
  400.0,
]
clean.spike = 20.0
gain = 0.5

# a tag without a device any more
[[tag]]
name = "OLD"
equipment = "B1"
connection = "PLC1"
address = "HR90"
write = { range = [0.0, 1.0] }

[[alarm]]
id = "A1"
tag = "Boiler.T_STEAM"
condition = "high"
limit = 380.0
priority = 2
message = "Steam too hot"
"""


def compared(folder: Path, found: TagList, **placing: str) -> Comparison:
    connections = MappingProxyType({"": placing["connection"]} if "connection" in placing else {})
    return compare(
        folder / "plant.toml",
        found,
        Placing(connections, placing.get("equipment", "")),
        drivers=driver_names(),
        grammars=grammars(),
    )


def taken_over(comparison: Comparison) -> Path:
    return take_over(comparison, drivers=driver_names(), grammars=grammars())


def plant_in(folder: Path, text: str = PLANT) -> Path:
    path = folder / "plant.toml"
    path.write_bytes(text.encode())
    return path


def listed(*entries: TagEntry) -> TagList:
    return TagList("a list", entries)


def entry(name: str, line: int = 2, **keys: object) -> TagEntry:
    return TagEntry(line, name, {"address": "HR1:F32", **keys})


def kepware(folder: Path) -> TagList:
    path = folder / "kepware.csv"
    path.write_text(lists.KEPWARE, "utf-8", newline="")
    return read_tag_list(path)


def test_that_a_difference_names_what_is_new_changed_and_only_there(tmp_path: Path) -> None:
    plant_in(tmp_path)
    found = compared(tmp_path, kepware(tmp_path)).difference
    assert [change.name for change in found.new][:2] == ["Boiler.P_DRUM", "Boiler.RUN"]
    (steam,) = found.changed
    assert {key.key: (key.before, key.after) for key in steam.keys} == {
        "address": ("HR7:F32", "HR0:F32:CDAB"),
        "title": ({"en": "Steam", "zh": "蒸汽"}, {"en": "Steam, main line", "zh": "蒸汽"}),
        "unit": (None, "Cel"),
        "scan_ms": (None, 100),
    }
    assert found.only_there == ("OLD",)
    assert len(found.problems) == 4
    assert (tmp_path / "plant.toml").read_text("utf-8") == PLANT


def test_that_taking_over_keeps_comments_order_and_all_that_the_list_does_not_say(tmp_path: Path) -> None:
    path = plant_in(tmp_path)
    path.chmod(0o640)
    former = taken_over(compared(tmp_path, kepware(tmp_path)))
    text = path.read_text("utf-8")
    for kept in (
        "# Boiler house",
        "# the new one",
        "# do not rename",
        "# was HR5 before 2019",
        "# cold",
        "# a tag without",
    ):
        assert kept in text
    assert text.index("clean.spike") < text.index('unit = "Cel"') < text.index('name = "OLD"')
    assert text.index('name = "OLD"') < text.index('name = "Boiler.P_DRUM"') < text.index("[[alarm]]")
    assert former.read_text("utf-8") == PLANT
    assert path.stat().st_mode & 0o777 == 0o640
    examination = examine_plant(path, drivers=driver_names(), grammars=grammars())
    assert examination.plant is not None
    tags = {tag.name: tag for tag in examination.plant.tags}
    assert list(tags)[:2] == ["Boiler.T_STEAM", "OLD"]
    assert (tags["Boiler.T_STEAM"].gain, tags["Boiler.T_STEAM"].cleaning.spike, tags["OLD"].write is None) == (
        0.5,
        20.0,
        False,
    )
    assert compared(tmp_path, kepware(tmp_path)).difference.is_empty


@pytest.mark.parametrize("text", [PLANT.replace("\n", "\r\n"), "\ufeff" + PLANT, PLANT.rstrip("\n")])
def test_that_line_ends_and_marks_of_the_file_stay(tmp_path: Path, text: str) -> None:
    path = plant_in(tmp_path, text)
    taken_over(compared(tmp_path, kepware(tmp_path)))
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") == text.startswith("\ufeff")
    assert (written.count(b"\r\n") == written.count(b"\n")) == ("\r\n" in text)


def test_that_our_own_list_changes_nothing_when_it_comes_back(tmp_path: Path) -> None:
    for folder, source in ((tmp_path / "a", PLANT), (tmp_path / "b", plant_text(demo_plant()))):
        folder.mkdir()
        path = plant_in(folder, source)
        listed_again = folder / "tags.csv"
        listed_again.write_text(tags_csv(tomllib.loads(path.read_text("utf-8"))["tag"]), "utf-8", newline="")
        found = read_tag_list(listed_again)
        assert found.kind == "list of tags of Foreshift"
        difference = compared(folder, found).difference
        assert (difference.new, difference.changed, difference.problems) == ((), (), ())
        assert difference.only_there == ()
        assert len(difference.unchanged) > 1


def test_that_a_cell_never_becomes_a_formula_and_comes_back_as_it_was(tmp_path: Path) -> None:
    plant_in(tmp_path)
    text = tags_csv(
        [{"name": "=1+1", "title": "-dangerous", "address": "HR1", "equipment": "B1", "connection": "PLC1"}]
    )
    assert "'=1+1" in text
    assert "'-dangerous" in text
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8", newline="")
    (change,) = compared(tmp_path, read_tag_list(path)).difference.new
    assert (change.name, change.table["title"]) == ("=1+1", "-dangerous")


def test_that_proposed_tags_become_tags_of_the_plant(tmp_path: Path) -> None:
    path = plant_in(tmp_path)
    file = tmp_path / "t.csv"
    tags = [
        ProposedTag("INV.W", "1/HR40084:I16N:ABCD", "Power", "W", gain=10.0),
        ProposedTag("E", "HR1:U32", is_counter=True),
    ]
    file.write_text(proposed_csv(tags), "utf-8", newline="")
    taken_over(compared(tmp_path, read_tag_list(file), connection="PLC1"))
    plant = examine_plant(path).plant
    assert plant is not None
    assert [(tag.name, tag.gain, tag.unit, str(tag.kind)) for tag in plant.tags[-2:]] == [
        ("INV.W", 10.0, "W", "analog"),
        ("E", 1.0, "", "counter"),
    ]


def test_that_a_scale_said_as_two_ranges_takes_the_place_of_a_gain(tmp_path: Path) -> None:
    path = plant_in(tmp_path)
    change = entry("Boiler.T_STEAM", address="HR7:F32", raw=[0.0, 100.0], scaled=[0.0, 10.0])
    taken_over(compared(tmp_path, listed(change)))
    table = tomllib.loads(path.read_text("utf-8"))["tag"][0]
    assert "gain" not in table
    assert table["raw"] == [0.0, 100.0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (entry("X", connection="NONE"), "no connection NONE: one of PLC1, SERVER"),
        (entry("X", connection="PLC1", equipment="NONE"), "no equipment NONE: one of B1"),
        (TagEntry(2, "X", {"address": "HR1"}, driver="sparkplug"), "no connection for sparkplug"),
        (entry("X"), "give --connection NAME, one of PLC1, SERVER"),
        (TagEntry(2, "X", {"address": "HR1"}, device="D", driver=""), "give --connection D=NAME"),
        (entry("X", connection="PLC1", address="rubbish"), "not a Modbus address"),
        (entry("X", connection="PLC1", scan_ms=1), "milliseconds from 10"),
        (entry(" X", connection="PLC1"), "without blanks around it"),
        (entry("X", connection="PLC1", type="text", unit="bar"), "remove it"),
        (TagEntry(2, "X", {"address": "i=1", "connection": "PLC1"}, driver="opcua"), "its address is one of opcua"),
    ],
)
def test_that_an_entry_with_anything_wrong_is_told_at_its_line_and_changes_nothing(
    tmp_path: Path, given: TagEntry, told: str
) -> None:
    plant_in(tmp_path)
    found = compared(tmp_path, listed(given)).difference
    assert found.is_empty
    (problem,) = found.problems
    assert problem.line == 2
    assert told in problem.message


def test_that_the_driver_finds_the_connection_where_only_one_fits(tmp_path: Path) -> None:
    plant_in(tmp_path)
    (change,) = compared(tmp_path, listed(TagEntry(2, "X", {"address": "HR1"}, driver="modbus"))).difference.new
    assert (change.table["connection"], change.table["equipment"]) == ("PLC1", "B1")
    by_device = compared(tmp_path, listed(TagEntry(2, "X", {"address": "HR1"}, device="plc1"))).difference
    assert by_device.new[0].table["connection"] == "PLC1"


def test_that_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = plant_in(tmp_path)
    comparison = compared(tmp_path, listed(entry("X", connection="PLC1")))
    path.write_text(PLANT + "# by somebody else\n", "utf-8")
    with pytest.raises(FileChanged, match="compare again"):
        taken_over(comparison)
    assert path.read_text("utf-8").endswith("# by somebody else\n")
    assert len(list(tmp_path.iterdir())) == 1


def test_that_a_layout_that_cannot_be_revised_is_left_as_it_is(tmp_path: Path) -> None:
    array = 'tag = [{ name = "A", equipment = "B1", connection = "PLC1", address = "HR1" }]\n'
    text = array + PLANT[: PLANT.index("[[tag]]")]
    path = plant_in(tmp_path, text)
    for name in ("A", "B"):
        with pytest.raises(CannotRevise, match=r"\[\[tag\]\]|by hand|by rule"):
            taken_over(compared(tmp_path, listed(entry(name, connection="PLC1"))))
    assert path.read_text("utf-8") == text


def test_that_a_table_of_its_own_is_changed_by_hand(tmp_path: Path) -> None:
    text = PLANT.replace("clean.spike = 20.0\n", "").replace("gain = 0.5\n", "gain = 0.5\n[tag.clean]\nspike = 20.0\n")
    path = plant_in(tmp_path, text)
    change = entry("Boiler.T_STEAM", address="HR7:F32", clean={"spike": 3.0})
    with pytest.raises(CannotRevise, match="by hand"):
        taken_over(compared(tmp_path, listed(change)))
    taken_over(compared(tmp_path, listed(entry("Boiler.T_STEAM", unit="Cel"))))
    assert tomllib.loads(path.read_text("utf-8"))["tag"][0]["clean"] == {"spike": 20.0}


def test_that_a_plant_file_with_problems_takes_nothing_over(tmp_path: Path) -> None:
    plant_in(tmp_path, PLANT.replace("limit = 380.0", ""))
    with pytest.raises(PlantFileError, match="limit"):
        compared(tmp_path, listed(entry("X", connection="PLC1")))


def test_that_a_plant_without_tags_gets_its_first(tmp_path: Path) -> None:
    path = plant_in(tmp_path, PLANT[: PLANT.index("[[tag]]")])
    taken_over(compared(tmp_path, kepware(tmp_path)))
    assert len(tomllib.loads(path.read_text("utf-8"))["tag"]) == 7
