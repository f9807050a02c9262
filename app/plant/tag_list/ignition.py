"""Tags of Ignition: the JSON of its tag export, and the CSV of older versions.

An OPC item path is "[Device]HRF100" of its Modbus drivers, or a NodeId. Registers are counted from 1 unless the device
says otherwise, and 32-bit values have their low word first; the file tells neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.plant.problem import Problem
from app.plant.tag_list.entry import Reading, TagEntry, TagList, TagListError, Untranslatable
from app.plant.tag_list.kepware import LOW_FIRST, NODE_ID
from app.plant.tag_list.modbus_word import address_of, type_keys
from app.plant.tag_list.sheet import Sheet
from app.plant.tag_list.unit_word import ucum_of

COLUMNS = frozenset({"name", "opcitempath"})
DEEPEST = 40
MOST_TAGS = 200_000
_ITEM = re.compile(
    r"(?:ns=\d+;s=)?\[(?P<device>[^\]]+)\](?:(?P<unit>\d{1,3})\.)?(?P<word>HRS|IRS|(?:HR|IR)(?:_?[A-Z]*(?:_?(?:32|64))?)|C|DI)"
    r"(?P<number>\d{1,5})(?:\.(?P<bit>\d{1,2}))?(?::(?P<length>\d{1,3}))?",
    re.ASCII | re.IGNORECASE,
)
_SUFFIXES = {"": "I16", "US": "U16", "I": "I32", "UI": "U32", "F": "F32", "D": "F64", "I64": "I64", "UI64": "U64",
             "BCD": "BCD16", "BCD32": "BCD32"}  # fmt: skip
_VALUE_TYPES = {"boolean": "bool", "string": "text", "int8": "int64", "text": "text", "datetime": "text"}
_OLD_TYPES = {"0": "int1", "1": "int2", "2": "int4", "3": "int8", "4": "float4", "5": "float8", "6": "boolean",
              "7": "string", "8": "datetime"}  # fmt: skip
_BINDING = re.compile(r"\{([^{}]+)\}")


def read_ignition_json(path: Path, text: str, reading: Reading) -> TagList:
    """Return the tags of a JSON export; raise TagListError for what is none."""
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise TagListError(path, "the folders are nested too deeply: this is no export of tags") from error
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise TagListError(path, f"this is not JSON ({error}): export the tags again", line=line) from error
    lines = _NameLines(text)
    entries: list[TagEntry] = []
    problems: list[Problem] = []
    for count, (where, tag, parameters) in enumerate(_walk(path, document, (), {}, 0)):
        if count >= MOST_TAGS:
            raise TagListError(path, f"more than {MOST_TAGS:,} tags: export a part of them")
        line = lines.line_of(where[-1])
        try:
            entries.append(_entry(line, ".".join(where), _cells(tag, parameters), reading))
        except Untranslatable as reason:
            problems.append(Problem(line, f"{'/'.join(where)}: {reason}"))
    if not entries and not problems:
        raise TagListError(path, "it holds no tags: export them from the Tag Browser of Ignition")
    return TagList("Ignition JSON", tuple(entries), tuple(problems), _notes(entries, reading))


def read_ignition_csv(sheet: Sheet, reading: Reading) -> TagList:
    """Return the tags of a CSV export."""
    entries, problems = [], []
    for row in sheet.rows():
        cells = dict(row.cells)
        cells["datatype"] = _OLD_TYPES.get(cells.get("datatype", ""), cells.get("datatype", ""))
        name = ".".join(part for part in [*cells.get("path", "").split("/"), cells.get("name", "")] if part)
        if not cells.get("opcitempath") and not cells.get("datatype"):
            continue  # a folder
        try:
            numbers = {key: row.number(key) for key in _NUMBERS}
            entries.append(
                _entry(
                    row.line,
                    name,
                    cells | {key: str(value) for key, value in numbers.items() if value is not None},
                    reading,
                )
            )
        except Untranslatable as reason:
            problems.append(Problem(row.line, str(reason)))
    return TagList("Ignition CSV", tuple(entries), tuple(problems), _notes(entries, reading))


_NUMBERS = ("rawlow", "rawhigh", "scaledlow", "scaledhigh", "englow", "enghigh")


def _notes(entries: list[TagEntry], reading: Reading) -> tuple[str, ...]:
    if not any(entry.driver == "modbus" for entry in entries):
        return ()
    order = "" if reading.order else ' (Ignition\'s, unless "Reverse Word Order" is set: then give --order ABCD)'
    base = (
        "" if reading.base is not None else ' (Ignition\'s, unless "Zero-based Addressing" is set: then give --base 0)'
    )
    return (
        f"values of several registers are read in the order {reading.order or LOW_FIRST}{order}",
        f"the first register of a table is number {_base(reading)}{base}",
    )


def _base(reading: Reading) -> int:
    return 1 if reading.base is None else reading.base


def _walk(
    path: Path, node: object, where: tuple[str, ...], parameters: Mapping[str, str], depth: int
) -> Iterator[tuple[tuple[str, ...], Mapping[str, object], Mapping[str, str]]]:
    """Yield each tag that is not a folder, with its path and the parameters of the instances that it is in."""
    if depth > DEEPEST:
        raise TagListError(path, f"folders are nested more than {DEEPEST} deep: this is no export of tags")
    if isinstance(node, list):
        for each in node:
            yield from _walk(path, each, where, parameters, depth + 1)
        return
    if not isinstance(node, dict):
        return
    kind = str(node.get("tagType", ""))
    name = str(node.get("name", "")).strip()
    if kind == "UdtType" or name == "_types_":
        return  # a definition, of which only the instances are tags
    own = node.get("parameters")
    known = dict(parameters) | (_parameters(own) if isinstance(own, dict) else {})
    inner = where if kind in {"Provider", ""} and not name else (*where, name) if name else where
    children = node.get("tags")
    if isinstance(children, list):
        yield from _walk(path, children, inner, known, depth + 1)
    elif inner and ("opcItemPath" in node or kind == "AtomicTag"):
        yield inner, node, known


def _parameters(own: Mapping[str, object]) -> dict[str, str]:
    found = {}
    for name, value in own.items():
        inner = value.get("value") if isinstance(value, dict) else value
        if isinstance(inner, str | int | float):
            found[str(name)] = str(inner)
    return found


def _cells(tag: Mapping[str, object], parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a tag as text, what is bound to parameters filled in; raise Untranslatable."""
    cells = {}
    for key, value in tag.items():
        if isinstance(value, dict) and isinstance(value.get("binding"), str):
            value = _filled(str(value["binding"]), parameters)  # noqa: PLW2901 - what the binding means
        if isinstance(value, str | int | float | bool):
            cells[key.casefold()] = str(value).strip()
    return cells


def _filled(text: str, parameters: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            raise Untranslatable(f"it is bound to the parameter {{{match[1]}}}, which has no value in this file")
        return parameters[match[1]]

    return _BINDING.sub(value, text)


def _entry(line: int, name: str, cells: Mapping[str, str], reading: Reading) -> TagEntry:
    source, item = cells.get("valuesource", "opc"), cells.get("opcitempath", "")
    if not name:
        raise Untranslatable("the tag has no name: fill the column Name")
    if source != "opc" or not item:
        raise Untranslatable(
            f"its value comes from {source or 'nowhere'}, not from a device: only OPC tags can be read"
        )
    if cells.get("enabled", "True").casefold() == "false":
        raise Untranslatable("it is disabled in Ignition: enable it there, or leave it out")
    keys: dict[str, object] = {}
    match = _ITEM.fullmatch(item)
    if match is not None:
        driver, device = "modbus", match["device"]
        keys["address"], data_type = _modbus(match, reading)
        keys |= type_keys(data_type)
    elif item.startswith("[") or "s=[" in item:
        raise Untranslatable(f'"{item}" is an address of a driver other than Modbus, or a mapped one: write it by hand')
    elif NODE_ID.fullmatch(item):
        driver, device = "opcua", cells.get("opcserver", "")
        keys["address"] = item
        kind = _VALUE_TYPES.get(cells.get("datatype", "").casefold())
        keys |= {} if kind is None else {"type": kind}
    else:
        raise Untranslatable(f'"{item}" is neither an address of Modbus nor a NodeId: write it by hand')
    keys |= _scale(cells)
    low, high = _number(cells, "englow"), _number(cells, "enghigh")
    if low is not None and high is not None and low < high and keys.get("type") != "text":
        keys["range"] = [low, high]
    if unit := cells.get("engunit", ""):
        keys["unit"] = ucum_of(unit)
    if title := cells.get("documentation") or cells.get("tooltip"):
        keys["title"] = title
    return TagEntry(line, name, keys, device=device, driver=driver)


def _modbus(match: re.Match[str], reading: Reading) -> tuple[str, str]:
    word = match["word"].upper()
    table = {"C": "CO", "DI": "DI"}.get(word, word[:2])
    offset = int(match["number"]) - _base(reading)
    if not 0 <= offset <= 65_535:
        raise Untranslatable(f"{match[0]}: registers are counted from {_base(reading)} on")
    unit = f"{int(match['unit'])}/" if match["unit"] else ""
    place = f"{unit}{table}{offset}"
    if word in {"HRS", "IRS"}:
        if not match["length"]:
            raise Untranslatable(f"{match[0]} is a text without a length: write HRS100:20")
        return f"{place}:STR{match['length']}", f"STR{match['length']}"
    if match["bit"]:
        return f"{place}.{int(match['bit'])}", "BOOL"
    if table in {"CO", "DI"}:
        return place, "BOOL"
    data_type = _SUFFIXES.get(word[2:].replace("_", ""))
    if data_type is None:
        raise Untranslatable(f"{match[0]}: the designator {word} is not known")
    return address_of(place, data_type, order=reading.order or LOW_FIRST), data_type


def _scale(cells: Mapping[str, str]) -> dict[str, object]:
    mode = cells.get("scalemode", "Off").casefold()
    if mode in {"", "off", "0", "none"}:
        return {}
    if mode not in {"linear", "1"}:
        raise Untranslatable(f"the scale mode {cells['scalemode']} has no counterpart, only Linear has: scale by hand")
    ends = [_number(cells, key) for key in ("rawlow", "rawhigh", "scaledlow", "scaledhigh")]
    raw_low, raw_high, low, high = (
        default if value is None else value for value, default in zip(ends, (0.0, 10.0, 0.0, 10.0), strict=True)
    )
    if raw_low == raw_high:
        raise Untranslatable("linear scaling needs two raw ends that differ: correct rawLow and rawHigh")
    return {"raw": [raw_low, raw_high], "scaled": [low, high]}


def _number(cells: Mapping[str, str], key: str) -> float | None:
    text = cells.get(key, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise Untranslatable(f'"{text}" of {key} is not a number: correct it') from error


class _NameLines:
    """The lines at which names stand in a JSON text, in their order: json tells no lines."""

    def __init__(self, text: str) -> None:
        self._places: dict[str, list[int]] = {}
        counted, line = 0, 1
        for match in re.finditer(r'"name"\s*:\s*"((?:[^"\\]|\\.)*)"', text):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            try:
                name = str(json.loads(f'"{match[1]}"')).strip()
            except ValueError:
                continue
            self._places.setdefault(name, []).append(line)

    def line_of(self, name: str) -> int:
        """Return the line of the next tag of that name, 0 where there is none."""
        places = self._places.get(name, [])
        return (places.pop(0) if len(places) > 1 else places[0]) if places else 0
