"""The audit trail as a CSV file, for whoever reads it in a spreadsheet; it proves nothing, which a proof pack does."""

from __future__ import annotations

import contextlib
from dataclasses import fields
from pathlib import Path

from app.audit.journal import PAST
from app.audit.search import AuditQuery, search_all
from app.exchange.csv_cell import text_cell
from app.exchange.part_file import written_whole
from app.exchange.time_text import iso_text
from app.model.audit import AuditRecord
from app.past import open_as_known

_NAMES = tuple(field.name for field in fields(AuditRecord) if field.name != "time")


def write_audit(history: Path, target: Path, query: AuditQuery) -> int:
    """Write all records that a query asks for to `target`, newest first; return how many.

    Raise DatabaseError or OSError; then nothing new is left behind.
    """
    count = 0
    with (
        contextlib.closing(open_as_known(history, PAST)) as connection,
        written_whole(target) as part,
        part.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        file.write(",".join(("number", "time", *_NAMES)) + "\r\n")
        for line in search_all(connection, query):
            values = [str(getattr(line.record, name)) if line.record is not None else "" for name in _NAMES]
            cells = [text_cell("" if value in ("nan", "0") else value) for value in values]
            file.write(",".join((str(line.number), iso_text(line.time), *cells)) + "\r\n")
            count += 1
    return count
