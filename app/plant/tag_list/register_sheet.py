"""A plain list of registers, as it comes with a device: name, address, type, unit; headers in three languages.

The languages are English, German and Chinese. An address is a Modicon number (40001), one of our grammar (HR100:F32),
or a number as sent beside a column with the function code or the table.
"""

from __future__ import annotations

import re

from app.plant.problem import Problem
from app.plant.tag_list.entry import Reading, TagEntry, TagList, Untranslatable
from app.plant.tag_list.kepware import NODE_ID
from app.plant.tag_list.modbus_word import FUNCTIONS, TABLES, address_of, order_of, type_keys, type_of
from app.plant.tag_list.sheet import Row, Sheet, folded
from app.plant.tag_list.unit_word import ucum_of

_COLUMNS = {
    "name": (
        "name", "tag", "tag name", "tagname", "point", "point name", "signal", "variable", "名称", "点名", "变量名",
        "变量", "标签", "标签名", "测点", "测点名称", "位号", "信号名称", "参数名称",
        "variablenname", "bezeichner", "signalname", "messstelle", "kennzeichen", "symbol", "symbolname", "datenpunkt",
        "bmk", "akz",
    ),
    "address": (
        "address", "addr", "register", "register address", "modbus address", "modbus", "reg", "offset address",
        "地址", "寄存器", "寄存器地址", "modbus地址", "起始地址", "通讯地址",
        "adresse", "registeradresse", "registernummer", "modbusadresse", "startadresse",
    ),
    "type": (
        "type", "data type", "datatype", "format", "类型", "数据类型", "数据格式",
        "datentyp", "typ",
    ),
    "unit": (
        "unit", "units", "eng unit", "eng units", "engineering unit", "uom", "单位", "工程单位",
        "einheit", "maßeinheit", "physikalische einheit",
    ),
    "title": (
        "description", "comment", "remark", "title", "desc", "描述", "说明", "备注", "注释", "中文名称",
        "beschreibung", "kommentar", "bezeichnung", "bemerkung", "klartext", "langtext",
    ),
    "low": (
        "low", "min", "minimum", "range low", "eng low", "下限", "最小值", "量程下限", "量程低",
        "bereich min", "bereich von", "messbereich min", "messbereich von", "messbereichsanfang", "untergrenze",
    ),
    "high": (
        "high", "max", "maximum", "range high", "eng high", "上限", "最大值", "量程上限", "量程高",
        "bereich max", "bereich bis", "messbereich max", "messbereich bis", "messbereichsende", "obergrenze",
    ),
    "gain": (
        "gain", "scale", "factor", "multiplier", "scale factor", "系数", "倍率", "比例", "比例系数", "缩放",
        "faktor", "skalierung", "skalierungsfaktor", "multiplikator",
    ),
    "offset": (
        "offset", "bias", "偏移", "偏移量", "偏置",
        "versatz",
    ),
    "scan": (
        "scan", "scan rate", "scan ms", "period", "周期", "采集周期", "扫描周期",
        "abtastzeit", "abtastrate", "zykluszeit", "abfrageintervall",
    ),
    "function": (
        "function", "function code", "fc", "table", "area", "功能码", "功能代码", "寄存器类型", "区",
        "funktion", "funktionscode", "registertyp", "tabelle",
    ),
    "slave": (
        "slave", "slave id", "unit id", "station", "device id", "站号", "从站", "从站地址", "从机地址", "设备地址",
        "slave adresse", "geräteadresse", "geräte id", "stationsadresse", "teilnehmer",
    ),
    "order": (
        "byte order", "word order", "endian", "endianness", "字节序", "字序", "字节顺序",
        "bytereihenfolge", "wortreihenfolge",
    ),
    "length": (
        "length", "bytes", "长度", "字节数",
        "länge",
    ),
}  # fmt: skip
_PARTS = {folded(word): part for part, words in _COLUMNS.items() for word in words}
_MODICON = re.compile(r"([0134])[xX]?(\d{4,5})|([134])[xX](\d{1,5})", re.ASCII)
_OWN = re.compile(r"(?:\d{1,3}/)?(?:HR|IR|CO|DI)(?:0x[0-9a-f]{1,4}|\d{1,5})(?P<rest>.*)", re.ASCII | re.IGNORECASE)
_PLAIN = re.compile(r"(0x[0-9a-f]{1,4}|[0-9a-f]{1,4}h|\d{1,5})(?:\.(\d{1,2}))?", re.ASCII | re.IGNORECASE)
_AREAS = {
    "CO": ("co", "coil", "coils", "0x", "spule", "spulen", "线圈"),
    "DI": ("di", "discreteinput", "discreteinputs", "1x", "diskretereingang", "diskreteeingänge", "离散输入"),
    "IR": ("ir", "inputregister", "inputregisters", "input", "3x", "eingangsregister", "输入寄存器"),
    "HR": ("hr", "holdingregister", "holdingregisters", "holding", "4x", "halteregister", "保持寄存器"),
}
_AREA_OF = {word: table for table, words in _AREAS.items() for word in words}


def is_register_sheet(sheet: Sheet) -> bool:
    """Return whether a sheet has a name and an address for each of its rows."""
    return {"name", "address"} <= {_PARTS.get(column) for column in sheet.columns}


def read_register_sheet(sheet: Sheet, reading: Reading) -> TagList:
    """Return the tags of the list; a line that cannot be translated is a problem, the others are taken."""
    columns = {part: [folded(name) for name in sheet.header if _PARTS.get(folded(name)) == part] for part in _COLUMNS}
    entries, problems = [], []
    for row in sheet.rows():
        cells = Row(row.line, {part: row.text(*columns[part]) for part in _COLUMNS}, row.has_decimal_comma)
        try:
            entries.append(_entry(cells, reading))
        except Untranslatable as reason:
            problems.append(Problem(row.line, str(reason)))
    ignored = [name for name in sheet.header if name and folded(name) not in _PARTS]
    notes = (f"columns that mean nothing here: {', '.join(ignored)}",) if ignored else ()
    return TagList("list of registers", tuple(entries), tuple(problems), notes)


def _entry(cells: Row, reading: Reading) -> TagEntry:
    name, address = cells.text("name"), cells.text("address")
    if not name:
        raise Untranslatable("the tag has no name: fill its column")
    if not address:
        raise Untranslatable(f"{name} has no address: fill its column")
    keys: dict[str, object] = {}
    driver = "opcua" if NODE_ID.fullmatch(address) else "modbus"
    data_type = _type(cells)
    if driver == "opcua":
        keys["address"] = address
    else:
        place = _place(address, cells, reading)
        rest = _OWN.fullmatch(place)
        is_whole = rest is not None and ":" in rest["rest"]  # type and order stand in the address itself
        order = order_of(cells.text("order")) or reading.order
        keys["address"] = place if is_whole else address_of(place, data_type, order=order)
    keys |= type_keys(data_type)
    keys |= _numbers(cells)
    if unit := cells.text("unit"):
        keys["unit"] = ucum_of(unit)
    if title := cells.text("title"):
        keys["title"] = title
    return TagEntry(cells.line, name, keys, driver=driver)


def _type(cells: Row) -> str:
    word = cells.text("type")
    if not word:
        return ""
    data_type = type_of(word)
    length = cells.whole("length") if data_type == "STR" else None
    return f"STR{length}" if length else data_type


def _place(address: str, cells: Row, reading: Reading) -> str:
    unit = cells.whole("slave")
    if unit is not None and not 0 <= unit <= 255:
        raise Untranslatable(f"the unit id {unit} is not one of 0 to 255: correct it")
    prefix = "" if unit is None else f"{unit}/"
    if _OWN.fullmatch(address):
        return address if "/" in address else prefix + address
    area = _area(cells.text("function"))
    number, dot, bit = address.partition(".")
    if area:
        match = _PLAIN.fullmatch(number)
        if match is None:
            raise Untranslatable(f'"{address}" is no number of a register: write 100 or 0x64')
        text = match[1].casefold()
        offset = int(text, 16) if text.startswith("0x") else int(text[:-1], 16) if text.endswith("h") else int(text)
        modicon = _MODICON.fullmatch(number)
        if modicon is not None and TABLES[modicon[1] or modicon[3]] == area and len(number) >= 5:
            offset = int(modicon[2] or modicon[4]) - 1
        else:
            offset -= reading.base or 0
        return f"{prefix}{area}{_checked(offset, address)}{dot}{bit}"
    modicon = _MODICON.fullmatch(number)
    if modicon is None:
        raise Untranslatable(
            f'"{address}" does not say its table: write 40001, HR0, or a column with the function code (3 or 4)'
        )
    offset = int(modicon[2] or modicon[4]) - 1
    return f"{prefix}{TABLES[modicon[1] or modicon[3]]}{_checked(offset, address)}{dot}{bit}"


def _checked(offset: int, address: str) -> int:
    if not 0 <= offset <= 65_535:
        raise Untranslatable(f'"{address}" is no register: a table has the numbers 1 to 65536, as sent 0 to 65535')
    return offset


def _area(word: str) -> str:
    text = folded(word)
    if not text:
        return ""
    if text in _AREA_OF:
        return _AREA_OF[text]
    digits = text.removeprefix("fc").removeprefix("0x").lstrip("0")
    if digits.isdecimal() and int(digits) in FUNCTIONS:
        return FUNCTIONS[int(digits)]
    raise Untranslatable(f'the function "{word}" reads nothing: write 1, 2, 3 or 4, or the table HR, IR, CO or DI')


def _numbers(cells: Row) -> dict[str, object]:
    keys: dict[str, object] = {}
    low, high = cells.number("low"), cells.number("high")
    if low is not None and high is not None:
        if not low < high:
            raise Untranslatable(f"the range {low:g} to {high:g} is none: its low end comes first")
        keys["range"] = [low, high]
    gain, offset, scan = cells.number("gain"), cells.number("offset"), cells.number("scan")
    if gain == 0:
        raise Untranslatable("a factor of 0 would lose the value: write 1, or what the sheet of the device says")
    keys |= {} if gain is None else {"gain": gain}
    keys |= {} if offset is None else {"offset": offset}
    keys |= {} if scan is None else {"scan_ms": max(10, round(scan))}
    return keys
