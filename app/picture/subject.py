"""The picture that is looked at, with the plant that its names mean and how its elements are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.model.equipment import Equipment
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.picture_levels import ANY, classes_of
from app.model.picture_parts import PART, part_maker
from app.model.plant import Plant
from app.model.tag import TagDefinition


class Subject:
    """`tags` and `equipment` are the plant's by name and id; "{id}" in a faceplate means the first of its class."""

    def __init__(self, picture: Picture, plant: Plant) -> None:
        """Look at `picture` as one of `plant`."""
        self.picture = picture
        self.plant = plant
        self.tags: Mapping[str, TagDefinition] = {tag.name: tag for tag in plant.tags}
        self.equipment: Mapping[str, Equipment] = {each.id: each for each in plant.equipment}

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Return the equipment that "{id}" stands for."""
        wanted = self.picture.equipment_class
        return tuple(each.id for each in self.plant.equipment if wanted and wanted in classes_of(each))

    def meant(self, name: str) -> tuple[str, ...]:
        """Return the names that one in the picture stands for."""
        if ANY in name:
            return tuple(name.replace(ANY, owner) for owner in self.owners)
        return (name,)

    def tag(self, name: str) -> TagDefinition | None:
        """Return the tag of a name, of the first equipment that has it; None where there is none."""
        return next((self.tags[each] for each in self.meant(name) if each in self.tags), None)

    def has_equipment(self, name: str) -> bool:
        """Return whether there is such equipment."""
        return any(each in self.equipment for each in self.meant(name))


@dataclass(frozen=True, slots=True)
class Named:
    """An element with its place among those of its kind."""

    kind: str
    number: int
    element: Symbol | Pipe | Readout

    @property
    def place(self) -> tuple[str, int]:
        """Return the place as a finding has it."""
        return self.kind, self.number

    @property
    def name(self) -> str:
        """Return how it is called: by its equipment or label, else by its place."""
        match self.element:
            case Symbol():
                called = self.element.label.en or self.element.equipment or self.element.id
                return f"{self.element.kind} {called}" if called else f"{self.element.kind} {self.number + 1}"
            case Pipe():
                return f"pipe {self.number + 1}"
            case Readout():
                return f"value {self.element.tag}"


def named_elements(picture: Picture) -> list[Named]:
    """Return all elements of a picture."""
    return [
        *(Named("symbol", number, each) for number, each in enumerate(picture.symbols)),
        *(Named("pipe", number, each) for number, each in enumerate(picture.pipes)),
        *(Named("readout", number, each) for number, each in enumerate(picture.readouts)),
    ]


def with_elements_of_parts(elements: list[Named], subject: Subject) -> list[Named]:
    """Return the elements with those of parts in the place of each part, whose place they bear."""
    make = part_maker(subject.plant)
    found: list[Named] = []
    for named in elements:
        if isinstance(named.element, Symbol) and named.element.kind == PART:
            found += [Named(named.kind, named.number, each) for each in make(named.element)]
        else:
            found.append(named)
    return found
