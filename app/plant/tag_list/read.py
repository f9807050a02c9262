"""Reads a list of tags, whatever program it is of: the format is found by what the file holds, not by its name."""

from __future__ import annotations

import codecs
from pathlib import Path

from app.plant.problem import Problem
from app.plant.tag_list import ignition, kepware
from app.plant.tag_list.entry import Reading, TagEntry, TagList, TagListError
from app.plant.tag_list.nodeset import read_nodeset
from app.plant.tag_list.own_csv import is_own, read_own
from app.plant.tag_list.register_sheet import is_register_sheet, read_register_sheet
from app.plant.tag_list.sheet import Sheet, sheet_of
from app.plant.tag_list.workbook import is_workbook, workbook_text
from drivers.replay.encoding import survey

MOST_BYTES = 64 << 20
_KNOWN = (
    "the CSV of Kepware (Tag Name, Address, Data Type, ...), the JSON or CSV of Ignition, a NodeSet2 XML, a list with "
    "columns for name and address (Name, Adresse, 变量名, 地址, ...), or what `foreshift tags export` wrote"
)


def read_tag_list(path: Path, reading: Reading | None = None) -> TagList:
    """Return what the file at `path` says; raise TagListError, or RecordingError for what is no text.

    A tag that is named twice is kept once, the first time; the second is a problem.
    """
    wanted = reading or Reading()
    if path.exists() and not path.is_file() and not path.is_dir():
        raise TagListError(path, "is no file: give the path of a list of tags")
    if path.is_file() and (size := path.stat().st_size) > MOST_BYTES:
        raise TagListError(path, f"has {size >> 20} MiB, more than {MOST_BYTES >> 20}: this is no list of tags")
    if is_workbook(path):
        return _unique(_read_sheet(sheet_of(path, workbook_text(path)), wanted))
    encoding = survey(path).encoding
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise TagListError(path, "it grows while it is read: close the program that writes it")
    head = content.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1]
    if head == b"<" or content[:4] in {b"\xff\xfe<\0", b"\xfe\xff\0<"}:
        return _unique(read_nodeset(path, content))
    text = content.decode(encoding, "strict").removeprefix("\ufeff")
    if text.lstrip()[:1] in {"{", "["}:
        return _unique(ignition.read_ignition_json(path, text, wanted))
    return _unique(_read_sheet(sheet_of(path, text), wanted))


def _read_sheet(sheet: Sheet, reading: Reading) -> TagList:
    if is_own(sheet):
        return read_own(sheet)
    if sheet.columns >= kepware.COLUMNS:
        return kepware.read_kepware(sheet, reading)
    if sheet.columns >= ignition.COLUMNS:
        return ignition.read_ignition_csv(sheet, reading)
    if is_register_sheet(sheet):
        return read_register_sheet(sheet, reading)
    shown = ", ".join(sheet.header[:8])
    raise TagListError(sheet.path, f"its columns ({shown}) are those of no list known here: give {_KNOWN}", line=1)


def _unique(found: TagList) -> TagList:
    first: dict[str, TagEntry] = {}
    problems = list(found.problems)
    for entry in found.entries:
        if entry.name in first:
            line = first[entry.name].line
            problems.append(Problem(entry.line, f'"{entry.name}" stands at line {line} already: give it another name'))
        else:
            first[entry.name] = entry
    problems.sort(key=lambda problem: problem.line)
    return TagList(found.kind, tuple(first.values()), tuple(problems), found.notes)
