"""The URL and the options of a Modbus connection."""

from __future__ import annotations

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress
from drivers.modbus.address import Order
from drivers.modbus.settings import OPTIONS, ModbusSettings, parse_settings


def _parse(url: str, **options: object) -> ModbusSettings:
    return parse_settings(ConnectionDefinition("c", "modbus", url, options))


def test_that_url_and_options_are_read() -> None:
    settings = _parse("modbus://plc-1:1502?unit=7", order="cdab", timeout_ms=250)
    assert settings == ModbusSettings("plc-1", 1502, unit=7, order=Order.CDAB, timeout_ms=250)


@pytest.mark.parametrize("url", ["modbus://[::1]", "tcp://10.0.0.1", "modbus://10.0.0.1/"])
def test_that_the_port_is_502_where_none_is_given(url: str) -> None:
    assert _parse(url).port == 502


def test_that_an_option_of_the_plant_file_overrides_the_url() -> None:
    assert _parse("modbus://plc?unit=1", unit=2).unit == 2


@pytest.mark.parametrize("url", ["modbus://", "http://plc", "plc:502", "modbus://plc/path", "modbus://plc:99999"])
def test_that_a_wrong_url_is_refused_with_the_grammar(url: str) -> None:
    with pytest.raises(BadAddress, match="write modbus://host") as caught:
        _parse(url)
    assert url in str(caught.value)


@pytest.mark.parametrize(
    ("option", "value"),
    [("unit", 256), ("unit", "one"), ("unit", True), ("order", "ACBD"), ("timeout_ms", 0), ("max_block", 126)],
)
def test_that_a_wrong_value_names_its_option_and_the_limits(option: str, value: object) -> None:
    with pytest.raises(BadAddress, match=rf"option {option} = .*: give"):
        _parse("modbus://plc", **{option: value})


def test_that_an_unknown_option_is_named_with_the_known_ones() -> None:
    with pytest.raises(BadAddress, match='unknown option "untt"') as caught:
        _parse("modbus://plc?untt=1")
    assert all(option in str(caught.value) for option in OPTIONS)
