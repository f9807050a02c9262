"""A figure of a report, explained: how it is calculated, from which tag, over which time, how much of it was good."""

from __future__ import annotations

import math

from app.model.shift import ShiftCalendar
from app.report.cell import NOTHING, cell_text
from app.report.content import ReportContent
from app.report.document import Table
from widgets.explain.figure import Derivation, Figure
from widgets.translation import tr


def report_figure(
    table: Table, row: int, column: int, content: ReportContent, calendar: ShiftCalendar
) -> Figure | None:
    """Return how the cells of a row came about, that at `column` first; None for a row without figures."""
    cells = [cell_text(cell, calendar) for cell in table.rows[row]]
    pairs = [
        Derivation(head.head, text, head.how)
        for head, text in zip(table.columns, cells, strict=True)
        if (head.is_number or head.how) and text != NOTHING
    ]
    if not pairs:
        return None
    chosen = table.columns[column].head
    pairs.sort(key=lambda each: each.name != chosen)
    names = [text for head, text in zip(table.columns, cells, strict=True) if not head.is_number and not head.how]
    tag = table.tags[row] if table.tags else ""
    good = table.good[row] if table.good else None
    notes = [tr("computed from the history when this report was made")]
    if content.reached < content.end:
        notes.append(tr("the time goes on: told up to the end of this period"))
    return Figure(
        "  ·  ".join(name for name in names[:3] if name) or table.title or tr("Figure of a report"),
        tuple(pairs),
        tags=(tag,) if tag else (),
        start=content.start,
        end=min(content.end, content.reached),
        good=math.nan if good is None else good,
        notes=tuple(notes),
    )
