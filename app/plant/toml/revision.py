"""Revises the text of a plant file table by table: keys are set, tables added and taken away; comments and order stay.

Whatever is not changed keeps its bytes. The result is parsed and compared with what was meant before it is used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.plant.class_grammar import MEMBERS
from app.plant.problem import KeyPath
from app.plant.tag_list.revision import CannotRevise
from app.plant.toml.line_index import LineIndex
from app.plant.toml.order_places import staying
from app.plant.toml.text import toml_key, toml_section, toml_value

_BELOW = ("sheet", "override")
"""Keys whose tables stand below headers of their own, where they are written anew."""
_HEADER = re.compile(r"""\[(?:[^\]"'\n]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')*\]""")


@dataclass(frozen=True, slots=True)
class AddedTable:
    """A table that is new in the array at `array`, such as ("tag",) or ("equipment_class", 0, "alarm").

    `after`: the table of that array behind which it goes; `before`: that in front of which, where it is to be the
    first. With neither it is the last one. `name`: of a table that stands below its name, as those of connections do.
    """

    array: KeyPath
    table: Mapping[str, object]
    after: KeyPath | None = None
    before: KeyPath | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """What is otherwise: by table the new values of keys (None takes one away), tables that go and that come.

    `renamed`: tables that stand below a name, such as ("connection", "line"), with their new name.
    """

    changed: Mapping[KeyPath, Mapping[str, object]]
    removed: Sequence[KeyPath] = ()
    added: Sequence[AddedTable] = ()
    renamed: Mapping[KeyPath, str] = field(default_factory=dict)


class RevisableText:
    """A plant file that is valid TOML, read once and then revised as often as one likes."""

    def __init__(self, text: str) -> None:
        """Read `text`; raise CannotRevise where it is no TOML."""
        try:
            self.document: dict[str, object] = tomllib.loads(text)
            self._index = LineIndex(text)
        except tomllib.TOMLDecodeError as error:
            raise CannotRevise(f"the plant file is no TOML ({error}): mend it first") from error
        self.text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._ends: dict[KeyPath, int] = {}
        self._below: dict[KeyPath, list[KeyPath]] = {}
        for path in self._index.headers:
            for size in range(1, len(path) + 1):
                self._below.setdefault(path[:size], []).append(path)
        for path, (_, end) in self._index.spans.items():
            for size in range(1, len(path) + 1):
                self._ends[path[:size]] = max(end, self._ends.get(path[:size], 0))

    def revised(self, revision: Revision, wanted: Mapping[str, object]) -> str:
        """Return the revised text; raise CannotRevise unless it says exactly what the document `wanted` does."""
        edits: list[tuple[int, int, str]] = []
        for place, keys in revision.changed.items():
            edits += self._key_edits(place, keys)
        edits += [self._removal(place) for place in revision.removed]
        edits += self._additions(revision.added)
        edits += [edit for place, name in revision.renamed.items() for edit in self._renaming(place, name)]
        pieces, begin = [], 0
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self.text[begin:start], new]
            begin = max(begin, end)
        result = "".join([*pieces, self.text[begin:]])
        require(result, wanted)
        return result

    def reordered(self, places: Sequence[KeyPath], order: Sequence[int]) -> str:
        """Return the text with tables in another order; raise CannotRevise.

        `places`: the tables as they stand, each with a header of its own; `order`: their numbers as they are to stand.
        Comments right above a header go along.
        """
        stay = staying(order)
        edits: list[tuple[int, int, str]] = []
        anchor: KeyPath | None = None
        first = next(places[number] for number in order if number in stay)
        for number in order:
            place = places[number]
            if number in stay:
                anchor = place
                continue
            begin, end, _ = self._removal(place)
            begin = self._above(begin)
            block = self.text[begin : max(self._header_end(place), self._block_end(place))]
            block = block if block.endswith("\n") else block + self._newline
            edits.append((begin, end, ""))
            if anchor is None:
                at = self._above(self._starts[self._index.line_of(first) - 1])
                edits.append((at, at, block + self._newline))
            else:
                at = max(self._header_end(anchor), self._block_end(anchor))
                lead = "" if self.text[:at].endswith("\n") else self._newline
                edits.append((at, at, lead + self._newline + block))
        pieces, begin = [], 0
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self.text[begin:start], new]
            begin = max(begin, end)
        return "".join([*pieces, self.text[begin:]])

    def _above(self, at: int) -> int:
        """Return where the comments begin that stand right above a header, which itself begins at `at`."""
        while at > 0:
            line = self.text.rfind("\n", 0, at - 1) + 1
            if not self.text[line:at].lstrip().startswith("#"):
                return at
            at = line
        return at

    def _key_edits(self, place: KeyPath, keys: Mapping[str, object]) -> Iterator[tuple[int, int, str]]:
        """Yield what to replace of one table: characters from, to, and by what."""
        if not self._index.is_header(place):
            raise CannotRevise(f"{_named(place)}: the tables stand in one array: write each below a header first")
        spans = self._index.spans_below(place)
        lines, sections = "", ""
        for key, value in keys.items():
            found = [span for path, span in spans.items() if path[len(place)] == key]
            headers = self._below.get((*place, key), [])
            former = _value_at(self.document, (*place, key))
            if headers and not found and _are_alike(former, value):
                yield from self._nested_edits((*place, key), former, value)
                continue
            yield from ((*self._lines_around(span), "") for span in found[1:])
            yield from (self._removal(path) for path in headers)
            is_apart = isinstance(value, Mapping) and key in _BELOW
            if found and (value is None or is_apart):
                yield (*self._lines_around(found[0]), "")
            elif found:
                yield (*found[0], f"{toml_key(key)} = {toml_value(value)}")
            elif value is not None and not is_apart:
                lines += f"{toml_key(key)} = {toml_value(value)}\n"
            if isinstance(value, Mapping) and is_apart:
                sections += "".join("\n" + section for section in _sections_below((*place, key), value))
        if lines:
            own = [span[1] for span in spans.values()]
            yield self._insertion(self._line_end(max(own)) if own else self._header_end(place), lines)
        if sections:
            yield self._insertion(self._block_end(place), sections)

    def _nested_edits(self, place: KeyPath, former: object, new: object) -> Iterator[tuple[int, int, str]]:
        """Yield what to replace of tables below one of an array, each where it stands."""
        if isinstance(former, list) and isinstance(new, list):
            for number, (before, after) in enumerate(zip(former, new, strict=True)):
                yield from self._nested_edits((*place, number), before, after)
        elif isinstance(former, Mapping) and isinstance(new, Mapping):
            yield from self._table_edits(place, former, new)

    def _table_edits(
        self, place: KeyPath, former: Mapping[str, object], new: Mapping[str, object]
    ) -> Iterator[tuple[int, int, str]]:
        changed = {key: new.get(key) for key in (*former, *new) if former.get(key) != new.get(key)}
        if self._index.is_header(place):
            yield from self._key_edits(place, changed)
            return
        sections = ""
        for key, value in changed.items():
            before = former.get(key)
            if isinstance(value, Mapping) and isinstance(before, Mapping):
                yield from self._nested_edits((*place, key), before, value)
                continue
            yield from (self._removal(path) for path in self._below.get((*place, key), []))
            if isinstance(value, Mapping):
                sections += "".join("\n" + section for section in _sections_at((*place, key), value))
        if sections:
            yield self._insertion(self._block_end(place), sections)

    def _removal(self, place: KeyPath) -> tuple[int, int, str]:
        """Return the lines of a table with all that stands below it, as far as no other table stands between."""
        if not self._index.is_header(place):
            raise CannotRevise(f"{_named(place)}: the tables stand in one array: write each below a header first")
        begin = self._starts[self._index.line_of(place) - 1]
        end = max(self._header_end(place), self._block_end(place))
        is_last = end >= len(self.text)
        while not is_last and self.text.startswith(("\n", "\r\n"), end):  # the empty lines behind it go along
            end += 2 if self.text.startswith("\r\n", end) else 1
        return begin, end, ""

    def _renaming(self, place: KeyPath, name: str) -> Iterator[tuple[int, int, str]]:
        """Yield the headers of a table that stands below its name, and of all below it, with another name."""
        if not self._index.is_header(place):
            raise CannotRevise(f"{_named(place)}: its table has no header of its own: give it one first")
        for path in self._below.get(place, []):
            begin = self.text.index("[", self._starts[self._index.line_of(path) - 1])
            found = _HEADER.match(self.text, begin)
            if found is not None:
                yield begin, found.end(), f"[{_header((*place[:-1], name, *path[len(place) :]))}]"

    def _additions(self, added: Sequence[AddedTable]) -> Iterator[tuple[int, int, str]]:
        for new in added:
            if new.after is None and new.before is not None:
                text = "".join(section + "\n" for section in _sections_of(new))
                yield self._insertion(self._starts[self._index.line_of(new.before) - 1], text)
                continue
            text = "".join("\n" + section for section in _sections_of(new))
            ends = [self._ends[path] for path in (new.after, new.array, new.array[:2]) if path in self._ends]
            yield self._insertion(self._line_end(ends[0]) if ends else len(self.text), text)

    def _insertion(self, at: int, new: str) -> tuple[int, int, str]:
        lead = "" if at == 0 or self.text[:at].endswith("\n") else self._newline
        return at, at, lead + new.replace("\n", self._newline)

    def _block_end(self, place: KeyPath) -> int:
        """Return where a table and all below it ends, at the beginning of a line."""
        end = self._ends.get(place)
        return self._header_end(place) if end is None else self._line_end(end)

    def _header_end(self, place: KeyPath) -> int:
        return self._starts[min(self._index.line_of(place), len(self._starts) - 1)]

    def _lines_around(self, span: tuple[int, int]) -> tuple[int, int]:
        return self.text.rfind("\n", 0, span[0]) + 1, self._line_end(span[1])

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1


def _sections_of(new: AddedTable) -> Iterator[str]:
    if new.name:
        yield toml_section(f"[{_header((*new.array, new.name))}]", new.table.items())
    else:
        yield from _sections(new.array, new.table)


def _sections(array: KeyPath, table: Mapping[str, object]) -> Iterator[str]:
    """Yield a new table of an array, and what stands below headers of its own."""
    apart = {key: value for key, value in table.items() if key in _BELOW and isinstance(value, Mapping) and value}
    members = {key: value for key, value in table.items() if key in MEMBERS and isinstance(value, list)}
    yield toml_section(f"[[{_header(array)}]]", [row for row in table.items() if row[0] not in {*apart, *members}])
    for key, value in apart.items():
        yield from _sections_below((*array, 0, key), value)
    for key, tables in members.items():
        for each in tables:
            yield from _sections((*array, 0, key), each)


def _sections_below(place: KeyPath, value: Mapping[str, object]) -> Iterator[str]:
    """Yield a table below one of an array: overrides as one for each member."""
    if place[-1] != "override":
        yield toml_section(f"[{_header(place)}]", value.items())
        return
    for kind, members in value.items():
        yield from _sections_at((*place, kind), members if isinstance(members, Mapping) else {})


def _sections_at(place: KeyPath, value: Mapping[str, object]) -> Iterator[str]:
    """Yield the overrides of one kind of member, or of one member."""
    if place[-2] == "override":
        for name, keys in value.items():
            yield from _sections_at((*place, name), keys if isinstance(keys, Mapping) else {})
    else:
        yield toml_section(f"[{_header(place)}]", value.items())


def _are_alike(former: object, new: object) -> bool:
    """Return whether two values are tables, or arrays of as many tables."""
    if isinstance(former, Mapping) and isinstance(new, Mapping):
        return True
    if not isinstance(former, list) or not isinstance(new, list) or len(former) != len(new):
        return False
    return all(isinstance(each, Mapping) for each in (*former, *new))


def _header(place: KeyPath) -> str:
    return ".".join(toml_key(str(part)) for part in place if isinstance(part, str))


def _value_at(document: Mapping[str, object], place: KeyPath) -> object:
    found: object = document
    for part in place:
        if isinstance(found, Mapping):
            found = found.get(str(part))
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
    return found


def _named(place: KeyPath) -> str:
    return ".".join(str(part) for part in place)


def require(result: str, wanted: Mapping[str, object]) -> None:
    """Raise CannotRevise unless the result says exactly what was meant."""
    try:
        document = tomllib.loads(result)
    except tomllib.TOMLDecodeError as error:
        raise CannotRevise(f"the file is laid out in a way that cannot be revised by rule ({error})") from error
    if document != wanted:
        raise CannotRevise("the file is laid out in a way that cannot be revised by rule: change it by hand")
