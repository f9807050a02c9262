"""Rules of room: nothing covers another, nothing is cut off, and no picture holds more than somebody can watch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.model.picture import DisplayLevel, Pipe, Readout, Symbol
from app.model.picture_parts import with_parts
from app.picture.extent import LEAST_FOR_WORDS, SMALL_PLACE, Box, body, factor, is_plain, name_box, readout_box
from app.picture.finding import Finding
from app.picture.subject import Named, Subject

MOST_VALUES: Mapping[DisplayLevel, int] = {
    DisplayLevel.OVERVIEW: 40,
    DisplayLevel.UNIT: 80,
    DisplayLevel.DETAIL: 120,
    DisplayLevel.DIAGNOSTIC: 200,
}
MOST_ELEMENTS: Mapping[DisplayLevel, int] = {level: 4 * most for level, most in MOST_VALUES.items()}
_SHARE, _TOUCH = 0.04, 1.0


@dataclass(frozen=True, slots=True)
class _Room:
    """What an element takes: `is_text` of a value or a name, which may not lie upon lines either."""

    named: Named
    box: Box
    is_text: bool


def check_room(elements: list[Named], subject: Subject) -> Iterator[Finding]:
    """Yield what covers another or is cut off."""
    rooms = [room for named in elements for room in _rooms(named, subject)]
    frame = Box(0.0, 0.0, *subject.picture.size)
    cut = {room.named.place: room.named for room in rooms if not frame.grown(_TOUCH).around(room.box)}
    yield from (Finding("outside", each.place, each.name) for each in cut.values())
    yield from _overlaps(rooms)
    yield from _crossings(rooms, [named for named in elements if isinstance(named.element, Pipe)])


def check_size(subject: Subject) -> Iterator[Finding]:
    """Yield whether small words vanish on a small screen, and whether there is more than the level bears."""
    picture = with_parts(subject.picture, subject.plant)
    if factor(picture, SMALL_PLACE) < LEAST_FOR_WORDS:
        width, height = (f"{side / LEAST_FOR_WORDS:.0f}" for side in SMALL_PLACE)
        yield Finding("labels-vanish", values={"width": width, "height": height})
    live = sum(bool(each.running) + bool(each.level) + bool(each.value) for each in picture.symbols)
    live += len(picture.readouts)
    total = len(picture.symbols) + len(picture.pipes) + len(picture.readouts)
    for rule, count, most in (
        ("too-many-values", live, MOST_VALUES[picture.level]),
        ("too-many-elements", total, MOST_ELEMENTS[picture.level]),
    ):
        if count > most:
            yield Finding(rule, values={"count": count, "most": most, "level": str(picture.level)})


def _rooms(named: Named, subject: Subject) -> Iterator[_Room]:
    match named.element:
        case Symbol() if named.element.kind != "frame":
            yield _Room(named, body(named.element), is_text=is_plain(named.element))
            name = name_box(named.element, subject.picture)
            if name is not None:
                yield _Room(named, name, is_text=True)
        case Readout():
            yield _Room(named, readout_box(named.element, subject), is_text=True)
        case _:
            pass


def _overlaps(rooms: list[_Room]) -> Iterator[Finding]:
    """Compare from left to right, each only with those that begin before it ends."""
    ordered = sorted(rooms, key=lambda room: room.box.left)
    told = set()
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.box.left >= one.box.right:
                break
            pair = tuple(sorted((one.named.place, other.named.place)))
            if one.named.place == other.named.place or pair in told:
                continue
            if one.box.shared(other.box) > _SHARE * min(one.box.area, other.box.area):
                told.add(pair)
                yield Finding("overlap", one.named.place, one.named.name, {"other": other.named.name})


def _crossings(rooms: list[_Room], pipes: list[Named]) -> Iterator[Finding]:
    """Yield what a pipe runs through: a symbol that neither of its ends is at, or a text."""
    told = set()
    for named in pipes:
        pipe = named.element
        if not isinstance(pipe, Pipe):
            continue
        ends = (pipe.points[0], pipe.points[-1])
        for room in rooms:
            inner = room.box.grown(-0.12 * min(room.box.right - room.box.left, room.box.bottom - room.box.top))
            if not room.is_text and any(room.box.grown(_TOUCH).holds(*end) for end in ends):
                continue
            if room.named.place == named.place:  # within one part, which is looked through by itself
                continue
            pair = (room.named.place, named.place)
            if pair not in told and any(inner.is_cut(start, stop) for start, stop in pairwise(pipe.points)):
                told.add(pair)
                yield Finding("crossed", room.named.place, room.named.name, {"other": named.name})
