"""The way to the devices of a plant, as those who command them see it."""

from __future__ import annotations

from typing import Protocol

from app.model.content import Content
from app.model.datavalue import DataValue
from app.model.method import MethodDefinition
from app.model.tag import TagDefinition
from drivers.driver import WriteResult
from drivers.method_caller import CallResult


class Device(Protocol):
    """Every device of a plant."""

    async def write(self, tag: TagDefinition, value: Content, expires: int) -> WriteResult:
        """Write once, not after `expires` (monotonic ns); raise DriverError where the link broke."""
        ...

    async def read(self, tag: TagDefinition) -> DataValue:
        """Ask the device for its present value; raise DriverError."""
        ...

    async def call(self, method: MethodDefinition, arguments: tuple[Content, ...], expires: int) -> CallResult:
        """Call once, not after `expires` (monotonic ns); raise DriverError where the link broke."""
        ...
