"""The URL and the options of a Modbus connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress
from drivers.modbus.address import Order
from drivers.modbus.line import Certificates, Line, SerialPort
from drivers.modbus.settings import AUTO, ModbusSettings, parse_settings


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


def test_that_a_window_is_a_number_or_found_out() -> None:
    assert _parse("modbus://plc").window == 1
    assert _parse("modbus://plc?window=auto").window == AUTO
    assert _parse("modbus://plc", window=16).window == 16


@pytest.mark.parametrize("value", [0, 17, "some", True])
def test_that_a_wrong_window_says_that_it_may_be_found_out(value: object) -> None:
    with pytest.raises(BadAddress, match=r'option window = .*: give a whole number from 1 to 16, or "auto"'):
        _parse("modbus://plc", window=value)


def test_that_unit_ids_are_a_list_in_the_plant_file_and_have_commas_in_a_url() -> None:
    assert _parse("modbus://plc", accept_unit_ids=[0, 255]).accept_unit_ids == (0, 255)
    assert _parse("modbus://plc?accept_unit_ids=0,255").accept_unit_ids == (0, 255)


@pytest.mark.parametrize("value", [[256], ["one"], "0;1", [-1], [True]])
def test_that_wrong_unit_ids_are_refused_with_an_example(value: object) -> None:
    with pytest.raises(BadAddress, match=r"option accept_unit_ids = .*: give unit ids from 0 to 255, .*\[0, 255\]"):
        _parse("modbus://plc", accept_unit_ids=value)


@pytest.mark.parametrize("url", ["modbus://plc", "modbus+tls://plc", "modbus+rtu:///dev/ttyS0"])
def test_that_every_option_is_found_in_the_reference(url: str) -> None:
    reference = (Path(__file__).parents[3] / "docs" / "reference" / "plant-file.md").read_text("utf-8")
    with pytest.raises(BadAddress) as caught:
        _parse(url, untt=1)
    options = str(caught.value).partition("there are ")[2].split(", ")
    assert "timeout_ms" in options
    assert [option for option in options if f"`{option}`" not in reference] == []


def test_that_an_unknown_option_is_named_with_the_known_ones() -> None:
    with pytest.raises(BadAddress, match='unknown option "untt"') as caught:
        _parse("modbus://plc?untt=1")
    assert all(option in str(caught.value) for option in ("order", "timeout_ms", "window", "drain_ms"))
    assert "baud" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "line", "port"),
    [
        ("modbus+rtu:///dev/ttyUSB0", Line.RTU, "/dev/ttyUSB0"),
        ("modbus+ascii://COM3", Line.ASCII, "COM3"),
        ("modbus+rtu://./relative", Line.RTU, "./relative"),
    ],
)
def test_that_a_serial_port_is_named_as_its_system_names_it(url: str, line: Line, port: str) -> None:
    settings = _parse(f"{url}?baud=9600&parity=none&stop_bits=2", echo=True)
    assert settings.line is line
    assert settings.serial == SerialPort(port, 9600, 8, "N", 2, echo=True)
    assert (settings.max_connections, settings.url) == (1, f"{line}://{port}")


def test_that_lines_over_tcp_and_tls_have_their_ports_and_files() -> None:
    secured = _parse("modbus+tls://plc?authority=ca.pem", certificate="own.pem", check_name=False)
    assert secured.certificates == Certificates("ca.pem", "own.pem", check_name=False)
    assert (secured.host, secured.port, secured.url) == ("plc", 802, "modbus+tls://plc:802")
    gateway = _parse("modbus+rtu-tcp://gateway:4001")
    assert (gateway.line, gateway.port, gateway.serial) == (Line.RTU_TCP, 4001, None)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("modbus+rtu://", "is not the URL"),
        ("modbus+rtu:///", "is not the URL"),
        ("modbus+tls:///dev/ttyUSB0", "is not the URL"),
        ("modbus+rtu://COM3?baud=7", "from 300"),
        ("modbus+rtu://COM3?parity=X", "give N"),
        ("modbus+rtu://COM3?echo=maybe", "true or false"),
        ("modbus+tls://plc?authority=", "give a text"),
        ("modbus://plc?baud=9600", 'unknown option "baud"'),
        ("modbus+rtu-tcp://plc?echo=1", 'unknown option "echo"'),
    ],
)
def test_that_what_a_line_cannot_mean_is_refused(url: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        _parse(url)
