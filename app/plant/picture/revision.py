"""Writes a picture back into the text that it was read from: what did not change keeps its bytes, comments stay.

Elements are blocks of lines below their headers. A comment right above a header belongs to its element and goes with
it; any other comment stays. What was made is read again and compared before it is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.model.picture import Element, Picture
from app.plant.picture.assembly import picture_of
from app.plant.picture.grammar import PictureFileTable
from app.plant.picture.text import element_rows, element_text, head_rows, picture_text
from app.plant.problem import Findings, KeyPath
from app.plant.row import Row
from app.plant.tables import PICTURE_PARTS, read_picture
from app.plant.toml.line_index import LineIndex
from app.plant.toml.text import toml_key, toml_value

Origins = Mapping[str, Sequence[int | None]]
"""For "symbol", "pipe" and "readout": of each element of the new picture its place among those of the text, or None."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The new text of a picture; `keeps_layout`: whether the former one's comments and order are in it."""

    text: str
    keeps_layout: bool


def parse_picture(text: str, picture: str) -> Picture | None:
    """Return the Picture in a text without looking at the plant, None where it is none."""
    findings = Findings()
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    found = read_picture(PictureFileTable, document, (), findings, id_=picture)
    return None if findings.found else picture_of(found)


def revised_picture(text: str, picture: Picture, origins: Origins) -> Revision:
    """Return `text` with `picture` in it; where that cannot be done by rule, the picture laid out anew."""
    plain = text.replace("\r\n", "\n")
    former = parse_picture(plain, picture.id)
    made = _revised(plain, former, picture, origins) if former is not None else None
    if made is None or parse_picture(made, picture.id) != picture:
        return Revision(picture_text(picture), keeps_layout=False)
    return Revision(made.replace("\n", "\r\n") if "\r\n" in text else made, keeps_layout=True)


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one element: `lead` of comments, `body` up to its last key, `tail` of blanks and free comments."""

    lead: str
    body: str
    tail: str

    @property
    def text(self) -> str:
        return self.lead + self.body + self.tail


def _revised(text: str, former: Picture, picture: Picture, origins: Origins) -> str | None:
    index = LineIndex(text)
    elements = _elements(former)
    places = [(kind, number) for kind in PICTURE_PARTS for number in range(len(elements[kind]))]
    if not all(index.is_header(place) for place in places):
        return None  # written as arrays of inline tables
    places.sort(key=index.line_of)
    lines = text.split("\n")
    starts = [_start(lines, index.line_of(place) - 1) for place in places]
    ends = [*starts[1:], len(lines)]
    head = "".join(line + "\n" for line in lines[: starts[0]]) if starts else text
    blocks = {
        place: _block(lines, start, index.line_of(place) - 1, end)
        for place, start, end in zip(places, starts, ends, strict=True)
    }
    head = _with_rows(head, (), dict(head_rows(former)), dict(head_rows(picture)))
    pieces = [head]
    kept = set()
    for place, new in _order(places, _elements(picture), origins):
        if place is None:
            pieces.append(_apart(pieces[-1]) + element_text(new))
            continue
        kept.add(place)
        block, old = blocks[place], elements[place[0]][place[1]]
        if new != old:
            rows = _with_rows(block.body, (place[0], 0), dict(element_rows(old)), dict(element_rows(new)))
            block = _Block(block.lead, rows, block.tail)
        lead = _apart(pieces[-1]) if pieces[-1] and not pieces[-1].endswith("\n\n") and _is_new(pieces[-1]) else ""
        pieces.append(lead + block.text)
    pieces += [blocks[place].tail for place in places if place not in kept and "#" in blocks[place].tail]
    return _ended("".join(pieces), text)


def _is_new(piece: str) -> bool:
    """Return whether a piece was laid out here: the blocks of a text bring the blank line before the next one along."""
    return piece.startswith(("\n[[", "[["))


def _ended(made: str, text: str) -> str:
    return made if made == text else made.rstrip("\n") + "\n"


def _elements(picture: Picture) -> dict[str, tuple[Element, ...]]:
    return {"symbol": picture.symbols, "pipe": picture.pipes, "readout": picture.readouts}


def _start(lines: Sequence[str], header: int) -> int:
    """Return the line at which a block begins: that of the comments right above its header."""
    while header and lines[header - 1].lstrip().startswith("#"):
        header -= 1
    return header


def _block(lines: Sequence[str], start: int, header: int, end: int) -> _Block:
    last = end
    while last > header + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    is_last = end == len(lines)

    def text(begin: int, stop: int) -> str:
        joined = "\n".join(lines[begin:stop])
        return joined if stop == end and is_last else joined + "\n" * (stop > begin)

    return _Block(text(start, header), text(header, last), text(last, end))


def _order(
    places: Sequence[tuple[str, int]], elements: Mapping[str, Sequence[Element]], origins: Origins
) -> Iterator[tuple[tuple[str, int] | None, Element]]:
    """Yield the new elements in the order of the text: where one of a kind stood another of it may stand now."""
    at = dict.fromkeys(PICTURE_PARTS, 0)
    staying = {(kind, number) for kind in PICTURE_PARTS for number in origins[kind] if number is not None}
    for kind, number in places:
        if (kind, number) not in staying:
            continue
        is_filled = False
        while at[kind] < len(elements[kind]):
            origin = origins[kind][at[kind]]
            if origin is not None and is_filled:
                break
            yield (kind, origin) if origin is not None else None, elements[kind][at[kind]]
            is_filled = is_filled or origin is not None
            at[kind] += 1
    for kind in PICTURE_PARTS:
        for element in elements[kind][at[kind] :]:
            yield None, element


def _apart(before: str) -> str:
    """Return what has to stand before a new block for a blank line to be there."""
    if not before.strip() or before.endswith("\n\n"):
        return ""
    return "\n" if before.endswith("\n") else "\n\n"


def _with_rows(text: str, table: KeyPath, old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """Return the lines of a table with its keys changed from `old` to `new`."""
    index = LineIndex(text)
    spans = {path[len(table)]: span for path, span in index.spans_below(table).items() if len(path) == len(table) + 1}
    edits: list[tuple[int, int, str]] = []
    before = _line_end(text, 0) if table else _end_of_lead(text)
    for key, value in new.items():
        span = spans.get(key)
        if old.get(key) != value or (key in old) != (key in new):
            row = _row((key, value))
            edits.append((*span, row) if span else (before, before, row + "\n"))
        if span:
            before = _line_end(text, span[1])
    gone = [spans[key] for key in old if key not in new and key in spans]
    edits += [(text.rfind("\n", 0, begin) + 1, _line_end(text, end), "") for begin, end in gone]
    for number, (begin, end, row) in sorted(enumerate(edits), key=lambda edit: (edit[1][0], edit[0]), reverse=True):
        del number
        lead = "\n" if begin == end == len(text) and not text.endswith("\n") else ""
        text = text[:begin] + lead + row + text[end:]
    return text


def _row(row: Row) -> str:
    return f"{toml_key(row[0])} = {toml_value(row[1])}"


def _end_of_lead(text: str) -> int:
    """Return where the keys of a head may begin: behind its first comments."""
    at = 0
    while text.startswith("#", at):
        at = _line_end(text, at)
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
