"""Addresses and types of Modbus as other programs write them, in the grammar of the driver."""

from __future__ import annotations

import re

from app.plant.tag_list.entry import Untranslatable

TABLES = {"0": "CO", "1": "DI", "3": "IR", "4": "HR"}
FUNCTIONS = {1: "CO", 5: "CO", 15: "CO", 2: "DI", 4: "IR", 3: "HR", 6: "HR", 16: "HR"}
ORDERS = ("ABCD", "CDAB", "BADC", "DCBA")

_TYPES = {
    "BOOL": (
        "bool", "boolean", "bit", "coil", "discrete", "digital", "di", "do", "开关量", "布尔", "布尔型", "位",
        "数字量", "boolesch", "wahrheitswert",
    ),
    "I16": (
        "short", "int16", "int", "integer", "i16", "signed", "signed16", "s16", "整型", "整数", "短整型",
        "有符号16位", "有符号整数", "16位有符号", "ganzzahl",
    ),
    "U16": (
        "word", "ushort", "uint16", "uint", "unsigned", "u16", "unsigned16", "无符号", "无符号整型", "无符号整数",
        "无符号16位", "16位无符号", "字", "wort",
    ),
    "I32": (
        "long", "int32", "dint", "i32", "signed32", "s32", "长整型", "有符号32位", "32位有符号", "双整型",
    ),
    "U32": (
        "dword", "ulong", "uint32", "udint", "u32", "unsigned32", "无符号长整型", "无符号32位", "32位无符号",
        "双字", "doppelwort",
    ),
    "I64": (
        "llong", "int64", "lint", "i64", "64位有符号",
    ),
    "U64": (
        "qword", "uint64", "ulint", "u64", "64位无符号",
    ),
    "F32": (
        "float", "real", "float32", "single", "f32", "float4", "浮点", "浮点数", "浮点型", "单精度", "单精度浮点",
        "实数", "gleitkomma", "fliesskomma",
    ),
    "F64": (
        "double", "lreal", "float64", "f64", "float8", "双精度", "双精度浮点",
    ),
    "BCD16": (
        "bcd",
    ),
    "BCD32": (
        "lbcd",
    ),
    "I8L": (
        "char", "sbyte",
    ),
    "U8L": (
        "byte",
    ),
    "STR": (
        "string", "str", "text", "字符串", "文本", "zeichenkette",
    ),
}  # fmt: skip
_WORDS = {word: kind for kind, words in _TYPES.items() for word in words}
_SIZED = re.compile(r"(?:string|str|text|字符串)\s*[\[(]?\s*(\d{1,3})\s*[\])]?", re.IGNORECASE)
_LARGE = {"I32", "U32", "F32", "I64", "U64", "F64", "BCD32"}
_VALUE_TYPES = {"BOOL": "bool", "STR": "text", "I64": "int64", "U64": "int64"}


def type_of(word: str) -> str:
    """Return a type of the driver for a word of another program, "STR20" for "string[20]"; raise Untranslatable."""
    text = word.strip()
    if match := _SIZED.fullmatch(text):
        return f"STR{match[1]}"
    found = _WORDS.get(text.casefold().replace(" ", "").replace("_", ""))
    if found is None:
        known = "bool, int16, uint16, int32, uint32, int64, float, double, string[20]"
        raise Untranslatable(f'the type "{word}" is not known: write one such as {known}')
    return found


def address_of(place: str, data_type: str, *, order: str = "") -> str:
    """Return the address of a value: `place` such as "HR100" or "3/HR100.4"; the order where it has any use."""
    is_bit = "." in place or place.rpartition("/")[2][:2] in {"CO", "DI"}
    if is_bit:
        if data_type not in {"", "BOOL"}:
            raise Untranslatable(f"{place} is one bit, and its type {data_type} is not: correct type or address")
        return place
    if data_type == "BOOL":
        raise Untranslatable(f"{place} is a register, and its type a bit: write the bit behind it, such as {place}.0")
    if data_type == "STR":
        raise Untranslatable(f"{place} is a text without a length: give it, such as string[20]")
    suffix = f":{order}" if order and data_type in _LARGE else ""
    return f"{place}:{data_type}{suffix}" if data_type else place


def type_keys(data_type: str) -> dict[str, object]:
    """Return what a type of the driver means for the tag: the key `type`, where it is not float64."""
    kind = _VALUE_TYPES.get("STR" if data_type.startswith("STR") else data_type)
    return {} if kind is None else {"type": kind}


def order_of(word: str) -> str:
    """Return the byte order that a cell names, "" where it names none; raise Untranslatable."""
    text = word.strip().upper().replace(" ", "").replace("-", "")
    if not text:
        return ""
    for order, numbers in zip(ORDERS, ("1234", "3412", "2143", "4321"), strict=True):
        if text in {order, numbers}:
            return order
    words = {
        "BIG": "ABCD",
        "BIGENDIAN": "ABCD",
        "大端": "ABCD",
        "LITTLE": "DCBA",
        "LITTLEENDIAN": "DCBA",
        "小端": "DCBA",
    }
    if text in words:
        return words[text]
    raise Untranslatable(f'the byte order "{word}" is not known: write one of {", ".join(ORDERS)}')
