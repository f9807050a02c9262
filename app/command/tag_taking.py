"""Tags out of a list, taken over into a plant in use: audited in the name of whoever does it."""

from __future__ import annotations

from pathlib import Path

from app.acquisition.registry import driver_names, grammars
from app.command.plant_change import note_change
from app.plant.folder import PlantFolder
from app.plant.replacement import Replacement
from app.plant.tag_list.revised_file import Comparison, take_over


def take_tags(folder: PlantFolder, comparison: Comparison, source: str, user: str, *, window: str = "window") -> Path:
    """Write what was compared and return the copy of the former file; `source`: the list, `user`: who, "" for nobody.

    Raise what `take_over` raises, and DatabaseError where it cannot be noted; the plant file is then as it was.
    """
    found = comparison.difference
    reason = f"{len(found.new)} tags new and {len(found.changed)} changed from {source}"

    def note(made: Replacement) -> None:
        note_change(folder, made, reason=reason, window=window, user=user)

    return take_over(comparison, drivers=driver_names(), grammars=grammars(), note=note)
