"""The collector as a process: one per plant, stopped by signals, ended by its keeper's death where that was asked."""

from __future__ import annotations

import asyncio

from app.collector.lock import collector_lock
from app.collector.service import Collector
from app.collector.thread_turns import shorten_turns
from app.ending import on_end_signal, on_parent_gone
from app.model.plant import Plant
from app.plant.folder import PlantFolder


def run_collector(folder: PlantFolder, plant: Plant, *, ends_with_parent: bool = False) -> None:
    """Collect until SIGTERM or SIGINT; raise AlreadyCollecting, DatabaseError or OSError."""
    shorten_turns()
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with collector_lock(folder):
        asyncio.run(_collect(folder, plant, ends_with_parent=ends_with_parent))


async def _collect(folder: PlantFolder, plant: Plant, *, ends_with_parent: bool) -> None:
    station = _Station(Collector(folder, plant))
    on_end_signal(station.stop)
    if ends_with_parent:
        on_parent_gone(station.stop)
    while (following := await station.collector.run()) is not None:
        await station.collector.acquisition.renew(following)
        station.take(Collector(folder, following, station.collector))


class _Station:
    """The collector that runs now; a stop that comes between two of them is not lost."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self._is_stopping = False

    def stop(self) -> None:
        self._is_stopping = True
        self.collector.stop()

    def take(self, collector: Collector) -> None:
        self.collector = collector
        if self._is_stopping:
            collector.stop()
