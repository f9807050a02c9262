"""The way between the display levels of ISA-101: from the plant down to one machine and what ails it, and up again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.model.equipment import Equipment
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.text import LocalText

ANY, NAME = "{id}", "{name}"
"""Stand for the equipment's id in the names of a faceplate, and for its id and name in its texts."""


def ancestors(plant: Plant, equipment: str) -> list[str]:
    """Return an equipment and what it belongs to, from itself to the top."""
    parents = {each.id: each.parent for each in plant.equipment}
    trail: list[str] = []
    while equipment in parents and equipment not in trail:
        trail.append(equipment)
        equipment = parents[equipment]
    return trail


def main_pictures(plant: Plant) -> tuple[Picture, ...]:
    """Return the pictures that an operator chooses from: those of the two upper levels, else all there are."""
    upper = tuple(picture for picture in plant.pictures if picture.level.rank <= 2)
    return upper or plant.pictures


def picture_above(plant: Plant, picture: Picture) -> Picture | None:
    """Return the picture that one goes up to: the one it names, else the nearest of a higher level around it.

    Of those around it the lowest level comes first, then the nearest equipment. None at the top.
    """
    if picture.above:
        return next((each for each in plant.pictures if each.id == picture.above), None)
    trail = ancestors(plant, picture.equipment)
    higher = [each for each in plant.pictures if each.level.rank < picture.level.rank]
    around = [each for each in higher if each.equipment in trail]
    if around:
        return max(around, key=lambda each: (each.level.rank, -trail.index(each.equipment)))
    return next((each for each in higher if each.level.rank == 1), None)


def pictures_below(plant: Plant, picture: Picture) -> tuple[Picture, ...]:
    """Return the pictures that one goes down to: those that name it above them, and faceplates of what it shows."""
    found = [each for each in plant.pictures if each.id != picture.id and picture_above(plant, each) is picture]
    shown = dict.fromkeys(symbol.equipment for symbol in picture.symbols if symbol.equipment)
    own = {each.equipment for each in found}
    if picture.level.rank <= 2:
        faceplates = (faceplate_of(plant, equipment) for equipment in shown if equipment not in own)
        found += [each for each in faceplates if each is not None]
    return tuple(found)


def faceplate_of(plant: Plant, equipment: str) -> Picture | None:
    """Return the faceplate of an equipment, made from that of its class; None where its class has none.

    A value whose tag this equipment has not is left out; so is a tag of a symbol, which stays.
    """
    owner = next((each for each in plant.equipment if each.id == equipment), None)
    if owner is None:
        return None
    classes = classes_of(owner)
    template = next((each for each in plant.faceplates if each.equipment_class in classes and not each.is_part), None)
    return None if template is None else instance(template, plant, equipment, owner.name)


def classes_of(equipment: Equipment) -> set[str]:
    """Return the names of the class that an equipment is of: its kind, and its class in the plant file."""
    own = equipment.instance.equipment_class if equipment.instance is not None else ""
    return {equipment.kind, own} - {""}


def instance(
    template: Picture, plant: Plant, equipment: str, name: LocalText, *, tags: Collection[str] | None = None
) -> Picture:
    """Return the picture of one equipment that the faceplate of its class stands for.

    `tags`: the names of the plant's tags, for whoever makes many.
    """
    tags = {tag.name for tag in plant.tags} if tags is None else tags

    def named(text: str) -> str:
        return text.replace(ANY, equipment)

    def there(text: str) -> str:
        return named(text) if named(text) in tags else ""

    def titled(text: LocalText) -> LocalText:
        return LocalText(named(text.en.replace(NAME, name.en)), named(text.zh.replace(NAME, name.zh or name.en)))

    def symbol(each: Symbol) -> Symbol:
        return replace(
            each,
            equipment=named(each.equipment),
            running=there(each.running),
            level=there(each.level),
            value=there(each.value),
            label=titled(each.label),
        )

    def pipe(each: Pipe) -> Pipe:
        return replace(each, medium=titled(each.medium))

    def readout(each: Readout) -> Readout:
        return replace(each, tag=there(each.tag), label=titled(each.label))

    return replace(
        template,
        id=f"{template.id}/{equipment}",
        title=name,
        equipment=equipment,
        equipment_class="",
        is_part=False,
        symbols=tuple(symbol(each) for each in template.symbols),
        pipes=tuple(pipe(each) for each in template.pipes),
        readouts=tuple(made for made in map(readout, template.readouts) if made.tag),
        sparklines=tuple(there(each) for each in template.sparklines if there(each)),
    )
