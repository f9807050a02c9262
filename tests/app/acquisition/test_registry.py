"""The installed drivers are found by name and by URL."""

from __future__ import annotations

import pytest

from app.acquisition.registry import definition_of, driver_names, make_driver
from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress


def test_that_both_drivers_are_installed() -> None:
    assert {"modbus", "opcua"} <= set(driver_names())


def test_that_a_url_names_its_driver() -> None:
    assert definition_of("opc.tcp://127.0.0.1:4840").driver == "opcua"
    assert definition_of("modbus://127.0.0.1:502?unit=1").driver == "modbus"


def test_that_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadAddress, match=r"opc\.tcp://"):
        definition_of("http://127.0.0.1")


def test_that_an_unknown_driver_is_refused_with_the_installed_ones() -> None:
    with pytest.raises(BadAddress, match="modbus, opcua"):
        make_driver(ConnectionDefinition("x", "profibus", "x://"))
