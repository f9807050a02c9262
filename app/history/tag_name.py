"""Tags that have another name now: what was recorded under the former one is found under the present one.

The samples stay where they are; the row of the tag gets the new name. The file remembers the names that a tag had, so
that a plant file that returns to the former name has its history too.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.database import PlantConnection
from app.history.tag_table import known_tags
from app.model.tag import TagDefinition

FORMER = "former_name:"
"""Before a former name in `history_state`, whose value is the number of the tag that had it."""
_REMEMBERED = "SELECT substr(key, ?), value FROM history_state WHERE substr(key, 1, ?) = ?"


def follow_names(connection: PlantConnection, tags: Sequence[TagDefinition]) -> None:
    """Give the rows of renamed tags their new names, within the open transaction; `tags`: all of the plant.

    A name that the plant has is never taken from its tag; a new tag under a former name begins a history of its own.
    """
    numbers = {name: number for name, number, _ in known_tags(connection)}
    remembered = {str(name): int(number) for name, number in connection.execute(*_remembered()).fetchall()}
    wanted = {tag.name for tag in tags}
    idle = {number: name for name, number in numbers.items() if name not in wanted}
    for tag in tags:
        if tag.name in numbers:
            continue
        found = [numbers[name] for name in reversed(tag.former) if numbers.get(name) in idle]
        if not found and remembered.get(tag.name) in idle:
            found = [remembered[tag.name]]
        if found:
            former = idle.pop(found[0])
            connection.execute("UPDATE tag SET name = ? WHERE id = ?", (tag.name, found[0]))
            connection.execute("INSERT OR REPLACE INTO history_state VALUES (?, ?)", (FORMER + former, found[0]))
            connection.execute("DELETE FROM history_state WHERE key = ?", (FORMER + tag.name,))


def present_names(connection: PlantConnection, tags: Sequence[TagDefinition]) -> dict[str, str]:
    """Return the present name of a tag by each former one that no tag of the plant has; `tags`: all of the plant."""
    names = {number: name for name, number, _ in known_tags(connection)}
    wanted = {tag.name for tag in tags}
    remembered = connection.execute(*_remembered()).fetchall()
    return {
        str(former): names[number]
        for former, number in remembered
        if former not in wanted and names.get(number) in wanted
    }


def _remembered() -> tuple[str, tuple[int, int, str]]:
    return _REMEMBERED, (len(FORMER) + 1, len(FORMER), FORMER)
