"""The first sheet of an Excel workbook as lines of text, as if it had been saved as text with tabs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from app.plant.tag_list.entry import TagListError
from app.plant.tag_list.sheet import MOST_ROWS

_START = b"PK\x03\x04"


def is_workbook(path: Path) -> bool:
    """Return whether a file begins as workbooks do (ECMA-376: a ZIP archive), and is called one."""
    if path.suffix.casefold() not in {".xlsx", ".xlsm"} or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


def workbook_text(path: Path) -> str:
    """Return the rows of the first sheet, each as one line, so that their numbers are those that Excel shows.

    Raise TagListError where the workbook cannot be read, or the library for it is not installed.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        install = f'{sys.executable} -m pip install "foreshift[excel]"'
        raise TagListError(
            path, f"to read a workbook, install its library ({install}), or save the sheet as CSV"
        ) from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as error:  # openpyxl tells damage by whatever error comes first
        raise TagListError(path, f"cannot be read as a workbook ({error}): save it again, or as CSV") from error
    try:
        sheet = book.worksheets[0]
        text = io.StringIO()
        writer = csv.writer(text, delimiter="\t", lineterminator="\n")
        for number, cells in enumerate(sheet.iter_rows(values_only=True)):
            if number > MOST_ROWS:
                raise TagListError(path, f"more than {MOST_ROWS:,} rows: divide the sheet", line=number)
            writer.writerow(_texts(cells))
    finally:
        book.close()
    return text.getvalue()


def _texts(cells: Iterable[object]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """Return a cell as it would stand in a text: 40001 is no 40001.0, and a line stays one line."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.15g}"
    return " ".join(str(cell).split())
