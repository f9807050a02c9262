"""A walk through what a device offers, from level to level."""

from __future__ import annotations

from collections.abc import AsyncIterator

from drivers.driver import BrowseEntry, Driver


async def walk(
    driver: Driver, reference: str = "", *, depth: int, level: int = 0
) -> AsyncIterator[tuple[int, BrowseEntry]]:
    """Yield (level, entry) of what lies below `reference`, each entry before what lies below it; raise DriverError."""
    cursor = b""
    while True:
        page = await driver.browse(reference, cursor)
        for entry in page.entries:
            yield level, entry
            if entry.has_children and level + 1 < depth:
                async for below in walk(driver, entry.address, depth=depth, level=level + 1):
                    yield below
        cursor = page.cursor
        if not cursor:
            return
