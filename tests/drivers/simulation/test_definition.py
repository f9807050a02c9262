"""The demo plant's plant file is what its tables say, and every table agrees with the others."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from app.model.alarm import ConditionKind, Priority
from app.model.tag import TagKind
from app.plant.file import examine_plant
from app.plant.picture.text import picture_text
from app.plant.writer import plant_text
from drivers.modbus.address import parse_address
from drivers.simulation.definition import demo_plant
from drivers.simulation.exposure import OPC_UA, UNITS
from drivers.simulation.maintenance import ACTIONS
from drivers.simulation.tables.tags import TAGS

PLANT = demo_plant()
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def delivered() -> Path:
    with as_file(files("resources") / "demo_plant" / "plant.toml") as path:
        return path


def test_that_the_delivered_plant_file_is_what_the_tables_give(delivered: Path) -> None:
    assert delivered.read_text(encoding="utf-8") == plant_text(PLANT), (
        "the tables have changed: write the plant file anew as docs/explanations/demo-plant.md says"
    )


def test_that_the_delivered_pictures_are_what_the_tables_give(delivered: Path) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in (delivered.parent / "pictures").iterdir()}
    drawn = (*PLANT.pictures, *PLANT.faceplates)
    assert written == {f"{picture.id}.toml": picture_text(picture) for picture in drawn}


def test_that_the_delivered_plant_file_has_no_problems(delivered: Path) -> None:
    examination = examine_plant(delivered)
    assert examination.problems == ()
    assert examination.plant is not None
    assert plant_text(examination.plant) == plant_text(PLANT)
    assert {each.id: each for each in examination.plant.pictures} == {each.id: each for each in PLANT.pictures}


def test_that_about_half_of_the_tags_stand_on_each_protocol() -> None:
    shares = Counter(tag.connection for tag in PLANT.tags)
    assert set(shares) == {OPC_UA, *UNITS}
    assert 0.35 < shares[OPC_UA] / len(PLANT.tags) < 0.65


def test_that_the_three_units_have_two_word_orders_integers_counters_and_states() -> None:
    types = {
        name: Counter(str(parse_address(tag.address).data_type) for tag in PLANT.tags if tag.connection == name)
        for name in UNITS
    }
    assert set(types["compressors"]) == set(types["pumps"]) == {"F32"}
    assert set(types["switchboard"]) == {"I16", "U16", "U32", "BOOL"}
    orders = {connection.id: connection.options.get("order") for connection in PLANT.connections}
    assert orders["compressors"] == "ABCD"
    assert orders["pumps"] == "CDAB"


def test_that_no_two_values_of_a_unit_share_a_register() -> None:
    taken: dict[tuple[str, str, int], str] = {}
    for tag in PLANT.tags:
        if tag.connection == OPC_UA:
            continue
        address = parse_address(tag.address)
        for word in range(address.data_type.words):
            place = (tag.connection, str(address.table), address.offset + word)
            assert taken.setdefault(place, tag.name) == tag.name


def test_that_scaled_integers_hold_their_whole_range() -> None:
    for tag in PLANT.tags:
        if tag.address.endswith(":I16"):
            assert -32_768 <= tag.low / tag.gain <= tag.high / tag.gain <= 32_767, tag.name


def test_that_counters_of_32_and_16_bits_roll_over_within_the_first_hours() -> None:
    starts = {tag.name: tag.start for tag in TAGS}
    incomer = next(tag for tag in PLANT.tags if tag.name == "TR01.KWH")
    assert 0 < 2**32 * incomer.gain - starts["TR01.KWH"] < 1000.0
    assert 0 < 2**16 - starts["AC02.N_LOAD"] < 100


def test_that_every_text_is_there_in_english_and_in_chinese() -> None:
    texts = [tag.title for tag in PLANT.tags] + [alarm.message for alarm in PLANT.alarms]
    texts += [item.name for item in PLANT.equipment] + [picture.title for picture in PLANT.pictures]
    texts += [text for forecast in PLANT.forecasts for text in (forecast.cause, forecast.action)]
    texts += [action.title for action in ACTIONS]
    assert [text for text in texts if not HAN.search(text.zh) or HAN.search(text.en)] == []


def test_that_few_alarms_are_of_the_highest_priority_and_all_analog_ones_have_dead_bands() -> None:
    assert 45 <= len(PLANT.alarms) <= 65
    assert sum(alarm.priority is Priority.CRITICAL for alarm in PLANT.alarms) <= len(PLANT.alarms) * 0.15
    kinds = {tag.name: tag.kind for tag in PLANT.tags}
    for alarm in PLANT.alarms:
        if kinds[alarm.tag] is TagKind.ANALOG and alarm.condition is not ConditionKind.BAD_QUALITY:
            assert alarm.deadband > 0.0, alarm.id
            assert alarm.on_delay_s > 0.0, alarm.id


def test_that_normal_bands_lie_within_their_ranges_and_alarms_outside_of_them() -> None:
    tags = {tag.name: tag for tag in PLANT.tags}
    for tag in PLANT.tags:
        assert not tag.normal_low < tag.low, tag.name
        assert not tag.normal_high > tag.high, tag.name
    for alarm in PLANT.alarms:
        tag = tags[alarm.tag]
        assert not (alarm.condition == "high" and alarm.limit < tag.normal_high), alarm.id
        assert not (alarm.condition == "low" and alarm.limit > tag.normal_low), alarm.id


def test_that_ports_and_time_factor_reach_the_configuration() -> None:
    plant = demo_plant(modbus_port=1502, opcua_port=4841, time_factor=300.0)
    assert plant.time_scale == 300.0
    assert {connection.url.partition("127.0.0.1:")[2][:4] for connection in plant.connections} == {"1502", "4841"}
