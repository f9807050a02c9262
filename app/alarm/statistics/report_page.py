"""An alarm performance report as one HTML page that needs nothing else, or as a part of a larger report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from app.alarm.statistics.assessment import Verdict, assess
from app.alarm.statistics.definitions import PERIOD_NS
from app.alarm.statistics.figures import MOST_PER_PERIOD
from app.alarm.statistics.report import (
    ALARM_HEADS,
    FIGURE_HEADS,
    FLOOD_HEADS,
    TITLE,
    Report,
    Row,
    alarm_rows,
    figure_rows,
    flood_rows,
)
from app.model.text import LocalText

STYLE = """\
body { font: 14px/1.45 "Noto Sans SC", "Segoe UI", "Microsoft YaHei", sans-serif; color: #1c2126; background: #fff;
  max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p { color: #4f5965; margin: .2rem 0 .8rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid #7e8894; }
th, td { padding: .22rem .7rem .22rem 0; vertical-align: top; } td { border-bottom: 1px solid #d9dce0; }
tr.poor td:nth-child(4) { font-weight: 700; } tr.poor td:nth-child(4)::before { content: "▲ "; }
tr.fair td:nth-child(4)::before { content: "△ "; }
svg { width: 100%; height: auto; background: #f4f5f7; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""
RATE = LocalText("Alarms per 10 min", "每 10 分钟报警数")
RATE_NOTE = LocalText("The line is at 10; floods are shaded.", "横线为 10；阴影为报警泛滥。")
BAD_ACTORS = LocalText("Most frequent alarms", "最频繁的报警")
FLOODS = LocalText("Floods", "报警泛滥")
_WIDTH, _HEIGHT, _MOST_BARS = 960, 150, 480


def page(report: Report) -> str:
    """Return the report as a page."""
    title = escape(f"{report.text(report.plant)} – {report.text(TITLE)}")
    language = "zh-CN" if report.language.startswith("zh") else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{section(report)}</body>\n</html>\n"
    )


def section(report: Report) -> str:
    """Return the report as a part of a page, such as a shift report, which brings STYLE along."""
    return "".join(f"{line}\n" for line in _section(report))


def _section(report: Report) -> Iterator[str]:
    figures = report.figures
    yield f"<p>{escape(report.moment(figures.start))} – {escape(report.moment(figures.end))}</p>"
    verdicts = [each.verdict for each in assess(figures)]
    yield from _table(report, FIGURE_HEADS, figure_rows(report), verdicts)
    yield f"<h2>{escape(report.text(RATE))}</h2>"
    yield f"<p>{escape(report.text(RATE_NOTE))}</p>"
    yield _trend(report)
    parts = (
        (BAD_ACTORS, ALARM_HEADS, alarm_rows(report, report.bad_actors())),
        (FLOODS, FLOOD_HEADS, flood_rows(report)),
    )
    for title, heads, rows in parts:
        found = list(rows)
        if found:
            yield f"<h2>{escape(report.text(title))}</h2>"
            yield from _table(report, heads, found)


def _table(
    report: Report, heads: Iterable[LocalText], rows: Iterable[Row], verdicts: Iterable[Verdict] = ()
) -> Iterator[str]:
    yield "<table>"
    yield "<tr>" + "".join(f"<th>{escape(report.text(head))}</th>" for head in heads) + "</tr>"
    kinds = iter(verdicts)
    for row in rows:
        kind = next(kinds, None)
        marked = f' class="{kind}"' if kind is not None else ""
        yield f"<tr{marked}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
    yield "</table>"


def _trend(report: Report) -> str:
    """Draw the rate; of a long time the most of several periods, so that no peak is lost."""
    figures = report.figures
    counts = figures.per_period.tolist()
    group = -(-len(counts) // _MOST_BARS)
    bars = [max(counts[place : place + group]) for place in range(0, len(counts), group)]
    most = max(*bars, MOST_PER_PERIOD * 1.5)
    width = _WIDTH / len(bars)
    span = len(bars) * group * PERIOD_NS

    def across(time: int) -> float:
        return (time - figures.start) / span * _WIDTH

    shapes = [
        f'<rect x="{across(flood.start):.1f}" y="0" width="{max(1.0, across(flood.end) - across(flood.start)):.1f}" '
        f'height="{_HEIGHT}" fill="#c9ced5"/>'
        for flood in figures.floods
    ]
    shapes += [
        f'<rect x="{place * width:.1f}" y="{_HEIGHT * (1 - count / most):.1f}" width="{max(width - 0.3, 0.7):.1f}" '
        f'height="{_HEIGHT * count / most:.1f}" fill="#2c6cb0"/>'
        for place, count in enumerate(bars)
        if count
    ]
    limit = _HEIGHT * (1 - MOST_PER_PERIOD / most)
    shapes.append(
        f'<line x1="0" x2="{_WIDTH}" y1="{limit:.1f}" y2="{limit:.1f}" stroke="#b87b3a" stroke-dasharray="6 4"/>'
    )
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{"".join(shapes)}</svg>'
