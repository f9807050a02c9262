"""Lists as they come from an office: German headings, decimal commas, workbooks, and lines that are wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.plant.tag_list.entry import TagList, TagListError
from app.plant.tag_list.read import read_tag_list

HEAD = ("Variablenname", "Beschreibung", "Adresse", "Datentyp", "Einheit", "Messbereich von", "Messbereich bis")
ROWS = [
    ("TT1", "Läufer vorn", "40001", "REAL", "Grad Celsius", "0,0", "1.250,5"),
    ("TT2", "", "40003", "Gleitkomma", "", "", ""),
    ("TT1", "noch einmal", "40005", "REAL", "°C", "", ""),
    ("TT4", "Schreibfehler", "4O007", "REAL", "°C", "", ""),
    ("TT5", "verdreht", "40009", "REAL", "°C", "200", "150,5"),
    ("", "ohne Namen", "40011", "REAL", "°C", "", ""),
    ("TT7", "ohne Adresse", "", "REAL", "°C", "", ""),
]
WRONG = {
    4: '"TT1" stands at line 2 already: give it another name',
    5: '"4O007" does not say its table',
    6: "its low end comes first",
    7: "the tag has no name: fill its column",
    8: "TT7 has no address: fill its column",
}


def check(found: TagList) -> None:
    first, second = found.entries
    assert (first.name, first.keys["address"], first.keys["unit"]) == ("TT1", "HR0:F32", "Cel")
    assert (first.keys["title"], first.keys["range"]) == ("Läufer vorn", [0.0, 1250.5])
    assert (second.name, second.keys) == ("TT2", {"address": "HR2:F32"})
    told = {problem.line: problem.message for problem in found.problems}
    assert list(told) == list(WRONG)
    for line, message in WRONG.items():
        assert message in told[line]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_that_a_german_list_is_taken_but_for_lines_that_are_told_with_their_remedy(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "Liste.csv"
    path.write_bytes("\r\n".join(map(";".join, [HEAD, *ROWS])).encode(encoding))
    check(read_tag_list(path))


def test_that_a_workbook_is_read_with_the_numbers_of_its_rows(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        numbers = [int(cell) if cell.isdecimal() else cell for cell in row]
        book.active.append([None if cell == "" else cell for cell in numbers])
    path = tmp_path / "Liste.xlsx"
    book.save(path)
    check(read_tag_list(path))


def test_that_a_workbook_without_its_library_or_in_pieces_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(TagListError, match="save it again, or as CSV"):
        read_tag_list(path)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(TagListError, match=r"foreshift\[excel\].*or save the sheet as CSV"):
        read_tag_list(path)


def test_that_columns_that_nobody_knows_are_told_with_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Was;Wo\nTT1;40001\n")
    with pytest.raises(TagListError, match=r"its columns \(Was, Wo\).*Name, Adresse, 变量名, 地址"):
        read_tag_list(path)
