"""What a driver understands without a device: URLs, options and addresses."""

from __future__ import annotations

from contextlib import suppress

import pytest

from app.model.connection import ConnectionDefinition
from drivers.conformance.device import Device, DriverSubject
from drivers.driver import BadAddress, BadOption

ODD_TEXTS = ("", " ", "\0", "=", ":", "/", "1", "-1", "%s", "'; --", "ä" * 500, "9" * 400, "\u202e", "a:b:c:d:e")


class GrammarContract(DriverSubject):
    """The part of the suite that needs no connection."""

    async def test_that_addresses_are_checked_without_a_device(self, device: Device) -> None:
        driver = self.driver(device.port)
        for address in (*device.values, *device.exact, device.writable, device.unwritable, device.missing):
            driver.check_address(address)
        with pytest.raises(BadAddress, match="write"):
            driver.check_address(device.malformed)

    @pytest.mark.parametrize("text", ODD_TEXTS)
    async def test_that_no_text_does_more_than_to_be_no_address(self, text: str) -> None:
        driver = self.driver(1)
        with suppress(BadAddress):
            assert driver.check_address(text) is None

    async def test_that_an_option_that_is_not_known_is_named(self) -> None:
        known = self.definition(1)
        options = {**known.options, "colour": "red"}
        with pytest.raises(BadOption, match='unknown option "colour"') as caught:
            self.make(ConnectionDefinition(known.id, known.driver, known.url, options))
        assert caught.value.name == "colour"

    async def test_that_a_wrong_value_of_an_option_is_named(self) -> None:
        known = self.definition(1)
        for name in known.options:
            with pytest.raises(BadOption, match=name) as caught:
                self.make(ConnectionDefinition(known.id, known.driver, known.url, {**known.options, name: ["wrong"]}))
            assert caught.value.name == name

    async def test_that_a_url_is_of_one_of_its_schemes_and_names_a_place(self) -> None:
        known, driver = self.definition(1), self.driver(1)
        scheme = known.url.partition("://")[0]
        assert scheme in driver.schemes
        for url in ("", "nonsense", f"{scheme}://", f"{scheme}://127.0.0.1:99999", "nonsense://127.0.0.1"):
            with pytest.raises(BadAddress, match="write"):
                self.make(ConnectionDefinition(known.id, known.driver, url, known.options))
