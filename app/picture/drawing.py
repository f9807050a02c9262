"""A process picture while it is edited: elements keep numbers of their own, pipes follow what they are attached to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.model.picture import Element, Picture, Pipe, Readout, Symbol
from app.model.picture_port import attached, end_of
from app.picture.run import followed

KINDS: Mapping[str, type] = {"symbol": Symbol, "pipe": Pipe, "readout": Readout}
LAYERS = ("pipes", "equipment", "values")
"""The layers of elements that name none: by kind, from below upwards."""


@dataclass(frozen=True, slots=True)
class Item:
    """An element; `number` is its own while the picture is edited, `origin` its place among its kind in the file."""

    number: int
    element: Element
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """`head`: the picture without its elements; `items` in the order in which each kind is drawn."""

    head: Picture
    items: tuple[Item, ...]

    @property
    def picture(self) -> Picture:
        """Return the picture as it is stored."""
        return replace(
            self.head,
            symbols=tuple(each for each in self._elements() if isinstance(each, Symbol)),
            pipes=tuple(each for each in self._elements() if isinstance(each, Pipe)),
            readouts=tuple(each for each in self._elements() if isinstance(each, Readout)),
        )

    @property
    def origins(self) -> dict[str, list[int | None]]:
        """Return for each kind where its elements come from, as `picture.revision` wants it."""
        return {
            word: [item.origin for item in self.items if isinstance(item.element, kind)] for word, kind in KINDS.items()
        }

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Return the symbols in the order in which they are drawn."""
        return tuple(each for each in self._elements() if isinstance(each, Symbol))

    def element(self, number: int) -> Element:
        """Return an element; raise KeyError where there is none of that number."""
        for item in self.items:
            if item.number == number:
                return item.element
        raise KeyError(number)

    def number_at(self, kind: str, place: int) -> int:
        """Return the number of the element at a place among its kind."""
        return [item.number for item in self.items if isinstance(item.element, KINDS[kind])][place]

    def chosen(self, numbers: Collection[int]) -> tuple[Item, ...]:
        """Return the items of these numbers in their order."""
        return tuple(item for item in self.items if item.number in numbers)

    def changed(self, elements: Mapping[int, Element]) -> Drawing:
        """Return the drawing with other elements in the place of some; pipes that are attached follow."""
        items = tuple(
            replace(item, element=elements[item.number]) if item.number in elements else item for item in self.items
        )
        return _led(replace(self, items=items), self, set(elements))

    def added(self, elements: Iterable[Element]) -> tuple[Drawing, tuple[int, ...]]:
        """Return the drawing with new elements on top, and their numbers."""
        first = max((item.number for item in self.items), default=-1) + 1
        new = tuple(Item(first + at, element) for at, element in enumerate(elements))
        return replace(self, items=self.items + new), tuple(item.number for item in new)

    def removed(self, numbers: Collection[int]) -> Drawing:
        """Return the drawing without some elements; pipes that were attached to them end where they ended."""
        gone = {item.element.id for item in self.chosen(numbers) if isinstance(item.element, Symbol)} - {""}
        items = tuple(
            replace(item, element=_freed(item.element, gone)) for item in self.items if item.number not in numbers
        )
        return replace(self, items=items)

    def raised(self, numbers: Collection[int]) -> Drawing:
        """Return the drawing with some elements above all others of their kind."""
        above = self.chosen(numbers)
        return replace(self, items=(*(item for item in self.items if item.number not in numbers), *above))

    def with_id(self, number: int) -> tuple[Drawing, str]:
        """Return the drawing with an id for a symbol, so that pipes can be attached, and that id."""
        symbol = self.element(number)
        if not isinstance(symbol, Symbol):
            raise TypeError(f"element {number} is no symbol")
        if symbol.id:
            return self, symbol.id
        name = free_id(symbol.equipment or symbol.kind, self.symbols)
        items = tuple(
            replace(item, element=replace(symbol, id=name)) if item.number == number else item for item in self.items
        )
        return replace(self, items=items), name

    def _elements(self) -> Iterable[Element]:
        return (item.element for item in self.items)


def drawing_of(picture: Picture) -> Drawing:
    """Return a picture to be edited."""
    head = replace(picture, symbols=(), pipes=(), readouts=())
    items: list[Item] = []
    kinds: tuple[tuple[Element, ...], ...] = (picture.symbols, picture.pipes, picture.readouts)
    for elements in kinds:
        items += [Item(len(items) + at, element, origin=at) for at, element in enumerate(elements)]
    return Drawing(head, tuple(items))


def stored_again(drawing: Drawing) -> Drawing:
    """Return the drawing once its picture is in its file: from now on its elements come from their places there."""
    counts = dict.fromkeys(KINDS, 0)
    items = []
    for item in drawing.items:
        word = next(word for word, kind in KINDS.items() if isinstance(item.element, kind))
        items.append(replace(item, origin=counts[word]))
        counts[word] += 1
    return replace(drawing, items=tuple(items))


def layer_of(element: Element) -> str:
    """Return the layer of an element: its own, else that of its kind."""
    match element:
        case Pipe():
            return element.layer or LAYERS[0]
        case Symbol():
            return element.layer or LAYERS[1]
        case Readout():
            return element.layer or LAYERS[2]


def free_id(wanted: str, symbols: Sequence[Symbol]) -> str:
    """Return an id that no symbol has yet."""
    taken, base = {symbol.id for symbol in symbols}, wanted.replace(".", "-").replace("{id}", "machine")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def copies(items: Sequence[Element], symbols: Sequence[Symbol], shift: tuple[float, float]) -> tuple[Element, ...]:
    """Return copies beside their models: symbols with ids of their own, pipes attached to the copies alone."""
    names: dict[str, str] = {}
    taken = list(symbols)
    made: list[Element] = []
    for element in items:
        if isinstance(element, Symbol):
            name = free_id(element.id, taken) if element.id else ""
            names |= {element.id: name} if name else {}
            at = (element.at[0] + shift[0], element.at[1] + shift[1])
            copy = replace(element, id=name, at=at)
            taken.append(copy)
            made.append(copy)
        elif isinstance(element, Readout):
            made.append(replace(element, at=(element.at[0] + shift[0], element.at[1] + shift[1])))
    for element in items:
        if isinstance(element, Pipe):
            points = tuple((x + shift[0], y + shift[1]) for x, y in element.points)
            start, end = _renamed(element.start, names), _renamed(element.end, names)
            made.append(attached(replace(element, points=points, start=start, end=end), taken))
    return tuple(made)


def _renamed(end: str, names: Mapping[str, str]) -> str:
    found = end_of(end)
    return f"{names[found[0]]}.{found[1]}" if found is not None and found[0] in names else ""


def _freed(element: Element, gone: Collection[str]) -> Element:
    if not isinstance(element, Pipe):
        return element

    def left(end: str) -> str:
        found = end_of(end)
        return "" if found is not None and found[0] in gone else end

    return replace(element, start=left(element.start), end=left(element.end))


def _led(drawing: Drawing, before: Drawing, changed: Collection[int]) -> Drawing:
    """Return the drawing with the pipes that were not changed themselves led to where their symbols are now."""
    renamed = {
        old.element.id: new.element.id
        for old, new in zip(before.items, drawing.items, strict=True)
        if isinstance(old.element, Symbol) and isinstance(new.element, Symbol) and old.element.id
    }
    symbols = drawing.symbols
    items = []
    for item in drawing.items:
        if isinstance(item.element, Pipe):
            start, end = _follow_name(item.element.start, renamed), _follow_name(item.element.end, renamed)
            pipe = replace(item.element, start=start, end=end)
            pipe = attached(pipe, symbols) if item.number in changed else followed(pipe, symbols)
            items.append(replace(item, element=pipe))
        else:
            items.append(item)
    return replace(drawing, items=tuple(items))


def _follow_name(end: str, renamed: Mapping[str, str]) -> str:
    found = end_of(end)
    if found is None or found[0] not in renamed:
        return end
    return f"{renamed[found[0]]}.{found[1]}" if renamed[found[0]] else ""
