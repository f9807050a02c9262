"""Looks a process picture through by the rules of ISA-101: what is found names the element and the remedy."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.picture import DisplayLevel, Picture
from app.model.picture_levels import ancestors, picture_above
from app.model.picture_parts import with_parts
from app.model.plant import Plant
from app.picture.color_rules import check_colors
from app.picture.finding import Finding
from app.picture.name_rules import check_head, check_names, check_twice
from app.picture.pipe_rules import check_pipe
from app.picture.room_rules import check_room, check_size
from app.picture.subject import Subject, named_elements, with_elements_of_parts


def lint(picture: Picture, plant: Plant) -> list[Finding]:
    """Return all that is found in a picture, that of the picture as a whole first, then element by element.

    `plant`: the one that it is to belong to, with its other pictures.
    """
    subject = Subject(picture, plant)
    elements = named_elements(picture)
    found = [*check_head(subject), *check_size(subject), *_check_way(subject), *_check_alarms(subject)]
    of_elements: list[Finding] = []
    for named in elements:
        of_elements += check_names(named, subject)
        of_elements += check_colors(named, subject)
        of_elements += check_pipe(named, subject)
    placed = with_elements_of_parts(elements, subject)
    of_elements += check_twice(placed)
    of_elements += check_room(placed, subject)
    places = {named.place: number for number, named in enumerate(elements)}
    return [*found, *sorted(of_elements, key=lambda each: places[each.place] if each.place else -1)]


def _check_way(subject: Subject) -> Iterator[Finding]:
    """Yield that a picture of the lower levels is never reached."""
    picture = subject.picture
    is_lower = picture.level in {DisplayLevel.DETAIL, DisplayLevel.DIAGNOSTIC} and not picture.equipment_class
    if is_lower and picture_above(subject.plant, picture) is None:
        yield Finding("no-way")


def _check_alarms(subject: Subject) -> Iterator[Finding]:
    """Yield the equipment of a unit that has alarms and stands in no picture at all."""
    picture, plant = subject.picture, subject.plant
    if picture.level is not DisplayLevel.UNIT or picture.equipment_class:
        return
    others = [each for each in plant.pictures if each.id != picture.id]
    seen = {name for each in (picture, *others) for name in _shown(each, subject)}
    alarmed = dict.fromkeys(subject.tags[alarm.tag].equipment for alarm in plant.alarms if alarm.tag in subject.tags)
    for equipment in alarmed:
        if equipment not in seen and picture.equipment in ancestors(plant, equipment):
            yield Finding("unseen-alarms", values={"equipment": equipment})


def _shown(picture: Picture, subject: Subject) -> Iterator[str]:
    """Yield the equipment that a picture shows, by a symbol, a value or a part."""
    picture = with_parts(picture, subject.plant)
    names = [name for each in picture.symbols for name in (each.running, each.level, each.value)]
    names += [each.tag for each in picture.readouts]
    yield from (each.equipment for each in picture.symbols)
    yield from (subject.tags[name].equipment for name in (*names, *picture.sparklines) if name in subject.tags)
