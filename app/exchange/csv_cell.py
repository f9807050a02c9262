"""Cells of a CSV file by RFC 4180, and texts that no spreadsheet may take for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_QUOTED = frozenset('",\r\n')


def text_cell(text: str) -> str:
    """Return a text as a cell.

    One that begins like a formula gets an apostrophe in front, so that a spreadsheet shows it instead of computing it
    (and one that begins with an apostrophe a second one, so that `text_in` finds back what it was).
    """
    guarded = "'" + text if text.startswith(_FORMULA) else text
    if _QUOTED.isdisjoint(guarded) and guarded == guarded.strip():
        return guarded
    return '"' + guarded.replace('"', '""') + '"'


def text_in(cell: str) -> str:
    """Return the text that `text_cell` made a cell of, once a CSV reader has taken off its quotes."""
    return cell.removeprefix("'")
