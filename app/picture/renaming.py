"""Other names in what was drawn: the same for another machine, once or in a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from app.model.picture import Element, Pipe, Readout, Symbol
from app.model.text import LocalText
from app.picture.drawing import Drawing, copies
from app.picture.grouping import regrouped

_NUMBER = re.compile(r"(\d+)(?!.*\d)")
"""The last number in a name."""


def names_of(element: Element) -> Iterator[str]:
    """Yield what an element calls by its name: tags, equipment, labels, the ends of a pipe."""
    match element:
        case Symbol():
            yield from (element.equipment, element.running, element.level, element.value, element.id)
            yield from (element.label.en, element.label.zh)
        case Pipe():
            yield from (element.start, element.end, element.medium.en, element.medium.zh)
        case Readout():
            yield from (element.tag, element.label.en, element.label.zh)


def hits(elements: Sequence[Element], find: str) -> int:
    """Return how often a text stands in the names of elements; letters count as they are written."""
    return sum(name.count(find) for each in elements for name in names_of(each)) if find else 0


def renamed(element: Element, names: Mapping[str, str]) -> Element:
    """Return an element in whose names each of some texts is another one; what is put in is not searched again."""
    if not names:
        return element
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))

    def to(text: str) -> str:
        return pattern.sub(lambda found: names[found.group()], text)

    def said(text: LocalText) -> LocalText:
        return LocalText(to(text.en), to(text.zh))

    match element:
        case Symbol():
            return replace(
                element,
                equipment=to(element.equipment),
                running=to(element.running),
                level=to(element.level),
                value=to(element.value),
                id=to(element.id),
                label=said(element.label),
            )
        case Pipe():
            return replace(element, start=to(element.start), end=to(element.end), medium=said(element.medium))
        case Readout():
            return replace(element, tag=to(element.tag), label=said(element.label))


def with_names(drawing: Drawing, numbers: Collection[int], find: str, by: str) -> Drawing:
    """Return the drawing with another text in the names of some elements; pipes stay attached to renamed symbols."""
    if not find or find == by:
        return drawing
    changed = {item.number: renamed(item.element, {find: by}) for item in drawing.chosen(numbers)}
    return drawing.changed(changed)


def counted(name: str, steps: int) -> str:
    """Return a name whose last number is so much higher, as wide as it was: PU09 and 2 give PU11; others stay."""
    return _NUMBER.sub(lambda found: f"{int(found[1]) + steps:0{len(found[1])}d}", name, count=1)


def _counting(elements: Sequence[Element]) -> list[str]:
    """Return the names that count up: equipment, else what stands before the dots of tags; tags of the same number."""
    own = {each.equipment for each in elements if isinstance(each, Symbol) and each.equipment}
    own = own or {each.tag.rpartition(".")[0] for each in elements if isinstance(each, Readout)} - {""}
    numbers = {found[1] for name in own if (found := _NUMBER.search(name))}
    tags = [name for each in elements if isinstance(each, Symbol) for name in (each.running, each.level, each.value)]
    tags += [each.tag for each in elements if isinstance(each, Readout)]
    loops = {tag for tag in tags if (found := _NUMBER.search(tag)) and found[1] in numbers}
    return sorted(own | {tag for tag in loops if not any(name in tag for name in own)})


def row_of(
    drawing: Drawing, elements: Sequence[Element], count: int, shift: tuple[float, float], *, counts_up: bool
) -> tuple[Element, ...]:
    """Return `count` copies of elements, each so far beyond the one before.

    `counts_up`: the equipment that they name is the next one in each copy: of PU01 and its tag PU01.RUN the first copy
    is PU02 with PU02.RUN; of P-11 and its tag XA-11, which has the number of its equipment, P-12 with XA-12.
    """
    own = _counting(elements)
    made: list[Element] = []
    symbols = list(drawing.symbols)
    for step in range(1, count + 1):
        names = {name: counted(name, step) for name in own} if counts_up else {}
        models = [renamed(each, names) for each in elements]
        found = copies(models, symbols, (shift[0] * step, shift[1] * step))
        symbols += [each for each in found if isinstance(each, Symbol)]
        made += regrouped(found, [*(item.element for item in drawing.items), *made])
    return tuple(made)
