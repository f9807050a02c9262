"""The last part of a report: how each of its numbers is reckoned, for who reads it on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.report.document import Column, Section, Table
from app.report.telling import Telling


def reckoning_section(tell: Telling, sections: Sequence[Section]) -> Section:
    """Return of each column of numbers in the sections how it is reckoned."""
    columns = (
        Column(tell.say("Section", "章节"), width=1.6),
        Column(tell.say("Figure", "数值"), width=1.2),
        Column(tell.say("How it is reckoned", "计算方法"), width=5.0),
    )
    rows = tuple(dict.fromkeys(_rows(sections)))
    notes = (
        tell.say(
            "Between two good samples a measured value runs along the line between them; a state or a counter holds "
            "until the next sample. Where nothing was collected, nothing is known.",
            "两个有效样本之间，测量值沿其连线变化；状态和计数器保持至下一样本。未采集的时段视为未知。",
        ),
    )
    return Section(tell.say("How the numbers are reckoned", "数值计算方法"), (Table(columns, rows),), notes)


def _rows(sections: Sequence[Section]) -> Iterator[tuple[str, str, str]]:
    for section in sections:
        for table in section.tables:
            for column in table.columns if table.rows else ():
                if column.how:
                    title = f"{section.title}: {table.title}" if table.title else section.title
                    yield title, column.head, column.how
