"""Our own list of tags: every key of `[[tag]]` but the rules of writing, which only a plant file gives.

An empty cell says nothing: what the plant has of that key stays.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping

from app.plant.problem import Problem
from app.plant.tag_list.entry import TagEntry, TagList, Untranslatable
from app.plant.tag_list.sheet import Row, Sheet, folded
from drivers.probe import ProposedTag

_TEXTS = ("equipment", "connection", "address", "unit", "type", "kind")
_WHOLE = ("decimals", "scan_ms", "width_bits")
_NUMBERS = ("gain", "offset", "keep_days")
_PAIRS = {
    "range": ("low", "high"),
    "normal": ("normal_low", "normal_high"),
    "raw": ("raw_low", "raw_high"),
    "scaled": ("scaled_low", "scaled_high"),
}
_CLEAN = ("spike", "stuck_s", "stale_s")
HEADER = (
    "name", "equipment", "connection", "address", "title", "title_zh", "unit", "type", "kind", "low", "high",
    "decimals", "scan_ms", "gain", "offset", "raw_low", "raw_high", "scaled_low", "scaled_high", "normal_low",
    "normal_high", "width_bits", "keep_days", "spike", "stuck_s", "stale_s",
)  # fmt: skip
_MARKS = frozenset(map(folded, ("name", "connection", "address", "scan_ms", "title_zh")))
_ARMED = ("=", "+", "-", "@", "\t", "\r")


def is_own(sheet: Sheet) -> bool:
    """Return whether a sheet is one of ours."""
    return sheet.columns >= _MARKS


def read_own(sheet: Sheet) -> TagList:
    """Return the tags of one of our lists."""
    entries, problems = [], []
    for row in sheet.rows():
        try:
            entries.append(_entry(row))
        except Untranslatable as reason:
            problems.append(Problem(row.line, str(reason)))
    return TagList("list of tags of Foreshift", tuple(entries), tuple(problems))


def _entry(row: Row) -> TagEntry:
    name = _disarmed(row.text("name"))
    if not name:
        raise Untranslatable("the tag has no name: fill the column name")
    keys: dict[str, object] = {key: _disarmed(text) for key in _TEXTS if (text := row.text(folded(key)))}
    title, title_zh = _disarmed(row.text("title")), _disarmed(row.text(folded("title_zh")))
    if title:
        keys["title"] = {"en": title, "zh": title_zh} if title_zh else title
    for key in _WHOLE:
        keys |= {} if (whole := row.whole(folded(key))) is None else {key: whole}
    for key in _NUMBERS:
        keys |= {} if (value := row.number(folded(key))) is None else {key: value}
    for key, ends in _PAIRS.items():
        keys |= _pair(row, key, ends)
    clean = {key: value for key in _CLEAN if (value := row.number(folded(key))) is not None}
    return TagEntry(row.line, name, keys | ({"clean": clean} if clean else {}))


def _pair(row: Row, key: str, ends: tuple[str, str]) -> dict[str, object]:
    low, high = (row.number(folded(end)) for end in ends)
    if low is None and high is None:
        return {}
    if key != "range" and (low is None or high is None):
        raise Untranslatable(f"only one of {ends[0]} and {ends[1]} is given: give both, or none")
    return {key: [-math.inf if low is None else low, math.inf if high is None else high]}


def tags_csv(tables: Iterable[Mapping[str, object]]) -> str:
    """Return the list of the tags of a plant file, each the table that stands there."""
    return _csv(_cells(table) for table in tables)


def proposed_csv(tags: Iterable[ProposedTag]) -> str:
    """Return the list of tags that a device has proposed; connection and equipment are chosen on import."""
    return _csv(map(proposed_cells, tags))


def proposed_cells(tag: ProposedTag) -> dict[str, object]:
    """Return the cells of a proposed tag."""
    kind = "counter" if tag.is_counter else "discrete" if tag.is_discrete else ""
    found = {
        "name": tag.name,
        "address": tag.address,
        "title": tag.title,
        "unit": tag.unit,
        "type": "text" if tag.is_text else "",
        "kind": kind,
        "decimals": tag.decimals,
    }
    numbers = {
        "gain": (tag.gain, 1.0),
        "offset": (tag.offset, 0.0),
        "low": (tag.low, -math.inf),
        "high": (tag.high, math.inf),
    }
    return found | {key: value for key, (value, default) in numbers.items() if value != default}


def _cells(table: Mapping[str, object]) -> dict[str, object]:
    cells = {key: table[key] for key in (*_TEXTS, *_WHOLE, *_NUMBERS, "name") if key in table}
    title = table.get("title", "")
    cells |= (
        {"title": title.get("en", ""), "title_zh": title.get("zh", "")} if isinstance(title, dict) else {"title": title}
    )
    for key, ends in _PAIRS.items():
        pair = table.get(key)
        if isinstance(pair, list) and len(pair) == 2:
            cells |= {end: value for end, value in zip(ends, pair, strict=True) if math.isfinite(value)}
    clean = table.get("clean")
    return cells | ({key: clean[key] for key in _CLEAN if key in clean} if isinstance(clean, dict) else {})


def _csv(rows: Iterable[Mapping[str, object]]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(HEADER)
    for cells in rows:
        writer.writerow([_armed(cells.get(column, "")) for column in HEADER])
    return "\ufeff" + output.getvalue()


def _armed(value: object) -> object:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_ARMED) else value


def _disarmed(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_ARMED) else text
