"""What the files know of a tag: up to when it is stored, its last good value, who wrote it last."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.model import status
from app.model.audit import AuditAction, AuditRecord
from app.model.datavalue import DataValue

if TYPE_CHECKING:
    from pathlib import Path

LOOKED_AT = 5_000
"""Samples among which the last good one is looked for."""


@dataclass(frozen=True, slots=True)
class TagPast:
    """`stored`: the time of the newest sample in the history, int64 ns UTC, 0 for none; `good`: the last good one.

    `looked`: how many samples were looked at for it. `written`: the last write of it, None where nobody wrote lately.
    """

    stored: int = 0
    good: DataValue | None = None
    looked: int = 0
    written: AuditRecord | None = None


def read_past(history: Path, tag: str, *, now: int) -> TagPast:
    """Return what is known of a tag up to `now` (int64 ns UTC), read in any thread; raise DatabaseError."""
    # SQLite's libraries take a third of a second to import: the window does not wait for them
    from app.audit.journal import is_log  # noqa: PLC0415
    from app.audit.search import AuditQuery, search  # noqa: PLC0415
    from app.database import DatabaseMissing, open_reader  # noqa: PLC0415
    from app.history.reader import HistoryReader  # noqa: PLC0415

    with HistoryReader(history) as reader:
        series = reader.raw(tag, 0, now + 1, limit=LOOKED_AT)
    good = np.flatnonzero(status.good_mask(series.status))
    last = None
    if len(good):
        row = int(good[-1])
        time = int(series.time[row])
        last = DataValue(float(series.value[row]), int(series.status[row]), time, time)
    written = None
    try:
        with closing(open_reader(history)) as connection:
            if is_log(connection):
                query = AuditQuery(text=tag, kind="write", limit=50, end=now + 1)
                lines = [line.record for line in search(connection, query).lines]
                results = (each for each in lines if each is not None and each.action is AuditAction.WRITE_RESULT)
                written = next((each for each in results if each.tag == tag), None)
    except DatabaseMissing:
        pass
    return TagPast(int(series.time[-1]) if len(series) else 0, last, len(series), written)
