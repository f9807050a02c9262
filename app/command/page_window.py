"""Further windows with a page of their own: which ones are open, so that they come back after a crash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.command.failure import UsageFailure
from app.command.keeper import is_held
from app.plant.catalogue import home_folder
from app.plant.folder import PlantFolder

_NAME = re.compile(r"[a-z][a-z-]*")


def page_lock(page: str) -> Path:
    """Return the lock that the window of a page holds."""
    return home_folder() / "windows" / f"{page}.lock"


def _note(page: str) -> Path:
    return page_lock(page).with_suffix(".json")


@contextmanager
def as_page_window(folder: PlantFolder, page: str) -> Iterator[None]:
    """Be the only window of a page, and noted as open until the end; raise UsageFailure where there is one already.

    The note goes when the window is closed, and stays when it is killed.
    """
    if not _NAME.fullmatch(page):
        raise UsageFailure(f"{page}: is no page; write it as in --page trends")
    page_lock(page).parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(page_lock(page), timeout=0):
            _note(page).write_text(json.dumps({"plant": str(folder.path)}), encoding="utf-8")
            yield
            _note(page).unlink(missing_ok=True)
    except Timeout as error:
        raise UsageFailure(f"{page}: has a window of its own already") from error


def lost_windows() -> list[tuple[PlantFolder, str]]:
    """Return the windows that were open when they were killed, or the PC was; a note that is damaged is no window."""
    found: list[tuple[PlantFolder, str]] = []
    for note in sorted((home_folder() / "windows").glob("*.json")):
        if is_held(note.with_suffix(".lock")):
            continue
        try:
            plant = json.loads(note.read_text("utf-8"))["plant"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(plant, str) and PlantFolder(Path(plant)).configuration.exists():
            found.append((PlantFolder(Path(plant)), note.stem))
    return found
