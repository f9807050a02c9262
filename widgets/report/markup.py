"""A report as the rich text that Qt lays out: tables whose heads come again on each page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from string import Template

from app.report.cell import cell_text
from app.report.document import Document, Table
from app.report.page import MARK, section_markup

STYLE = Template("""\
h1 { font-size: ${large}; margin-top: 0; margin-bottom: 6px; }
h2 { font-size: ${title}; margin-top: 18px; margin-bottom: 4px; color: ${accent}; }
h3 { font-size: ${body}; margin-top: 12px; margin-bottom: 2px; }
p { color: ${dim}; margin-top: 3px; margin-bottom: 3px; }
th { font-weight: 600; color: ${dim}; border-bottom: 1px solid ${dim}; padding: 2px 5px 2px 2px; }
td { border-bottom: 1px solid ${line}; padding: 2px 5px 2px 2px; }
td.marked { font-weight: 600; }
td.label { color: ${dim}; border-bottom: none; }
td.fact { border-bottom: none; }
td.signature { border-bottom: none; border-top: 1px solid ${text}; }
td.space { border: none; }
""")
PAPER = {
    "text": "#1c2126",
    "dim": "#4f5965",
    "line": "#d9dce0",
    "accent": "#17456f",
    "large": "15pt",
    "title": "11pt",
    "body": "8.5pt",
}
"""The look on paper; a screen has that of its theme."""
_EMPTY = "&nbsp;"
"""Behind a table that ends with an empty cell Qt forgets the margin of a heading."""
_TABLE = '<table width="100%" cellspacing="0" cellpadding="{padding}" style="border-collapse: collapse">'


def markup(document: Document) -> str:
    """Return the text; lengths are in points."""
    return "".join(_parts(document))


def _parts(document: Document) -> Iterator[str]:
    yield f"<h1>{escape(document.title)}: {escape(document.period)}</h1>"
    yield _TABLE.format(padding=1)
    for label, text in document.facts:
        yield f'<tr><td class="label" width="18%">{escape(label)}</td><td class="fact">{escape(text)}</td></tr>'
    yield "</table>"
    for section in document.sections:
        yield from section_markup(section, document, _table)
    yield from _signatures(document)
    for section in document.appendix:
        head, *rest = section_markup(section, document, _table)
        yield head.replace("<h2>", '<h2 style="page-break-before: always">')
        yield from rest


def _table(table: Table, document: Document) -> Iterator[str]:
    if table.title:
        yield f"<h3>{escape(table.title)}</h3>"
    total = sum(column.width for column in table.columns)
    yield _TABLE.format(padding=2) + "<thead><tr>"
    for column in table.columns:
        align = "right" if column.is_number else "left"
        width = f"{100 * column.width / total:.2f}%"
        yield f'<th width="{width}" align="{align}" valign="bottom">{escape(column.head)}</th>'
    yield "</tr></thead>"
    for place, row in enumerate(table.rows):
        is_marked = place in table.marked
        yield "<tr>"
        for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            align = "right" if column.is_number else "left"
            mark = MARK if is_marked and not number else ""
            kind = ' class="marked"' if is_marked else ""
            text = escape(mark + cell_text(cell, document.calendar))
            yield f'<td{kind} align="{align}">{text or _EMPTY}</td>'
        yield "</tr>"
    yield "</table>"


def _signatures(document: Document) -> Iterator[str]:
    """Yield lines to be signed: name, and date with time, each above what it is for."""
    yield "<p>&nbsp;</p><p>&nbsp;</p>" + _TABLE.format(padding=3) + "<tr>"
    for number, line in enumerate(document.signatures):
        if number:
            yield '<td class="space" width="10%"></td>'
        yield f'<td class="signature" width="45%">{escape(line)}</td>'
    yield "</tr></table>"
