"""What is taken over into a plant in use from the window: tags of a list, or a text that was edited; both audited."""

from __future__ import annotations

from pathlib import Path

from app.acquisition.registry import driver_names, grammars
from app.command.plant_change import change_plant, note_change
from app.plant.folder import PlantFolder
from app.plant.replacement import Replacement
from app.plant.tag_list.revised_file import Comparison, take_over


def take_text(folder: PlantFolder, before: str, after: str, reason: str, user: str) -> Path:
    """Write another text of the plant file from the window and return the copy of the former file.

    Raise PlantFileError where it is not in order, UsageFailure where somebody has changed it since `before`, OSError.
    """
    return change_plant(folder, before, after, reason=reason, window="window", user=user)


def take_tags(folder: PlantFolder, comparison: Comparison, source: str, user: str, *, window: str = "window") -> Path:
    """Write what was compared and return the copy of the former file; `source`: the list, `user`: who, "" for nobody.

    Raise what `take_over` raises, and DatabaseError where it cannot be noted; the plant file is then as it was.
    """
    found = comparison.difference
    reason = f"{len(found.new)} tags new and {len(found.changed)} changed from {source}"

    def note(made: Replacement) -> None:
        note_change(folder, made, reason=reason, window=window, user=user)

    return take_over(comparison, drivers=driver_names(), grammars=grammars(), note=note)
