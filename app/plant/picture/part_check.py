"""Checks of the parts of process pictures: the picture of a class is there and fits the equipment."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from app.model.picture_parts import PART
from app.plant.picture.grammar import PictureFileTable, SymbolTable
from app.plant.problem import Findings
from app.plant.table import Located
from app.plant.tables import LocatedPicture


def class_pictures(pictures: Collection[LocatedPicture]) -> dict[str, str]:
    """Return the class of each picture that is one of a class, by its id."""
    tables = {each.id: each.located.table for each in pictures}
    return {
        name: table.equipment_class
        for name, table in tables.items()
        if isinstance(table, PictureFileTable) and table.equipment_class
    }


def check_head(picture: LocatedPicture, findings: Findings) -> None:
    """Note a picture that is to be a part and is of no class."""
    table = picture.located.table
    if isinstance(table, PictureFileTable) and table.part and not table.equipment_class:
        findings.error(
            picture.located.key("part"), 'a part is the picture of a class: add class = "pump", or remove `part`'
        )


def check_part(
    symbol: Located[SymbolTable],
    faceplates: Mapping[str, str],
    classes: Mapping[str, Collection[str]],
    findings: Findings,
    *,
    is_within: bool,
) -> None:
    """Note a part that cannot be drawn.

    `faceplates`: the class of each picture of a class; `classes`: the equipment of each class; `is_within`: whether the
    picture around it is of a class itself.
    """
    table = symbol.table
    if table.kind != PART:
        if table.part:
            findings.error(symbol.key("part"), f'a {table.kind} has no `part`: write kind = "{PART}", or remove it')
        return
    if is_within:
        findings.error(symbol.key("kind"), "the picture of a class has no parts itself: draw its symbols here")
    elif not table.part:
        known = ", ".join(f'"{name}"' for name in sorted(faceplates)[:5]) or "there is none yet"
        findings.error(symbol.key("kind"), f"`part` is missing: name the picture of a class, one of {known}")
    elif table.part not in faceplates:
        alike = difflib.get_close_matches(table.part, sorted(faceplates), n=1)
        what = f'write "{alike[0]}"' if alike else f"draw pictures/{table.part}.toml with a class"
        findings.error(symbol.key("part"), f'there is no picture of a class "{table.part}": {what}')
    elif not table.equipment:
        findings.error(symbol.key("part"), '`equipment` is missing: say for which one it is drawn: equipment = "PU01"')
    elif table.equipment not in classes.get(faceplates[table.part], ()):
        wanted = faceplates[table.part]
        findings.error(
            symbol.key("equipment"),
            f'{table.equipment} is no {wanted}, of which "{table.part}" is the picture: write another one of the two',
        )
