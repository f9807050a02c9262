"""What the screens ask for when a plant in use is changed; every call is made in a background thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.plant.addition import Addition, AdditionPlan, plan_addition
from app.plant.folder import PlantFolder
from app.plant.picture.saving import PictureSaving
from app.plant.tag_list.revised_file import Comparison


def _plan(folder: PlantFolder, addition: Addition) -> AdditionPlan:
    return plan_addition(folder.configuration, addition)


def _nothing(folder: PlantFolder, addition: Addition, plan: AdditionPlan, user: str) -> Path:
    del addition, plan, user
    raise OSError(f"{folder.configuration}: cannot be changed here")


def _no_change(folder: PlantFolder, before: str, after: str, reason: str, user: str) -> Path:
    del before, after, reason, user
    raise OSError(f"{folder.configuration}: cannot be changed here")


def _no_tags(folder: PlantFolder, comparison: Comparison, source: str, user: str) -> Path:
    del comparison, source, user
    raise OSError(f"{folder.configuration}: cannot be changed here")


def _no_picture(folder: PlantFolder, saving: PictureSaving, reason: str, user: str) -> Path:
    del saving, reason, user
    raise OSError(f"{folder.path}: no picture can be changed here")


@dataclass(frozen=True, slots=True)
class Editing:
    """`plan(folder, addition)`: what adding a device would write. `add(folder, addition, plan, user)`: write that.

    `add` also keeps passwords and files, notes it in the audit trail in the name of `user` ("" for nobody), and returns
    the copy of the former plant file. So does `take(folder, comparison, source, user)`, which takes over the tags of
    the list `source`, and `change(folder, before, after, reason, user)`, which writes another text of the plant file;
    and `draw(folder, saving, reason, user)`, which stores a process picture and returns its file.
    """

    plan: Callable[[PlantFolder, Addition], AdditionPlan] = _plan
    add: Callable[[PlantFolder, Addition, AdditionPlan, str], Path] = _nothing
    take: Callable[[PlantFolder, Comparison, str, str], Path] = _no_tags
    change: Callable[[PlantFolder, str, str, str, str], Path] = _no_change
    draw: Callable[[PlantFolder, PictureSaving, str, str], Path] = _no_picture
