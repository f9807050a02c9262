"""Files beside the plant file that name its tags and equipment, process pictures and saved views of trends, renamed.

What has another name is told by the former names in the plant file; a return to the former file goes the other way.
Only names are replaced: comments, order and layout stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.plant.atomic import replace_text
from app.plant.folder import PlantFolder
from app.plant.picture.path import FOLDER, picture_id
from app.plant.picture.saving import PictureSaving
from app.plant.reference_key import EACH, REFERENCES
from app.plant.toml.line_index import LineIndex
from app.plant.toml.text import toml_value

_STRING = re.compile(r"""\"(?:[^"\\\n]|\\.)*\"|'[^'\n]*'""")
_VIEWS: Mapping[tuple[str, ...], str] = {("view", EACH, "panes"): "tag"}


@dataclass(frozen=True, slots=True)
class NewNames:
    """By kind the new name of each former one; `of_class`: texts with {id}, of the classes by their kind."""

    plain: Mapping[str, Mapping[str, str]]
    of_class: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything has another name."""
        return any(self.plain.values()) or any(self.of_class.values())


def new_names(before: Plant, after: Plant) -> NewNames:
    """Return what has another name in the plant `after`."""
    tags, equipment = _by_name(before.tags), _by_name(before.equipment)
    plain = {
        "tag": dict(_pairs(tags, _by_name(after.tags))),
        "equipment": dict(_pairs(equipment, _by_name(after.equipment))),
    }
    former, new = ({each.id: each for each in plant.equipment_classes} for plant in (before, after))
    of_class: dict[str, Mapping[str, str]] = {}
    for name, each in new.items():
        if name in former:
            members = (_of_members(found.members.get("tag", ())) for found in (former[name], each))
            of_class[each.kind_of_instances] = dict(_pairs(*members))
    return NewNames(plain, of_class)


def followed_pictures(folder: Path, names: NewNames) -> Iterator[PictureSaving]:
    """Yield the picture files that name something by its former name, as they are to be; those in no order are not."""
    for path in sorted((folder / FOLDER).glob("*.toml")):
        try:
            text = path.read_bytes().decode("utf-8-sig")
            head = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # told where the plant is checked
        own = names.of_class.get(str(head.get("class", "")), {})
        made = _renamed(text, REFERENCES["picture"], {**names.plain, "tag": {**names.plain.get("tag", {}), **own}})
        if made != text:
            yield PictureSaving(picture_id(path), text, made)


def followed_views(folder: PlantFolder, names: NewNames) -> str:
    """Return the file of saved views as it is to be, "" where nothing in it is otherwise."""
    try:
        text = folder.trend_views.read_text("utf-8")
        tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    made = _renamed(text, _VIEWS, names.plain)
    return made if made != text else ""


def follow_views(folder: PlantFolder, names: NewNames) -> None:
    """Write the saved views with the new names; raise OSError."""
    made = followed_views(folder, names)
    if made:
        replace_text(folder.trend_views, made)


def _by_name(
    things: tuple[TagDefinition, ...] | tuple[Equipment, ...],
) -> dict[str, tuple[str, ...]]:
    return {each.name if isinstance(each, TagDefinition) else each.id: each.former for each in things}


def _of_members(members: tuple[Mapping[str, object], ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for table in members:
        former = table.get("former")
        found[str(table.get("name"))] = tuple(former) if isinstance(former, list) else ()
    return found


def _pairs(before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield former and new name of what is known by another one."""
    for name, former in after.items():
        if name not in before:
            yield from ((each, name) for each in former if each in before and each not in after)
    for name, former in before.items():
        if name not in after:
            yield from ((name, each) for each in former if each in after and each not in before)


def _renamed(text: str, keys: Mapping[tuple[str, ...], str], names: Mapping[str, Mapping[str, str]]) -> str:
    pieces, begin = [], 0
    for path, (start, end) in sorted(LineIndex(text).spans.items(), key=lambda each: each[1]):
        place = tuple(EACH if isinstance(part, int) else part for part in path)
        kind = keys.get(place) or keys.get((*place, EACH))
        if kind is not None:
            value = text.index("=", start) + 1
            named = partial(_named, names.get(kind, {}))
            pieces += [text[begin:value], _STRING.sub(named, text[value:end])]
            begin = end
    return "".join([*pieces, text[begin:]])


def _named(names: Mapping[str, str], literal: re.Match[str]) -> str:
    name = str(tomllib.loads(f"x = {literal.group()}")["x"])
    return toml_value(names[name]) if name in names else literal.group()
