"""A device named by its URL on the command line, opened for one command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType

from app.acquisition.registry import definition_of, make_driver
from app.model import clock, status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.plant.catalogue import home_folder
from drivers.driver import Driver, TagSpec

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@asynccontextmanager
async def opened(url: str, options: Mapping[str, object] = NO_OPTIONS, *, folder: str = "") -> AsyncIterator[Driver]:
    """Open the device at `url`; raise DriverError where it cannot be reached.

    `options`: those of its driver, as in a plant file. `folder`: where its certificates are, that of the user if "".
    """
    async with connected(definition_of(url, options=dict(options), folder=folder)) as driver:
        yield driver


@asynccontextmanager
async def connected(definition: ConnectionDefinition) -> AsyncIterator[Driver]:
    """Open the device of a connection that no plant has yet; raise DriverError where it cannot be reached."""
    driver = make_driver(with_folder(definition))
    try:
        await driver.open()
        yield driver
    finally:
        await driver.close()


def with_folder(definition: ConnectionDefinition) -> ConnectionDefinition:
    """Return a connection with the certificates of its plant, else those of the user."""
    return definition if definition.folder else replace(definition, folder=str(home_folder()))


def specs_of(addresses: Sequence[str], *, scan_ms: int = 500) -> list[TagSpec]:
    """Return one TagSpec per address, its handle being its place in the list, its type the device's own."""
    return [TagSpec(handle, address, scan_ms, data_type=None) for handle, address in enumerate(addresses)]


def print_block(block: Block, addresses: Sequence[str]) -> None:
    """Print each sample: time, address, value, status."""
    exact = [None] * len(block) if block.exact is None else block.exact.tolist()
    values = [near if whole is None else whole for near, whole in zip(block.value.tolist(), exact, strict=True)]
    for handle, time, value, code in zip(
        block.handle.tolist(), block.time.tolist(), values, block.status.tolist(), strict=True
    ):
        moment = clock.to_datetime(time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        print(f"{moment}  {addresses[handle]}  {value!r}  {status.name(code)}", flush=True)
