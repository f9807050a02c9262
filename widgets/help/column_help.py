"""What stands in a column of a sheet of the plant file, as the help tells it: for the tip of its head."""

from __future__ import annotations

import re

from widgets.help.book import chapter
from widgets.help.chapter import plain
from widgets.help.topics import COLUMNS

_ROW = re.compile(r"^\| \*{1,2}(?P<title>(?:[^|\\]|\\.)+?)\*{1,2} \| (?P<text>[^|]+) \|$", re.MULTILINE)


def column_help(kind: str, title: str) -> str:
    """Return what stands in the column with this head, in the present language; "" where nothing is told."""
    told = chapter(COLUMNS)
    section = told.sections[told.place_of(kind.replace("_", "-"))]
    found = (row["text"] for row in _ROW.finditer(section.text) if row["title"].replace("\\|", "|") == title)
    return plain(next(found, ""))
