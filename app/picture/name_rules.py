"""Rules of what a picture names: it must be there, be shown once, and be able to say what it is to say."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.model.picture import Readout, Symbol
from app.model.picture_parts import PART, template_of
from app.model.picture_symbol import SYMBOL_KINDS
from app.picture.finding import Finding
from app.picture.subject import Named, Subject


def check_names(named: Named, subject: Subject) -> Iterator[Finding]:
    """Yield the names of an element that nothing has, and symbols that cannot show what they are to show."""
    match named.element:
        case Symbol():
            yield from _symbol(named, named.element, subject)
        case Readout() if subject.tag(named.element.tag) is None:
            yield Finding("unknown-tag", named.place, named.name, {"name": named.element.tag or "?"})


def check_head(subject: Subject) -> Iterator[Finding]:
    """Yield what the picture as a whole names and nothing has."""
    picture = subject.picture
    if picture.equipment_class and not subject.owners:
        yield Finding("unknown-class", values={"name": picture.equipment_class})
    if picture.equipment and picture.equipment not in subject.equipment:
        yield Finding("unknown-equipment", values={"name": picture.equipment})
    for name in picture.sparklines:
        if subject.tag(name) is None:
            yield Finding("unknown-tag", values={"name": name})


def check_twice(elements: list[Named]) -> Iterator[Finding]:
    """Yield values that stand in the picture twice."""
    first: dict[str, Named] = {}
    for named in elements:
        match named.element:
            case Symbol(value=tag) | Readout(tag=tag) if tag:
                before = first.setdefault(tag, named)
                if before.place != named.place:
                    yield Finding("twice", named.place, named.name, {"tag": tag, "other": before.name})
            case _:
                pass


def _symbol(named: Named, symbol: Symbol, subject: Subject) -> Iterator[Finding]:
    kind = SYMBOL_KINDS.get(symbol.kind)
    if symbol.kind == PART and template_of(symbol, subject.plant) is None:
        yield Finding("unknown-part", named.place, named.name, {"name": symbol.part or "?"})
    if kind is None:
        yield Finding("unknown-kind", named.place, named.name, {"kind": symbol.kind})
    elif symbol.turn and not kind.turns:
        yield Finding("turned", named.place, named.name, {"kind": symbol.kind})
    if symbol.equipment and not subject.has_equipment(symbol.equipment):
        yield Finding("unknown-equipment", named.place, named.name, {"name": symbol.equipment})
    for name in (symbol.running, symbol.level, symbol.value):
        if name and subject.tag(name) is None:
            yield Finding("unknown-tag", named.place, named.name, {"name": name})
    if symbol.level and kind is not None and not kind.holds:
        yield Finding("holds-nothing", named.place, named.name, {"kind": symbol.kind})
    tag = subject.tag(symbol.level) if symbol.level else None
    if tag is not None and not math.isfinite(tag.high - tag.low):
        yield Finding("no-range", named.place, named.name, {"tag": tag.name})
