"""The devices, the folder and the collector that the tests of writes share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.collector.service import Collector
from app.model.audit import AuditRecord
from app.model.write_rule import WriteRule
from app.plant.folder import PlantFolder
from tests.app.collector.bench import until
from tests.app.collector.writing import (
    RULE,
    START,
    Servers,
    Swallowed,
    Window,
    collecting,
    made_folder,
    serving,
    trail,
    writable_plant,
)


@dataclass(frozen=True)
class Station:
    """Devices, and the folder that their collector works in."""

    servers: Servers
    folder: PlantFolder
    collector: Collector

    async def window(self, user: str = "operate") -> Window:
        return await Window.on(self.folder, user=user)

    async def begin_anew(self) -> None:
        """Let the devices hold what they held at first, and wait until the collector has read that."""
        self.servers.relay.swallowed, self.servers.relay.on_write = Swallowed.NOTHING, lambda: None
        self.servers.distort = lambda value: value
        self.servers.offer(**{name.replace(".", "_"): value for name, value in START.items()})
        read = self.collector._stages._readings.of
        await until(lambda: all(read(name).value == START[name] for name in ("P.SP", "P.RUN", "P.STEP", "P.ENG")))
        self.servers.relay.writes = 0
        self.servers.taken.clear()


@asynccontextmanager
async def station_at(
    path: Path, *, rule: WriteRule = RULE, read_only: bool = False, with_furnace: bool = False
) -> AsyncIterator[Station]:
    async with serving(with_furnace=with_furnace) as servers:
        plant = replace(writable_plant(servers.relay.port, servers.opcua_url, rule=rule), is_read_only=read_only)
        folder = made_folder(path, plant)
        async with collecting(folder, plant) as collector:
            yield Station(servers, folder, collector)


async def deeds(station: Station, *windows: Window) -> list[AuditRecord]:
    """Return what the trail says of these windows, oldest first, once all of it is on disk."""
    await asyncio.wrap_future(station.collector._recorder.audit([]))
    labels = {window.label for window in windows}
    return [record for record in trail(station.folder) if record.window in labels]


def reports_after(window: Window, number: int) -> int:
    """Return how often the collector has reported since event `number`: it has scanned as often."""
    return sum(type(event).__name__ == "CollectorChanged" for event in window.events[number:])


def has_reported_after(window: Window, number: int) -> bool:
    """Return whether the collector has reported since event `number`."""
    return reports_after(window, number) >= 1
