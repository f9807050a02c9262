"""Revises the text of a plant file: keys of tags set, tags added behind the last one; comments and order stay.

Whatever is not changed keeps its bytes. The revised text is parsed and compared with what was meant before it is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence

from app.plant.problem import KeyPath
from app.plant.tag_list.difference import TagChange
from app.plant.toml.line_index import LineIndex
from app.plant.toml.text import toml_key, toml_section, toml_value

_ORDER = (
    "name", "equipment", "title", "connection", "address", "unit", "type", "kind", "range", "normal", "decimals",
    "states", "scan_ms", "gain", "offset", "raw", "scaled", "width_bits", "clean", "keep_days", "write",
)  # fmt: skip


class CannotRevise(ValueError):
    """The text is laid out in a way that is not revised by rule; the message says what to do by hand."""


def revised(text: str, changes: Sequence[TagChange]) -> str:
    """Return the text of a plant file with `changes`; raise CannotRevise where that cannot be done without loss.

    `text`: valid TOML in which every problem is solved.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    index = LineIndex(text)
    edits: list[tuple[int, int, str]] = []
    for change in changes:
        if change.position >= 0:
            edits += _edits(text, index, change, newline)
    added = [change for change in changes if change.position < 0]
    if added:
        at = _behind_tags(text, index)
        sections = [toml_section("[[tag]]", _rows(change.table)).replace("\n", newline) for change in added]
        lead = "" if at == 0 or text[:at].endswith("\n") else newline
        edits.append((at, at, lead + "".join(newline + section for section in sections)))
    result = text
    for begin, end, new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        result = result[:begin] + new + result[end:]
    _require(result, text, changes)
    return result


def _rows(table: Mapping[str, object]) -> list[tuple[str, object]]:
    return [(key, table[key]) for key in _ORDER if key in table]


def _edits(text: str, index: LineIndex, change: TagChange, newline: str) -> list[tuple[int, int, str]]:
    place: KeyPath = ("tag", change.position)
    spans = index.spans_below(place)
    if not spans:
        raise CannotRevise(f"{change.name}: the tags stand in one array: write each below a line [[tag]] first")
    own = {path: span for path, span in spans.items() if path[: len(place)] == place}
    edits: list[tuple[int, int, str]] = []
    missing = []
    for each in change.keys:
        found = sorted(span for path, span in own.items() if path[2] == each.key)
        if index.is_header((*place, each.key)):
            raise CannotRevise(f"{change.name}: `{each.key}` stands in a table of its own: change it by hand")
        if not found:
            if each.after is not None:
                missing.append(f"{toml_key(each.key)} = {toml_value(each.after)}")
            continue
        first, *others = found
        if each.after is None:
            others = found
        else:
            edits.append((*first, f"{toml_key(each.key)} = {toml_value(each.after)}"))
        edits += [(*_line_around(text, span), "") for span in others]
    if missing:
        end = max(span[1] for span in own.values())
        behind = text.find("\n", end)
        if behind < 0:
            edits.append((len(text), len(text), "".join(newline + line for line in missing)))
        else:
            edits.append((behind + 1, behind + 1, "".join(line + newline for line in missing)))
    return edits


def _line_around(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the whole lines of a statement, with a comment behind it."""
    begin = text.rfind("\n", 0, span[0]) + 1
    end = text.find("\n", span[1])
    return begin, len(text) if end < 0 else end + 1


def _behind_tags(text: str, index: LineIndex) -> int:
    """Return where new tags go: behind the last tag and all of its tables, else at the end."""
    ends = [span[1] for path, span in index.spans.items() if path[0] == "tag"]
    if not ends:
        return len(text)
    end = text.find("\n", max(ends))
    return len(text) if end < 0 else end + 1


def _require(result: str, text: str, changes: Sequence[TagChange]) -> None:
    """Raise CannotRevise unless the result says exactly what was meant."""
    try:
        document = tomllib.loads(result)
    except tomllib.TOMLDecodeError as error:
        raise CannotRevise(f"the tags are laid out in a way that cannot be revised by rule ({error})") from error
    wanted = tomllib.loads(text)
    tags = list(wanted.get("tag", []))
    for change in changes:
        table = (
            tomllib.loads(toml_section("[x]", _rows(change.table)))["x"]
            if change.position < 0
            else dict(tags[change.position])
        )
        if change.position < 0:
            tags.append(table)
            continue
        for each in change.keys:
            if each.after is None:
                table.pop(each.key, None)
            else:
                table[each.key] = tomllib.loads(f"x = {toml_value(each.after)}")["x"]
        tags[change.position] = table
    if document != {**wanted, "tag": tags}:
        raise CannotRevise("the tags are laid out in a way that cannot be revised by rule: change them by hand")
