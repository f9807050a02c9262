"""Work orders as a spreadsheet: CSV always, Excel with the extra `excel`; one row for each order."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app.database import DatabaseMissing
from app.exchange.csv_cell import text_cell
from app.exchange.failure import ExchangeError
from app.exchange.time_text import iso_text
from app.maintenance.store import PAST_WORK, all_orders
from app.model.plant import Plant
from app.model.work_order import CheckResult, WorkOrder
from app.past import open_as_known
from app.plant.atomic import replace_bytes

COLUMNS = (
    "order", "state", "equipment", "equipment_name", "title", "source", "reference", "reason", "priority",
    "requested", "requested_by", "due", "planned_start", "assignee", "estimated_h", "started", "completed",
    "spent_h", "parts", "checks", "meter", "signed_by", "signed_at", "signed_with_pin", "remark", "proposal",
    "confirmed", "confirmed_by", "follows",
)  # fmt: skip
"""Times are ISO 8601 in UTC, hours of people in h; parts and checks stand in one cell, a line for each."""
_MARK = "\ufeff"
_WIDE = {"title": 34, "reason": 34, "checks": 44, "equipment_name": 24, "parts": 22, "remark": 34}

Cell = str | float


def write_orders(history: Path, plant: Plant, target: Path) -> int:
    """Write all orders of the plant whose file is `history` to `target`, oldest first; return how many.

    Raise ExchangeError for a file of another kind or without the extra, DatabaseError, OSError; then nothing new is
    left behind.
    """
    suffix = target.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise ExchangeError(f"{target}: write a .csv or an .xlsx")
    names = {equipment.id: equipment.name.en for equipment in plant.equipment}
    try:
        with closing(open_as_known(history, PAST_WORK)) as connection:
            rows = [_row(order, names.get(order.equipment, "")) for order in all_orders(connection)]
    except DatabaseMissing:
        rows = []
    replace_bytes(target, _text(rows) if suffix == ".csv" else _workbook(target, rows))
    return len(rows)


def _row(order: WorkOrder, equipment_name: str) -> Sequence[Cell]:
    signature = order.signature
    return (
        order.id,
        order.state.value,
        order.equipment,
        equipment_name,
        order.title.en,
        order.source.value,
        order.reference,
        order.reason,
        int(order.priority),
        _time(order.requested),
        order.requested_by or "station",
        _time(order.due),
        _time(order.planned_start),
        order.assignee,
        order.estimated_h or "",
        _time(order.started),
        _time(order.completed),
        order.spent_h or "",
        "\n".join(f"{use.quantity:g} x {use.part}" for use in order.parts),
        "\n".join(map(_check, order.checks)),
        "" if order.meter is None else order.meter,
        "" if signature is None else signature.name,
        "" if signature is None else _time(signature.time),
        "" if signature is None else ("yes" if signature.is_proven else "no"),
        order.remark,
        "" if order.proposal is None else order.proposal.effect.value,
        _time(order.confirmed),
        order.confirmed_by,
        order.follows or "",
    )


def _check(result: CheckResult) -> str:
    found = f"{result.value:g} {result.item.unit}".strip() if result.value is not None else ""
    parts = [result.item.text.en, found or ("done" if result.is_done else "open"), result.remark]
    return " - ".join(part for part in parts if part)


def _time(instant: int) -> str:
    return iso_text(instant)[:19] + "Z" if instant else ""


def _text(rows: Sequence[Sequence[Cell]]) -> bytes:
    lines = [",".join(COLUMNS)]
    lines += [",".join(text_cell(cell) if isinstance(cell, str) else f"{cell:.15g}" for cell in row) for row in rows]
    return (_MARK + "".join(f"{line}\r\n" for line in lines)).encode()


def _workbook(target: Path, rows: Sequence[Sequence[Cell]]) -> bytes:
    try:
        import xlsxwriter  # noqa: PLC0415 - the extra may be absent
    except ImportError as error:
        raise ExchangeError(f'{target}: needs the extra: pip install "foreshift[excel]", or write a .csv') from error
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Work orders")
        head, body = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for place, name in enumerate(COLUMNS):
            sheet.set_column(place, place, _WIDE.get(name, 15))
            sheet.write_string(0, place, name, head)
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell, body)
                else:
                    sheet.write_number(line, place, cell, body)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
    return content.getvalue()
