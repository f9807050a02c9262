"""In which mode of operation the rows of an Equipment are: by its discrete tags that do not switch all the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.case.pattern import role_of
from app.learning.refusal import ModelRefused
from app.model.plant import Plant
from app.model.tag import TagKind
from app.training.rows import Array

ROWS_A_CHANGE = 12
"""A tag that changes more often than every so many rows is no mode: no row would settle."""


def switches_of(plant: Plant, equipment: str) -> tuple[str, ...]:
    """Return the roles of the discrete tags of one Equipment, sorted."""
    tags = plant.tags_of(equipment)
    return tuple(sorted(role_of(tag.name, equipment) for tag in tags if tag.kind is TagKind.DISCRETE))


def switch_tags(plant: Plant, equipment: str, roles: Sequence[str]) -> tuple[str, ...]:
    """Return the tags of roles that switches of one Equipment have; raise ModelRefused where it lacks one."""
    names = {role_of(tag.name, equipment): tag.name for tag in plant.tags_of(equipment) if tag.kind is TagKind.DISCRETE}
    if missing := [role for role in roles if role not in names]:
        raise ModelRefused(f"{equipment}: the model knows its modes by {', '.join(missing)}, which it has not")
    return tuple(names[role] for role in roles)


def resting(switches: Array) -> list[int]:
    """Return which columns of switches, shape (n, k), are modes: they move, and not all the time."""
    changes = np.count_nonzero(np.diff(switches, axis=0) != 0.0, axis=0)
    return [place for place, count in enumerate(changes.tolist()) if 0 < count * ROWS_A_CHANGE <= len(switches)]


def modes_of(switches: Array) -> list[str]:
    """Return the mode of each row of switches, shape (n, k), in words that a state can hold; "?" where one is bad."""
    return [",".join("?" if value != value else f"{value:g}" for value in row) for row in switches.tolist()]  # noqa: PLR0124 - NaN
