"""A polled device whose author has not foreseen an answer: the connection ends, and says over what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import pytest

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import BrowsePage, ConnectionLost, TagSpec, WriteItem
from drivers.polled import Answer, PolledDriver


class Scale:
    """A scale that says `said` to everything."""

    url = "scale://127.0.0.1:1"
    timeout_s = 5.0
    batch = 1

    def __init__(self, said: str) -> None:
        self.said = said
        self.is_let_go = False

    async def connect(self) -> None:
        if self.said == "no scale":
            raise ValueError(self.said)

    def disconnect(self) -> None:
        self.is_let_go = True

    async def read(self, addresses: Sequence[str]) -> Sequence[Answer]:
        return [Answer(float(self.said)) for _ in addresses]

    async def write(self, address: str, value: float | str) -> None:
        float(self.said)

    async def browse(self, reference: str, cursor: bytes) -> BrowsePage:
        return BrowsePage(())


class ScaleDriver(PolledDriver):
    """The driver of it."""

    schemes: ClassVar[tuple[str, ...]] = ("scale",)

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        return cls(Scale(definition.url))

    @staticmethod
    def check_address(address: str) -> None:
        """Take every address."""


NOT_UNDERSTOOD = (
    r"scale://127\.0\.0\.1:1: it says what the driver does not understand \(ValueError in test_polled.py:\d+: "
)


async def test_that_an_answer_nobody_foresaw_ends_the_connection_with_the_line_that_failed() -> None:
    device = Scale("S S garbage g")
    driver = ScaleDriver(device)
    await driver.open()
    with pytest.raises(ConnectionLost, match=NOT_UNDERSTOOD):
        await driver.read([TagSpec(0, "weight")])
    assert device.is_let_go
    with pytest.raises(ConnectionLost, match="not connected"):
        await driver.read([TagSpec(0, "weight")])
    await driver.close()


async def test_that_a_write_whose_answer_nobody_foresaw_is_not_known() -> None:
    driver = ScaleDriver(Scale("?"))
    await driver.open()
    (result,) = await driver.write([WriteItem("tare", 1.0, clock.monotonic_ns() + 10**12)])
    assert result.is_sent
    assert not result.is_answered
    assert "not known: read it back" in result.reason
    await driver.close()


async def test_that_a_scan_whose_answer_nobody_foresaw_is_told_as_the_end_of_what_is_delivered() -> None:
    driver = ScaleDriver(Scale("?"))
    await driver.open()
    await driver.subscribe([TagSpec(0, "weight", 10)])
    with pytest.raises(ConnectionLost, match=NOT_UNDERSTOOD):
        await driver.batches().get()
    await driver.close()


async def test_that_a_connection_that_cannot_be_made_for_a_reason_nobody_foresaw_is_lost() -> None:
    device = Scale("no scale")
    with pytest.raises(ConnectionLost, match=NOT_UNDERSTOOD):
        await ScaleDriver(device).open()
    assert device.is_let_go
