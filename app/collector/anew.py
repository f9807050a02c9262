"""Forgetting what was collected of a plant that only plays: a demo, or the replay of a recording."""

from __future__ import annotations

from app.collector.lock import collector_lock
from app.plant.folder import PlantFolder


def begin_anew(folder: PlantFolder) -> None:
    """Delete the history of an earlier run: it would stand beside this one, and its faults would count as healthy past.

    Raise AlreadyCollecting where a collector still works on it.
    """
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with collector_lock(folder):
        for ending in ("", "-wal", "-shm"):  # copies that were kept beside it are somebody's only ones
            folder.history.with_name(folder.history.name + ending).unlink(missing_ok=True)
