"""What is taken over into a plant in use from the window: tags of a list, or a text that was edited; both audited."""

from __future__ import annotations

import logging
from pathlib import Path

from app.acquisition.registry import driver_names, grammars
from app.command.picture_deed import save_picture
from app.command.plant_change import change_plant, note_change
from app.plant.file import examine_text
from app.plant.folder import PlantFolder
from app.plant.followed_file import NewNames, follow_views, followed_pictures, new_names
from app.plant.picture.saving import PictureChanged
from app.plant.problem import PlantFileError
from app.plant.replacement import Replacement
from app.plant.tag_list.revised_file import Comparison, take_over

log = logging.getLogger(__name__)


def take_text(folder: PlantFolder, before: str, after: str, reason: str, user: str) -> Path:
    """Write another text of the plant file from the window and return the copy of the former file.

    Pictures and saved views follow what has another name now. Raise PlantFileError where it is not in order,
    UsageFailure where somebody has changed it since `before`, OSError.
    """
    former, new = (
        examine_text(text, drivers=(), grammars={}, folder=str(folder.path)).plant for text in (before, after)
    )
    kept = change_plant(folder, before, after, reason=reason, window="window", user=user)
    if former is not None and new is not None and (names := new_names(former, new)):
        _follow(folder, names, reason, user)
    return kept


def _follow(folder: PlantFolder, names: NewNames, reason: str, user: str) -> None:
    """Let pictures and views name what they show by its new name; one that cannot be written stays, and is logged."""
    for saving in followed_pictures(folder.path, names):
        try:
            save_picture(folder, saving, reason, user)
        except (PlantFileError, PictureChanged, OSError) as error:
            log.warning("picture.not_followed picture=%s reason=%s", saving.picture, error)
    try:
        follow_views(folder, names)
    except OSError as error:
        log.warning("views.not_followed reason=%s", error)


def take_tags(folder: PlantFolder, comparison: Comparison, source: str, user: str, *, window: str = "window") -> Path:
    """Write what was compared and return the copy of the former file; `source`: the list, `user`: who, "" for nobody.

    Raise what `take_over` raises, and DatabaseError where it cannot be noted; the plant file is then as it was.
    """
    found = comparison.difference
    reason = f"{len(found.new)} tags new and {len(found.changed)} changed from {source}"

    def note(made: Replacement) -> None:
        note_change(folder, made, reason=reason, window=window, user=user)

    return take_over(comparison, drivers=driver_names(), grammars=grammars(), note=note)
