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
    collector = Collector(folder, plant)
    on_end_signal(collector.stop)
    if ends_with_parent:
        on_parent_gone(collector.stop)
    await collector.run()
