"""Every number on a screen is written by one formatter, and a number that cannot be trusted says so."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.model import clock, status
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.model.unit_symbol import unit_symbol
from widgets import number
from widgets.number import Quality
from widgets.translation import set_language

NOW = 1_795_530_727_000_000_000
SECOND = clock.NS_PER_S
TAG = TagDefinition(0, "AC01.T_D", "AC01", LocalText("Discharge temperature"), "plc", "HR0", unit="Cel")
SWITCH = TagDefinition(1, "AC01.RUN", "AC01", LocalText("Running"), "plc", "CO0", kind=TagKind.DISCRETE)


@pytest.fixture(autouse=True)
def _shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def read(value: float, code: int = status.GOOD, *, age: float = 0.2, is_linked: bool = True) -> number.Reading:
    return number.reading(value, code, tag=TAG, time=NOW - int(age * SECOND), now=NOW, is_linked=is_linked)


def test_that_a_good_value_stands_alone_with_its_unit() -> None:
    assert read(104.76) == number.Reading("104.8", "°C", Quality.GOOD)
    assert read(104.76).full == "104.8 °C"


def test_that_a_bad_value_is_a_dash_with_its_reason() -> None:
    assert read(104.76, status.BAD_NO_COMMUNICATION) == number.Reading("—", "°C", Quality.BAD, "no communication")
    assert read(float("nan")).quality is Quality.BAD
    assert read(float("nan"), status.BAD_SENSOR_FAILURE).full == "— (sensor failure)"


def test_that_a_value_without_a_sample_says_so() -> None:
    missing = number.reading(0.0, status.GOOD, tag=TAG, time=0, now=NOW)
    assert (missing.text, missing.quality, missing.note) == ("—", Quality.BAD, "no value yet")


@pytest.mark.parametrize(
    "code", [status.UNCERTAIN_LAST_USABLE_VALUE, status.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE_VALUE]
)
def test_that_a_stale_value_carries_its_age(code: int) -> None:
    assert read(90.0, code, age=12) == number.Reading("90.0", "°C", Quality.STALE, "12 s old")


def test_that_a_good_value_is_stale_while_the_collector_is_silent() -> None:
    assert read(90.0, age=300, is_linked=False) == number.Reading("90.0", "°C", Quality.STALE, "5 min old")


@pytest.mark.parametrize(
    ("code", "note"),
    [
        (status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH, "above its range"),
        (status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_LOW, "below its range"),
        (status.UNCERTAIN_SENSOR_NOT_ACCURATE | status.LIMIT_CONSTANT, "sensor does not move"),
        (status.UNCERTAIN_SENSOR_NOT_ACCURATE, "sudden jump"),
        (status.UNCERTAIN, "Uncertain"),
    ],
)
def test_that_a_doubtful_value_says_what_is_doubted(code: int, note: str) -> None:
    assert read(90.0, code) == number.Reading("90.0", "°C", Quality.DOUBTFUL, note)


def test_that_an_unknown_status_keeps_the_standards_name() -> None:
    assert read(90.0, status.BAD_NOT_SUPPORTED).note == "BadNotSupported"


def test_that_discrete_tags_are_on_or_off_in_the_operators_language() -> None:
    assert number.value_text(1.0, tag=SWITCH) == "On"
    set_language("zh")
    assert number.value_text(0.0, tag=SWITCH) == "关"
    assert number.value_text(3.0, tag=SWITCH) == "3"


def test_that_a_state_has_its_name_behind_its_number_in_the_language_of_the_screen() -> None:
    tag = replace(SWITCH, states=((0, LocalText("Stopped", "停止")), (2, LocalText("Fault"))))
    assert number.value_text(0.0, tag=tag) == "0 Stopped"
    set_language("zh")
    assert number.value_text(0.0, tag=tag) == "0 停止"
    assert number.value_text(2.0, tag=tag) == "2 Fault"
    assert number.value_text(7.0, tag=tag) == "7"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (7.02, 2, "7.02"),
        (-38.04, 1, "−38.0"),
        (-0.04, 1, "0.0"),
        (12345.6, 0, "12346"),
        (3.2e12, 1, "3.200e+12"),
        (float("inf"), 1, "∞"),
        (float("nan"), 1, "—"),
    ],
)
def test_that_numbers_keep_their_decimals(value: float, decimals: int, text: str) -> None:
    assert number.number(value, decimals=decimals) == text


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("Cel", "°C"),
        ("m3/h", "m³/h"),
        ("m3/min", "m³/min"),
        ("kW.h", "kWh"),
        ("kW.h/m3", "kWh/m³"),
        ("mm/s", "mm/s"),
        ("um", "µm"),
        ("%", "%"),
        ("bar", "bar"),
        ("m/s2", "m/s²"),
        ("{rev}/min", "rev/min"),
        ("kg.m2", "kg·m²"),
        ("[pH]", "pH"),
        ("Ohm", "Ω"),
        ("K", "K"),
        ("s-1", "s⁻¹"),
        ("1", ""),
        ("", ""),
        ("furlong", "furlong"),
    ],
)
def test_that_ucum_codes_become_printed_symbols(code: str, symbol: str) -> None:
    assert unit_symbol(code) == symbol


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (40, "40 s", "40 秒"),
        (720, "12 min", "12 分钟"),
        (8280, "2.3 h", "2.3 小时"),
        (72000, "20 h", "20 小时"),
        (2.5 * 86400, "2.5 d", "2.5 天"),
        (11 * 86400, "11 d", "11 天"),
    ],
)
def test_that_durations_take_their_largest_fitting_unit(seconds: float, english: str, chinese: str) -> None:
    assert number.duration(seconds) == english
    set_language("zh")
    assert number.duration(seconds) == chinese


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.02, "20 ms"), (0.005, "5.0 ms"), (0.5, "0.5 s"), (60, "60 s"), (720, "12 min")]
)
def test_that_samples_close_to_each_other_are_never_no_time_apart(seconds: float, text: str) -> None:
    assert number.spacing(seconds) == text


def test_that_uptimes_have_two_units() -> None:
    assert number.uptime(3 * 86400 + 4 * 3600 + 59) == "3 d 04 h"
    assert number.uptime(4 * 3600 + 12 * 60) == "4 h 12 min"
    assert number.uptime(700) == "12 min"


def test_that_counts_are_grouped() -> None:
    assert number.count(18240.4) == "18\N{NO-BREAK SPACE}240"


@pytest.mark.skipif(os.name == "nt", reason="tzset exists on POSIX only")
def test_that_times_are_local() -> None:
    assert number.time_of_day(NOW) == "22:32:07"
    assert number.hour_minute(NOW) == "22:32"
    assert number.day_and_time(NOW) == "2026-11-24 22:32:07"
    assert number.moment(NOW - 3600 * SECOND, now=NOW) == "21:32:07"
    assert number.moment(NOW - 86400 * SECOND, now=NOW) == "11-23 22:32:07"
    assert number.moment(0, now=NOW) == "—"


BATCH = replace(SWITCH, name="BATCH", data_type=DataType.STRING)
COUNT = replace(TAG, name="COUNT", unit="", data_type=DataType.INT64)


def read_exact(tag: TagDefinition, exact: str, code: int = status.GOOD, *, is_linked: bool = True) -> number.Reading:
    value = float(exact) if tag is COUNT else float("nan")
    sample = DataValue(value, code, NOW - SECOND, text=exact)
    return number.reading_of(sample, tag=tag, now=NOW, is_linked=is_linked)


def test_that_a_text_is_written_as_it_is_in_one_line() -> None:
    assert read_exact(BATCH, "批次 0041\n配方 7") == number.Reading("批次 0041 配方 7", "", Quality.GOOD)
    assert read_exact(BATCH, "").text == "empty"
    assert read_exact(BATCH, "x" * 41).text == "x" * 39 + "…"


def test_that_a_text_that_cannot_be_trusted_says_so() -> None:
    assert read_exact(BATCH, "批次", is_linked=False) == number.Reading("批次", "", Quality.STALE, "1 s old")
    assert read_exact(BATCH, "", status.BAD_NO_COMMUNICATION) == number.Reading(
        "—", "", Quality.BAD, "no communication"
    )


def test_that_a_large_whole_number_keeps_its_last_digit() -> None:
    assert read_exact(COUNT, str(-(1 << 60) - 1)).text == "−1152921504606846977"
