"""A report as one HTML page that needs nothing else; a PDF is made of the same markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from app.report.cell import cell_text
from app.report.document import Document, Section, Table

STYLE = """\
body { font: 14px/1.45 "Noto Sans SC", "Segoe UI", "Microsoft YaHei", sans-serif; color: #1c2126; background: #fff;
  max-width: 72rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .3rem; }
h3 { font-size: 1rem; margin: 1.1rem 0 .2rem; } p { color: #4f5965; margin: .3rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid #7e8894; vertical-align: bottom; }
th, td { padding: .2rem .8rem .2rem 0; } td { border-bottom: 1px solid #d9dce0; vertical-align: top; }
th.n, td.n { text-align: right; white-space: nowrap; }
tr.m td:first-child::before { content: "▲ "; }
.signature { display: inline-block; width: 40%; margin: 4rem 8% 0 0; border-top: 1px solid #1c2126; }
footer { color: #4f5965; margin-top: 2rem; font-size: .85rem; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""
MARK = "▲ "


def page(document: Document) -> str:
    """Return a report as one HTML page, which needs no other file."""
    title = escape(f"{document.plant} – {document.title} – {document.period}")
    language = "zh-CN" if document.language.startswith("zh") else "en"
    head = f'<meta charset="utf-8">\n<title>{title}</title>\n<style>\n{STYLE}</style>'
    body = "".join(f"{line}\n" for line in _body(document))
    return f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n{head}\n</head>\n<body>\n{body}</body>\n</html>\n'


def _body(document: Document) -> Iterator[str]:
    yield f"<h1>{escape(document.title)}: {escape(document.period)}</h1>"
    yield "<table>"
    for label, text in document.facts:
        yield f"<tr><td>{escape(label)}</td><td>{escape(text)}</td></tr>"
    yield "</table>"
    for section in document.sections:
        yield from section_markup(section, document, _table)
    for line in document.signatures:
        yield f'<span class="signature">{escape(line)}</span>'
    for section in document.appendix:
        yield from section_markup(section, document, _table)
    yield f"<footer>{escape(document.footer)}</footer>"


def section_markup(
    section: Section, document: Document, table_markup: Callable[[Table, Document], Iterator[str]]
) -> Iterator[str]:
    """Yield the markup of a section: its head, its tables that have rows as `table_markup` writes them, its notes."""
    yield f"<h2>{escape(section.title)}</h2>"
    if section.is_empty and section.empty:
        yield f"<p>{escape(section.empty)}</p>"
    for table in section.tables:
        if table.rows:
            yield from table_markup(table, document)
    for note in section.notes:
        yield f"<p>{escape(note)}</p>"


def _table(table: Table, document: Document) -> Iterator[str]:
    if table.title:
        yield f"<h3>{escape(table.title)}</h3>"
    kinds = [' class="n"' if column.is_number else "" for column in table.columns]
    heads = zip(kinds, table.columns, strict=True)
    yield "<table>"
    yield "<thead><tr>" + "".join(f"<th{kind}>{escape(each.head)}</th>" for kind, each in heads) + "</tr></thead>"
    for place, row in enumerate(table.rows):
        cells = (
            f"<td{kind}>{escape(cell_text(cell, document.calendar))}</td>"
            for kind, cell in zip(kinds, row, strict=True)
        )
        yield f"<tr{' class=' + chr(34) + 'm' + chr(34) if place in table.marked else ''}>" + "".join(cells) + "</tr>"
    yield "</table>"
