"""Which tags of an equipment an operator sees first."""

from __future__ import annotations

from collections.abc import Collection

from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind


def ranked_tags(plant: Plant, equipment: str, *, active: Collection[str] = ()) -> list[TagDefinition]:
    """Return the tags of an equipment, for one without any those of the equipment below it, the most telling first.

    Those with a forecast come first, then those with an alarm that is active now (`active`: names of tags), then those
    with an alarm defined, then the rest; on and off always come last, else the order of the configuration holds.
    """
    forecasts = {forecast.tag for forecast in plant.forecasts}
    alarms = {alarm.tag for alarm in plant.alarms}

    def rank(tag: TagDefinition) -> int:
        if tag.name in forecasts:
            return 0
        if tag.name in active:
            return 1
        if tag.kind is TagKind.DISCRETE:
            return 4
        return 2 if tag.name in alarms else 3

    tags = plant.tags_of(equipment)
    if not tags:
        below = descendants(plant, equipment)
        tags = tuple(tag for tag in plant.tags if tag.equipment in below)
    return sorted(tags, key=rank)


def descendants(plant: Plant, equipment: str) -> set[str]:
    """Return the ids of all equipment below one."""
    found: set[str] = set()
    level = {equipment}
    while level:
        level = {each.id for each in plant.equipment if each.parent in level} - found
        found |= level
    return found


def path_to(plant: Plant, equipment: str) -> list[str]:
    """Return the ids from the top of the hierarchy down to an equipment; empty where it is unknown."""
    parents = {each.id: each.parent for each in plant.equipment}
    path: list[str] = []
    while equipment in parents and equipment not in path:
        path.insert(0, equipment)
        equipment = parents[equipment]
    return path
