"""The driver of line instruments keeps the contract of every Foreshift driver."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from line_instrument import LineDriver

from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract
from drivers.driver import Driver

VALUES = {"T.inlet": 21.5, "P": -3.0}


class Instrument:
    """A small instrument, in place of yours: better is the vendor's simulator, best the device itself."""

    def __init__(self) -> None:
        self.values = {**VALUES, "SP": 0.0}
        self.taken = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := (await reader.readline()).decode().split():
                writer.write(self._answer(*line).encode() + b"\n")
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, verb: str, name: str = "", value: str = "") -> str:
        if verb == "L":
            return " ".join(self.values)
        if name not in self.values:
            return "! unknown"
        if verb == "R":
            return f"= {self.values[name]!r}"
        if name != "SP":
            return "! read only"
        self.taken += 1
        self.values[name] = float(value)
        return "ok"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def served() -> AsyncIterator[tuple[Instrument, int]]:
    instrument = Instrument()
    server = await asyncio.start_server(instrument.serve, "127.0.0.1", 0)
    yield instrument, server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.asyncio(loop_scope="module")
class TestLineDriver(DriverContract):
    @pytest.fixture
    def device(self, served: tuple[Instrument, int]) -> Device:
        instrument, port = served
        instrument.values.update(VALUES)
        return Device(
            port=port,
            values=VALUES,
            writable="SP",
            unwritable="P",
            missing="nothing",
            malformed="T inlet",
            publish=instrument.values.update,
            taken=lambda: instrument.taken,
        )

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("instrument", "line", f"line://127.0.0.1:{port}", {"timeout_ms": 500})

    def make(self, definition: ConnectionDefinition) -> Driver:
        return LineDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, device.writable}

    def is_worth_opening(self, address: str) -> bool:
        return False
