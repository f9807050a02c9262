"""Filtered lines of the alarm journal as a CSV file, for whoever writes a report of what happened."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.model import clock
from widgets.model.journal_table import JournalQuery, ReadPage

if TYPE_CHECKING:
    from app.alarm.journal import JournalEntry
    from app.model.journal_search import JournalSearch

PAGE = 1_000
FORMULA = ("=", "+", "-", "@", "\t")


def export_journal(
    path: Path,
    search: JournalSearch,
    read: ReadPage,
    *,
    head: Sequence[str],
    cells: Callable[[JournalEntry], Sequence[str]],
) -> int:
    """Write what a search finds to `path`, newest first; return how many lines it is. Raise OSError.

    A file that could not be written to its end is not left behind under its name. The first columns are the number of
    the line, its time in UTC (ISO 8601, microseconds) and the alarm's id; `head` and `cells` give the others.
    """
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark: Excel would take Chinese for Latin-1
        writer = csv.writer(file)
        writer.writerow(["number", "time_utc", "alarm", *head])
        query = JournalQuery(search, limit=PAGE)
        while True:
            page = read(query)
            for entry in page.entries:
                time = clock.to_datetime(entry.time).isoformat(timespec="microseconds")
                writer.writerow(
                    [entry.number, time, *(_harmless(text) for text in (entry.record.alarm, *cells(entry)))]
                )
            count += len(page.entries)
            if not page.before:
                break
            query = JournalQuery(search, page.before, PAGE, page.alarms)
    part.replace(path)
    return count


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a comment could hold one."""
    return f"'{text}" if text.startswith(FORMULA) else text
