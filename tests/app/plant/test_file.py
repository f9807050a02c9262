"""The plant file: what is read, and how each thing that is wrong is told."""

import math
from pathlib import Path

import pytest

from app.model.alarm import ConditionKind, Priority
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from app.model.plant import Plant
from app.model.retention import FOR_EVER, Retention
from app.model.tag import CleaningRule, TagKind
from app.model.text import LocalText
from app.plant.file import examine_plant, read_plant
from app.plant.problem import PlantFileError
from drivers.modbus.client import ModbusDriver
from drivers.opcua.client import OpcUaDriver
from tests.app.plant.sample import SAMPLE, line_of, only_problem, problems_of, replaced, write


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return read_plant(write(tmp_path, SAMPLE), drivers=("modbus", "opcua"))


def test_that_a_valid_file_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SAMPLE) == []


def test_that_the_plant_has_its_names_in_both_languages_and_its_time_scale(plant: Plant) -> None:
    assert plant.name == LocalText("Huangdao Heat-Treat", "黄岛热处理线")
    assert plant.equipment[0].name == LocalText("Compressed air")
    assert plant.time_scale == 60.0


def test_that_a_tag_has_every_number_of_the_file(plant: Plant) -> None:
    tag = plant.tag("AC01.T_D")
    assert (tag.low, tag.high, tag.normal_low, tag.normal_high) == (0, 150, 70, 90)
    assert (tag.gain, tag.offset, tag.scan_ms, tag.decimals) == (0.1, -2.5, 500, 1)
    assert tag.cleaning == CleaningRule(spike=20, stuck_s=60, stale_s=5)


def test_that_a_tag_has_defaults_for_what_is_not_given(plant: Plant) -> None:
    tag = plant.tag("AC01.E")
    assert (tag.kind, tag.width_bits, tag.title) == (TagKind.COUNTER, 32, LocalText("AC01.E"))
    assert (tag.low, tag.high) == (-math.inf, math.inf)
    assert math.isnan(tag.normal_low)


def test_that_the_history_has_its_limits_and_a_tag_its_own(plant: Plant) -> None:
    assert plant.retention == Retention(raw_days=30.0, minute_days=365.0, hour_days=3650.5)
    assert plant.tag("AC01.T_D").keep_days == 7.0
    assert plant.tag("AC01.E").keep_days is None


def test_that_limits_that_are_not_given_have_their_defaults(tmp_path: Path) -> None:
    text = replaced("raw_days = 30\nminute_days = 365\nhour_days = 3650.5\n", "raw_days = 0\n")
    assert problems_of(tmp_path, text) == []
    assert read_plant(tmp_path / "plant.toml").retention == Retention(FOR_EVER, 730.0, FOR_EVER)
    (tmp_path / "plant.toml").write_text(replaced("[history]\n", "").partition("raw_days")[0], encoding="utf-8")
    assert read_plant(tmp_path / "plant.toml").retention == Retention(90.0, 730.0, FOR_EVER)


def test_that_handles_number_the_tags_in_the_order_of_the_file(plant: Plant) -> None:
    assert [(tag.handle, tag.name) for tag in plant.tags] == [(0, "AC01.T_D"), (1, "AC01.E")]


def test_that_further_keys_of_a_connection_are_options_of_its_driver(plant: Plant) -> None:
    expected = ConnectionDefinition("utilities", "modbus", "modbus://127.0.0.1:15020?unit=1", {"order": "ABCD"})
    assert plant.connections[0] == expected
    assert plant.connections[1].id == "line 2"


def test_that_alarms_and_forecasts_have_their_limits(plant: Plant) -> None:
    high, deviation = plant.alarms
    assert (high.condition, high.limit, high.priority) == (ConditionKind.HIGH, 100, Priority.HIGH)
    assert (deviation.condition, deviation.setpoint) == (ConditionKind.DEVIATION, 80)
    (forecast,) = plant.forecasts
    assert (forecast.limit, forecast.direction, forecast.horizon_h) == (110, ConditionKind.HIGH, 240)


def test_that_a_picture_has_its_parts(plant: Plant) -> None:
    (picture,) = plant.pictures
    assert picture.size == (1000, 620)
    assert picture.symbols[0].at == (200, 150)
    assert picture.pipes[0].points == ((0, 150), (155, 150))
    assert picture.readouts[0].label.in_language("zh") == "排气"
    assert picture.sparklines == ("AC01.T_D",)


def test_that_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    assert len(read_plant(path).tags) == 2


WRONG = {
    "unknown key": ("decimals = 1", "decimal = 1", "decimal", "write `decimals`"),
    "unknown inline key": ('zh = "排气温度" }', 'ch = "排气温度" }', "ch =", "`ch` is not a key known here"),
    "wrong type": ("scan_ms = 500", 'scan_ms = "fast"', "scan_ms", "write scan_ms = 500"),
    "boolean as number": ("gain = 0.1", "gain = true", "gain", "not a number"),
    "no number": ("gain = 0.1", "gain = nan", "gain", "`gain` is nan"),
    "infinite limit": ("limit = 110.0", "limit = inf", "limit = inf", "not a number"),
    "huge number": ("offset = -2.5", f"offset = 1{'0' * 400}", "offset", "not a number"),
    "empty range": ("range = [0, 150]", "range = [150, 0]", "range", "is empty: write the lower number first"),
    "range of three": ("range = [0, 150]", "range = [0, 1, 2]", "range", "two numbers, the low and the high one"),
    "gain of zero": ("gain = 0.1", "gain = 0", "gain", "makes every value alike"),
    "width of no counter": ('kind = "counter"', 'kind = "discrete"', "width_bits", "is for counters"),
    "unknown type": ("width_bits = 32", 'type = "int32"', "int32", '"float64", "int64", "bool", "text"'),
    "fraction of wholes": ("width_bits = 32", 'type = "int64"\ngain = 0.5', "gain = 0.5", "makes no whole numbers"),
    "counter of texts": ("width_bits = 32", 'type = "text"', 'kind = "counter"', 'write type = "int64"'),
    "scale without its other end": ("gain = 0.1\noffset = -2.5", "raw = [0, 65535]", "raw = [0", "`scaled` is missing"),
    "empty raw range": ("gain = 0.1\noffset = -2.5", "raw = [1, 1]\nscaled = [0, 9]", "raw = [1", "is empty"),
    "unknown condition": ('condition = "high"', 'condition = "hi"', '"hi"', '"deviation", "rate"'),
    "priority": ("priority = 2", "priority = 5", "priority = 5", "1 (critical)"),
    "dead band": ("deadband = 1.0", "deadband = 150", "deadband", "is not below the range of AC01.T_D (150)"),
    "negative delay": ("on_delay_s = 1.0", "on_delay_s = -1", "on_delay_s", "0 or more"),
    "rate of zero": ('"high"\nlimit = 100.0', '"rate"\nlimit = 0.0', "limit = 0.0", "a rate of 0 is always exceeded"),
    "needless setpoint": ("off_delay_s = 2.0", "setpoint = 3.0", "setpoint = 3", "says nothing to the condition high"),
    "unknown setpoint": ("setpoint = 80", 'setpoint = "SP"', "SP", 'there is no tag "SP"'),
    "direction": ('direction = "high"', 'direction = "rate"', "direction", 'direction = "high" or "low"'),
    "window": ("window_h = 8.0", "window_h = 0", "window_h", "a number above 0"),
    "missing tag": ('tag = "AC01.T_D"\nat', 'tag = "AC01.T_d"\nat', '"AC01.T_d"', 'write "AC01.T_D"'),
    "missing sparkline": ('sparklines = ["AC01.T_D"]', 'sparklines = ["X"]', "sparklines", 'there is no tag "X"'),
    "missing parent": ('parent = "air"', 'parent = "water"', "parent", 'there is no equipment "water"'),
    "missing connection": ('connection = "line 2"', 'connection = "line 3"', "line 3", 'write "line 2"'),
    "own ancestor": ('level = "area"', 'parent = "AC01"', 'parent = "AC01"', "air < AC01 < air"),
    "duplicate tag": ('name = "AC01.E"', 'name = "AC01.T_D" #2', "#2", "stands already at line 34"),
    "empty url": ('url = "opc.tcp://127.0.0.1:4840"', 'url = ""', 'url = ""', "`url` is missing"),
    "time scale": ("time_scale = 60.0", "time_scale = 0", "time_scale", "a number above 0"),
    "negative days": ("raw_days = 30", "raw_days = -1", "raw_days", "not a number of days, or 0 for ever"),
    "endless days": ("hour_days = 3650.5", "hour_days = inf", "hour_days", "write hour_days = 90"),
    "days of a tag": ("keep_days = 7", 'keep_days = "7"', "keep_days", "write keep_days = 90"),
    "unknown limit": ("minute_days", "minutes_days", "minutes_days", "write `minute_days`"),
    "one point": ("[[0, 150], [155, 150]]", "[[0, 150]]", "points", "a pipe needs two ends"),
    "no size": ("size = [90, 90]", "size = [90, 0]", "[90, 0]", "cannot be drawn"),
    "name with a line end": ('id = "AC01.cooler"', 'id = "AC01\\n"', "AC01\\n", "printable characters"),
    "table for array": ("[[forecast]]", "[forecast]", "[forecast]", "begin each of them with [[forecast]]"),
    "unknown table": ("[[forecast]]", "[[forecasts]]", "[[forecasts]]", "write `forecast`"),
    "syntax": ("gain = 0.1", "gain = 0.1.2", "gain", "this is not TOML"),
}  # fmt: skip


def test_that_what_needs_numbers_is_refused_of_a_text(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, replaced("decimals = 1", 'type = "text"'))
    for key in ("unit", "gain", "offset", "range", "normal"):
        assert any(f"`{key}` is for numbers" in problem for problem in problems), key
    for what in ("an alarm", "a forecast", "a sparkline", "`spike` and `stuck_s`"):
        assert any(what in problem for problem in problems), what


def test_that_a_tag_has_the_type_of_its_values(tmp_path: Path) -> None:
    read = {}
    for word in ("int64", "bool", "text"):
        kind = 'kind = "counter"' if word == "int64" else ""
        text = replaced('kind = "counter"\nwidth_bits = 32', f'{kind}\ntype = "{word}"')
        tag = read_plant(write(tmp_path, text)).tag("AC01.E")
        read[word] = (tag.data_type, tag.kind)
    assert read == {
        "int64": (DataType.INT64, TagKind.COUNTER),
        "bool": (DataType.BOOLEAN, TagKind.DISCRETE),
        "text": (DataType.STRING, TagKind.DISCRETE),
    }


def test_that_a_counter_that_a_float64_cannot_hold_is_warned_of(tmp_path: Path) -> None:
    wide = "width_bits = 64"
    assert any("2^53" in problem for problem in problems_of(tmp_path, replaced("width_bits = 32", wide)))
    exact = replaced("width_bits = 32", f'{wide}\ntype = "int64"')
    assert not any("2^53" in problem for problem in problems_of(tmp_path, exact))


def test_that_two_ranges_are_a_scale(tmp_path: Path) -> None:
    text = replaced("gain = 0.1\noffset = -2.5", "raw = [4000, 20000]\nscaled = [-50.0, 150.0]")
    tag = read_plant(write(tmp_path, text)).tag("AC01.T_D")
    assert [raw * tag.gain + tag.offset for raw in (4_000, 12_000, 20_000)] == pytest.approx([-50.0, 50.0, 150.0])
    both = replaced("gain = 0.1\n", "gain = 0.1\nraw = [0, 1]\nscaled = [0, 2]\n")
    assert sum("both give the scale" in problem for problem in problems_of(tmp_path, both)) == 4


@pytest.mark.parametrize("case", WRONG)
def test_that_a_wrong_entry_is_told_with_its_line_and_remedy(tmp_path: Path, case: str) -> None:
    old, new, place, message = WRONG[case]
    text = replaced(old, new)
    problem = only_problem(tmp_path, text)
    assert problem.startswith(f"plant.toml:{line_of(text, place)}: ")
    assert message in problem
    with pytest.raises(PlantFileError, match=r"plant\.toml:"):
        read_plant(tmp_path / "plant.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("limit = 100.0", "limit = 160.0", "outside of the range 0 to 150 of AC01.T_D"),
        ("  90,", "  190,", "leaves the range"),
        ('kind = "compressor"', 'kind = "rocket"', "there is no drawing"),
        ("minute_days = 365", "minute_days = 7", "`minute_days` = 7 is shorter than `raw_days` = 30"),
        ("hour_days = 3650.5", "hour_days = 90", "which is taken: write 365"),
        ("raw_days = 30", "raw_days = 0", "`minute_days` = 365 is shorter than `raw_days` = 0"),
    ],
)
def test_that_what_is_hardly_meant_is_a_warning_and_the_plant_runs(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = replaced(old, new)
    assert ": warning: " in (problem := only_problem(tmp_path, text))
    assert message in problem
    assert read_plant(tmp_path / "plant.toml").id == "huangdao"


def test_that_crossed_limits_of_one_tag_name_both_lines(tmp_path: Path) -> None:
    low = '\n[[alarm]]\nid = "L"\ntag = "AC01.T_D"\ncondition = "low"\nlimit = 120\npriority = 4\nmessage = "Low"\n'
    text = SAMPLE + low
    problem = only_problem(tmp_path, text)
    assert problem.startswith(f"plant.toml:{line_of(text, 'limit = 120')}: ")
    assert f"of line {line_of(text, 'limit = 100.0')}: " in problem


def test_that_all_problems_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = SAMPLE
    for case in ("wrong type", "gain of zero", "priority", "missing connection", "one point", "time scale"):
        old, new, *_ = WRONG[case]
        text = text.replace(old, new)
    with pytest.raises(PlantFileError) as caught:
        read_plant(write(tmp_path, text))
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) == 6
    assert lines == sorted(lines)
    assert str(caught.value).count("\n") == 5


@pytest.mark.parametrize(
    ("row", "header_line", "message"),
    [
        ('address = "HR100:F32"\n', 33, '`address` is missing: add address = "HR100:F32"'),
        ("priority = 2\n", 61, "`priority` is missing: add priority = 2"),
        ("setpoint = 80\n", 72, "`setpoint` is missing: the condition deviation needs it: add setpoint ="),
    ],
)
def test_that_a_missing_key_is_told_at_its_table(tmp_path: Path, row: str, header_line: int, message: str) -> None:
    assert only_problem(tmp_path, replaced(row, "")).startswith(f"plant.toml:{header_line}: {message}")


def test_that_an_unknown_driver_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PlantFileError, match=r'plant.toml:30: there is no driver "opcua": write one of "modbus"'):
        read_plant(write(tmp_path, SAMPLE), drivers=("modbus",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"HR100:F32"', '"ZZ9"', '"ZZ9" is not a Modbus address: write '),
        ('"nsu=urn:foreshift:demo;s=AC01.E"', '"nsu=urn:foreshift:demo;x=1"', "is not a NodeId: write "),
        ('"modbus://127.0.0.1:15020?unit=1"', '"modbus://[::bad"', '"modbus://[::bad" is not a URL'),
        ('?unit=1"', '?unit=256"', "option unit"),
        ('order = "ABCD"', 'order = "XYZW"', 'option order = "XYZW": give one of ABCD'),
        ('order = "ABCD"', "odrer = 1", '"modbus://127.0.0.1:15020?unit=1": unknown option "odrer"'),
        ('"opc.tcp://127.0.0.1:4840"', '"opc.tcp://"', "is not the URL of an OPC UA server"),
    ],
)
def test_that_what_a_driver_does_not_understand_is_told_where_it_is_checked(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = replaced(old, new)
    path = write(tmp_path, text)
    (problem,) = examine_plant(path, grammars={"modbus": ModbusDriver, "opcua": OpcUaDriver}).problems
    assert problem.line == text.count("\n", 0, text.index(new)) + 1
    assert message in problem.message
    assert read_plant(path).tags, "a collector goes on with all the other tags"


def test_that_a_plant_without_tags_is_warned_of(tmp_path: Path) -> None:
    assert "nothing will be collected" in only_problem(tmp_path, '[plant]\nid = "p"\nname = "P"\n')
