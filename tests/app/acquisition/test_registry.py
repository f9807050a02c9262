"""The installed drivers are found by name and by URL."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from app.acquisition.registry import (
    DriverAbsent,
    definition_of,
    driver_class,
    driver_names,
    grammars,
    make_driver,
)
from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress


def test_that_the_drivers_are_installed() -> None:
    assert {"modbus", "opcua", "sparkplug"} <= set(driver_names())


@pytest.fixture
def without_mqtt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The extra of the Sparkplug driver is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "aiomqtt" or "drivers.sparkplug" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiomqtt", None)
    driver_class.cache_clear()
    yield
    driver_class.cache_clear()


@pytest.mark.usefixtures("without_mqtt")
def test_that_a_driver_without_its_extra_says_what_to_install() -> None:
    definition = ConnectionDefinition("broker", "sparkplug", "sparkplug://127.0.0.1")
    with pytest.raises(DriverAbsent, match=r"foreshift\[sparkplug\]"):
        make_driver(definition)
    with pytest.raises(BadAddress, match=r"foreshift\[sparkplug\]"):
        definition_of("sparkplug://127.0.0.1")
    with pytest.raises(DriverAbsent, match="connection broker"):
        grammars()["sparkplug"].from_definition(definition)
    assert definition_of("modbus://127.0.0.1").driver == "modbus"


def test_that_a_url_names_its_driver() -> None:
    assert definition_of("opc.tcp://127.0.0.1:4840").driver == "opcua"
    assert definition_of("modbus://127.0.0.1:502?unit=1").driver == "modbus"


def test_that_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadAddress, match=r"opc\.tcp://"):
        definition_of("http://127.0.0.1")


def test_that_an_address_without_a_scheme_is_refused_with_what_to_write() -> None:
    with pytest.raises(BadAddress, match=r"modbus://192\.168\.0\.7:502 or opc\.tcp://"):
        definition_of("192.168.0.7:502")


def test_that_an_unknown_driver_is_refused_with_the_installed_ones() -> None:
    with pytest.raises(BadAddress, match="modbus, opcua"):
        make_driver(ConnectionDefinition("x", "profibus", "x://"))
