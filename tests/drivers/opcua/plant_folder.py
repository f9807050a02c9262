"""A plant's folder with its certificate store, and connections that keep theirs in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.pki import Pki
from drivers.trust import Untrusted


@dataclass
class Plant:
    """A plant's folder with its certificate store."""

    folder: Path

    @property
    def pki(self) -> Pki:
        return Pki(self.folder / "pki")

    def definition(self, url: str, **options: object) -> ConnectionDefinition:
        return ConnectionDefinition("server", "opcua", url, options, folder=str(self.folder))

    async def connect(self, url: str, **options: object) -> OpcUaDriver:
        """Return a driver that has been connected and is closed again."""
        driver = OpcUaDriver.from_definition(self.definition(url, **options))
        try:
            await driver.open()
        finally:
            await driver.close()
        return driver

    async def refusal(self, url: str, **options: object) -> str:
        """Return why the server's certificate is not believed."""
        with pytest.raises(Untrusted) as caught:
            await self.connect(url, **options)
        return str(caught.value)

    async def trust(self, url: str, **options: object) -> None:
        """Trust the certificate that the server shows."""
        found = await OpcUaDriver.identify(self.definition(url, **options))
        assert found.offered is not None
        OpcUaDriver.trust(self.definition(url), found.offered.fingerprint, by="engineer")

    async def loss(self, url: str, **options: object) -> str:
        """Return why the server cannot be connected to."""
        with pytest.raises(ConnectionLost) as caught:
            await self.connect(url, **options)
        return str(caught.value)
