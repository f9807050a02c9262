"""The CSV of a Kepware device: Tag Name, Address, Data Type, Scan Rate, scaling, unit and description.

An address is of the Modbus drivers (a table's digit, an item of up to five digits that begins at 1, a bit, or the
length of a text), or a NodeId of the OPC UA client driver. Kepware reads 32-bit values with the low word first unless
that is switched off in the device, which the file does not tell.
"""

from __future__ import annotations

import re

from app.plant.problem import Problem
from app.plant.tag_list.entry import Reading, TagEntry, TagList, Untranslatable
from app.plant.tag_list.modbus_word import TABLES, address_of, type_keys, type_of
from app.plant.tag_list.sheet import Row, Sheet
from app.plant.tag_list.unit_word import ucum_of

COLUMNS = frozenset({"tagname", "address", "datatype", "clientaccess"})
LOW_FIRST = "CDAB"
_MODBUS = re.compile(
    r"(?P<hex>H)?(?P<table>[0134])(?P<item>[0-9A-F]{1,5})(?:\.(?P<part>\d{1,3})(?P<half>[HL])?)?(?P<array>\s*\[.*)?",
    re.IGNORECASE | re.ASCII,
)
NODE_ID = re.compile(r"(?:nsu=[^;]+;|ns=\d+;)?[isgb]=.+", re.IGNORECASE | re.DOTALL)
_ARRAY = "it is an array, of which a tag has one value: give each of its values a tag of its own"


def read_kepware(sheet: Sheet, reading: Reading) -> TagList:
    """Return the tags of the file; a line that cannot be translated is a problem, the others are taken."""
    entries, problems = [], []
    order = reading.order or LOW_FIRST
    for row in sheet.rows():
        try:
            entries.append(_entry(row, order))
        except Untranslatable as reason:
            problems.append(Problem(row.line, str(reason)))
    notes: tuple[str, ...] = ()
    if any(entry.driver == "modbus" and str(entry.keys["address"]).endswith(order) for entry in entries):
        notes = (
            f"values of several registers are read in the order {order}"
            + (
                "" if reading.order else ', as Kepware does unless "First Word Low" is disabled: then give --order ABCD'
            ),
        )
    return TagList("Kepware CSV", tuple(entries), tuple(problems), notes)


def _entry(row: Row, order: str) -> TagEntry:
    name, address = row.text("tagname"), row.text("address")
    if not name:
        raise Untranslatable("the tag has no name: fill the column Tag Name")
    keys: dict[str, object] = {}
    driver = "opcua" if NODE_ID.fullmatch(address) else "modbus"
    if driver == "opcua":
        keys["address"] = address
        keys |= type_keys(_type(row.text("datatype")))
    else:
        place, data_type = _place(address, row.text("datatype"), order)
        keys["address"] = place
        keys |= type_keys(data_type)
    if scan := row.whole("scanrate"):
        keys["scan_ms"] = max(10, scan)
    keys |= _scaling(row)
    if unit := row.text("engunits"):
        keys["unit"] = ucum_of(unit)
    if title := row.text("description"):
        keys["title"] = title
    return TagEntry(row.line, name, keys, driver=driver)


def _type(word: str) -> str:
    if "array" in word.casefold():
        raise Untranslatable(f"the type is {word}: {_ARRAY}")
    if word.casefold() == "date":
        raise Untranslatable("the type Date of Kepware is no Modbus type here: write UNIX32 or TIME870 by hand")
    return "" if word.casefold() in {"", "default"} else type_of(word)


def _place(address: str, word: str, order: str) -> tuple[str, str]:
    match = _MODBUS.fullmatch(address)
    if match is None or (not match["hex"] and not match["item"].isdecimal()):
        raise Untranslatable(
            f'"{address}" is neither an address of Modbus (400001, 400001.5, 400001.20H) nor a NodeId of OPC UA '
            "(ns=2;s=...): lists of other drivers cannot be taken over"
        )
    if match["array"]:
        raise Untranslatable(f"{address}: {_ARRAY}")
    offset = int(match["item"], 16 if match["hex"] else 10) - 1
    if not 0 <= offset <= 65_535:
        raise Untranslatable(f"{address}: the items of a table go from 1 to 65536")
    place = f"{TABLES[match['table']]}{offset}"
    if match["half"]:
        suffix = ":BADC" if match["half"].upper() == "L" else ""
        return f"{place}:STR{match['part']}{suffix}", f"STR{match['part']}"
    data_type = _type(word)
    if match["part"]:
        place, data_type = f"{place}.{int(match['part'])}", data_type or "BOOL"
    if not data_type:
        data_type = "BOOL" if match["table"] in "01" else "U16"
    return address_of(place, data_type, order=order), data_type


def _scaling(row: Row) -> dict[str, object]:
    kind = row.text("scaling").casefold()
    sign = -1.0 if row.text("negatevalue") in {"1", "true", "True"} else 1.0
    if kind in {"", "none", "0"}:
        return {"gain": -1.0} if sign < 0 else {}
    if kind not in {"linear", "1"}:
        raise Untranslatable(f"the scaling {row.text('scaling')} has no counterpart, only Linear has: scale by hand")
    raw = row.number("rawlow"), row.number("rawhigh")
    scaled = row.number("scaledlow"), row.number("scaledhigh")
    if None in raw or None in scaled or raw[0] == raw[1]:
        raise Untranslatable("linear scaling needs Raw Low, Raw High, Scaled Low and Scaled High, the raw ones unequal")
    ends = [sign * (value or 0.0) for value in scaled]
    return {"raw": [raw[0], raw[1]], "scaled": ends}
