"""A spreadsheet of rationalisation sheets as a file: CSV always, Excel with the extra `excel`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from app.exchange.failure import ExchangeError
from app.plant.atomic import replace_bytes
from app.plant.sheet_list import COLUMNS, EDITED

_MARK = "\ufeff"
_WIDTHS = {"alarm": 22, "message_en": 32, "message_zh": 24, "tag": 18}
_WIDE = 36
_FORMER = {"owner": "owner_en"}
"""Columns of lists that were written before their texts had two languages."""


def write_sheets(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows of COLUMNS; raise ExchangeError for a file of another kind or without the extra, OSError."""
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        replace_bytes(path, (_MARK + text.getvalue()).encode())
    elif path.suffix.lower() == ".xlsx":
        _write_workbook(path, list(rows))
    else:
        raise ExchangeError(f"{path}: write a .csv or an .xlsx")


def read_sheets(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with their lines; raise ExchangeError where the file is no such spreadsheet, OSError."""
    table = _workbook_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    if not table:
        raise ExchangeError(f"{path}: is empty; `foreshift alarms sheets export` writes one to begin with")
    (_, heads), *rows = table
    names = [_FORMER.get(name, name) for name in (head.strip().lower() for head in heads)]
    if "alarm" not in names:
        raise ExchangeError(f"{path}: the first row has no column `alarm`; `foreshift alarms sheets export` writes one")
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        raise ExchangeError(
            f"{path}: unknown column {', '.join(unknown)}; taken are alarm, {', '.join(EDITED)}: rename or remove it"
        )
    return [(line, dict(zip(names, cells, strict=False))) for line, cells in rows]


def _csv_rows(path: Path) -> list[tuple[int, Sequence[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path}: is not in UTF-8: save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ExchangeError(f"{path}: line {reader.line_num}: {error}") from error


def _write_workbook(path: Path, rows: list[Mapping[str, str]]) -> None:
    try:
        import xlsxwriter  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        raise ExchangeError(f'{path}: needs the extra: pip install "foreshift[excel]", or write a .csv') from error
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Alarms")
        head, fixed = book.add_format({"bold": True}), book.add_format({"font_color": "#4F5965"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for place, name in enumerate(COLUMNS):
            is_text = name.endswith(("_en", "_zh")) and name in EDITED
            sheet.set_column(place, place, _WIDE if is_text else _WIDTHS.get(name, 14))
            sheet.write_string(0, place, name, head)
        for line, row in enumerate(rows, 1):
            for place, name in enumerate(COLUMNS):
                sheet.write_string(line, place, row[name], body if name in EDITED else fixed)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
        severity = COLUMNS.index("severity")
        sheet.data_validation(
            1, severity, max(1, len(rows)), severity, {"validate": "list", "source": ["minor", "major", "severe"]}
        )
    replace_bytes(path, content.getvalue())


def _workbook_rows(path: Path) -> list[tuple[int, Sequence[str]]]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        raise ExchangeError(f'{path}: needs the extra: pip install "foreshift[excel]", or save it as CSV') from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as error:  # openpyxl tells damage by whatever error comes first
        raise ExchangeError(f"{path}: cannot be read as a workbook ({error}): save it again, or as CSV") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [(line, [_text(cell) for cell in cells]) for line, cells in enumerate(rows, 1)]
    finally:
        book.close()


def _text(cell: object) -> str:
    """Return a cell as it would stand in a CSV: Excel makes dates and numbers of what looks like them."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:.15g}" if isinstance(cell, int | float) and not isinstance(cell, bool) else str(cell)
