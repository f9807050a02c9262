"""Checks that a process picture names only what there is, and that it can be drawn."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.model.picture import Side
from app.model.picture_levels import ANY
from app.model.picture_port import end_of
from app.model.picture_symbol import SYMBOL_KINDS
from app.plant.picture.grammar import PictureFileTable, PipeTable, SymbolTable
from app.plant.picture.part_check import check_head, check_part
from app.plant.problem import Findings, KeyPath
from app.plant.reference import remedy
from app.plant.table import Located
from app.plant.tables import LocatedPicture, PlantTables
from app.plant.word import ValueType

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PlantNames:
    """What the pictures of a plant may name: `classes` holds the equipment of each class, `texts` tags of texts."""

    equipment: Collection[str]
    tags: Collection[str]
    texts: Collection[str]
    classes: Mapping[str, tuple[str, ...]]
    pictures: Collection[str]
    faceplates: Mapping[str, str]


def names_of(tables: PlantTables, pictures: Collection[str], faceplates: Mapping[str, str] = NONE) -> PlantNames:
    """Return what may be named; `pictures`: the ids of all pictures, also those in files of their own.

    `faceplates`: the class of each picture that is one of a class.
    """
    classes: dict[str, tuple[str, ...]] = {}
    for item in tables.equipment:
        for name in {item.table.kind, item.table.equipment_class} - {""}:
            classes[name] = (*classes.get(name, ()), item.table.id)
    return PlantNames(
        {item.table.id for item in tables.equipment},
        {item.table.name for item in tables.tags},
        {item.table.name for item in tables.tags if item.table.value_type is ValueType.TEXT},
        classes,
        pictures,
        faceplates,
    )


def check_picture(picture: LocatedPicture, names: PlantNames, findings: Findings) -> None:
    """Note whatever the picture names that is not there, and what cannot be drawn."""
    owners = _owners(picture, names, findings)
    for path, kind, name, what in _uses(picture):
        _check_name(path, kind, name, what, owners=owners, names=names, findings=findings)
    _check_size(picture.located.key("size"), picture.located.table.size, findings)
    check_head(picture, findings)
    _check_ids(picture, findings)
    for symbol in picture.symbols:
        _check_symbol(symbol, findings)
        check_part(symbol, names.faceplates, names.classes, findings, is_within=_is_of_class(picture))
    ids = {symbol.table.id for symbol in picture.symbols if symbol.table.id}
    for pipe in picture.pipes:
        _check_pipe(pipe, ids, findings)


def _is_of_class(picture: LocatedPicture) -> bool:
    table = picture.located.table
    return isinstance(table, PictureFileTable) and bool(table.equipment_class)


def _owners(picture: LocatedPicture, names: PlantNames, findings: Findings) -> tuple[str, ...]:
    """Return the equipment that "{id}" stands for, () where it stands for nothing."""
    table = picture.located.table
    if not isinstance(table, PictureFileTable):
        return ()
    if not table.equipment_class:
        if not table.equipment:
            findings.error(
                picture.located.key("equipment"), '`equipment` is missing: add equipment = "AC01", or a class'
            )
        return ()
    if table.equipment:
        findings.error(picture.located.key("equipment"), "`equipment` and `class` exclude each other: remove one")
    owners = names.classes.get(table.equipment_class, ())
    if not owners:
        path = picture.located.key("class")
        findings.error(path, _absent("equipment class", table.equipment_class, names.classes))
    return owners


def _uses(picture: LocatedPicture) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield what is named: its place, whether a tag, an equipment or a picture, its name, and what needs numbers."""
    head = picture.located
    yield head.key("equipment"), "equipment", head.table.equipment, ""
    yield head.key("above"), "picture", head.table.above, ""
    for number, name in enumerate(head.table.sparklines):
        yield (*head.key("sparklines"), number), "tag", name, "a sparkline"
    for symbol in picture.symbols:
        yield symbol.key("equipment"), "equipment", symbol.table.equipment, ""
        yield symbol.key("running"), "tag", symbol.table.running, "a symbol that runs"
        yield symbol.key("level"), "tag", symbol.table.level, "a level"
        yield symbol.key("value"), "tag", symbol.table.value, ""
    for readout in picture.readouts:
        yield readout.key("tag"), "tag", readout.table.tag, ""


def _check_name(
    path: KeyPath, kind: str, name: str, what: str, *, owners: Collection[str], names: PlantNames, findings: Findings
) -> None:
    """Note a name that nothing has; one with "{id}" must be had by each equipment of the class, or at least by one."""
    if not name:
        return
    choices = {"tag": names.tags, "equipment": names.equipment, "picture": names.pictures}[kind]
    if ANY in name and owners:
        meant = {owner: name.replace(ANY, owner) for owner in owners}
        lacking = [owner for owner, each in meant.items() if each not in choices]
        if len(lacking) == len(meant):
            first = next(iter(meant.values()))
            findings.error(path, f'no equipment of the class has the {kind} "{name}": {_remedy(kind, first, choices)}')
        elif lacking:
            findings.warning(path, f'{lacking[0]} has no {kind} "{meant[lacking[0]]}": its faceplate leaves it out')
        told = [each for each in meant.values() if each in names.texts]
    else:
        if name not in choices:
            findings.error(path, _absent(kind, name, choices))
        told = [name] if name in names.texts else []
    if told and what and kind == "tag":
        findings.error(path, f"the values of {told[0]} are texts, {what} needs numbers: write another tag")


def _absent(kind: str, name: str, choices: Collection[str]) -> str:
    return f'there is no {kind} "{name}": {_remedy(kind, name, choices)}'


def _remedy(kind: str, name: str, choices: Collection[str]) -> str:
    return remedy(kind, name, choices)


def _check_ids(picture: LocatedPicture, findings: Findings) -> None:
    first: dict[str, KeyPath] = {}
    for symbol in picture.symbols:
        name, path = symbol.table.id, symbol.key("id")
        if name and first.setdefault(name, path) != path:
            findings.error(
                path,
                f'symbol "{name}" stands already at line {{other}}: give one of the two another id',
                other=first[name],
            )


def _check_symbol(symbol: Located[SymbolTable], findings: Findings) -> None:
    table = symbol.table
    _check_size(symbol.key("size"), table.size, findings)
    kind = SYMBOL_KINDS.get(table.kind)
    if table.kind and kind is None:
        alike = difflib.get_close_matches(table.kind, SYMBOL_KINDS, n=1)
        findings.warning(
            symbol.key("kind"),
            f'there is no drawing of a "{table.kind}": write {_quoted(alike) or "one of " + ", ".join(SYMBOL_KINDS)}',
        )
    elif kind is not None and table.turn and not kind.turns:
        findings.warning(
            symbol.key("turn"), f"a {table.kind} stands upright and is not turned: remove `turn`, or swap its size"
        )


def _check_pipe(pipe: Located[PipeTable], ids: Collection[str], findings: Findings) -> None:
    table = pipe.table
    for key, name in (("from", table.start), ("to", table.end)):
        if not name:
            continue
        found = end_of(name)
        if found is None:
            sides = ", ".join(Side)
            findings.error(pipe.key(key), f'"{name}" names no side of a symbol: write its id, a dot and one of {sides}')
        elif found[0] not in ids:
            alike = difflib.get_close_matches(found[0], sorted(ids), n=1)
            what = f"write {_quoted([f'{alike[0]}.{found[1]}'])}" if alike else f'give it id = "{found[0]}"'
            findings.error(pipe.key(key), f'there is no symbol "{found[0]}" in this picture: {what}')
    if len(table.points) + bool(table.start) + bool(table.end) < 2:
        findings.error(
            pipe.key("points"), "a pipe needs two ends: write points = [[0, 150], [155, 150]], or `from` and `to`"
        )


def _check_size(path: KeyPath, size: tuple[float, float], findings: Findings) -> None:
    if min(size) <= 0:
        findings.error(path, f"a size of {size[0]:g} by {size[1]:g} cannot be drawn: write two numbers above 0")


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
