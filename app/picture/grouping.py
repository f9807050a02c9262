"""Groups: elements that are taken in hand as one; each says the name of its group itself, so that a file tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.model.picture import Element
from app.picture.drawing import Drawing


def whole(drawing: Drawing, numbers: Collection[int]) -> frozenset[int]:
    """Return some elements with all others of their groups."""
    names = {item.element.group for item in drawing.chosen(numbers)} - {""}
    return frozenset(numbers) | {item.number for item in drawing.items if item.element.group in names}


def grouped(drawing: Drawing, numbers: Collection[int]) -> Drawing:
    """Return the drawing with some elements as one group; those that they had are no more where all left them."""
    chosen = drawing.chosen(numbers)
    if len(chosen) < 2:
        return drawing
    name = free_group([item.element for item in drawing.items])
    return drawing.changed({item.number: replace(item.element, group=name) for item in chosen})


def parted(drawing: Drawing, numbers: Collection[int]) -> Drawing:
    """Return the drawing with some elements in no group."""
    chosen = [item for item in drawing.chosen(numbers) if item.element.group]
    return drawing.changed({item.number: replace(item.element, group="") for item in chosen}) if chosen else drawing


def regrouped(elements: Sequence[Element], taken: Sequence[Element]) -> tuple[Element, ...]:
    """Return elements whose groups are others than those of `taken`: copies are groups of their own."""
    names: dict[str, str] = {}
    known = list(taken)
    made: list[Element] = []
    for element in elements:
        if element.group and element.group not in names:
            names[element.group] = free_group(known)
        copy = replace(element, group=names.get(element.group, ""))
        known.append(copy)
        made.append(copy)
    return tuple(made)


def free_group(elements: Sequence[Element]) -> str:
    """Return the name of a group that no element has yet."""
    taken = {each.group for each in elements}
    number = 1
    while f"group-{number}" in taken:
        number += 1
    return f"group-{number}"
