"""An alarm performance report: the figures as lines of text, and as the rows of tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from app.alarm.statistics.assessment import VERDICT_TEXTS, Assessment, Unit, assess
from app.alarm.statistics.definitions import PERIOD_NS
from app.alarm.statistics.figures import TOP, AlarmFigures, AlarmLoad
from app.alarm.statistics.journal import alarm_names
from app.database import PlantConnection
from app.model.clock import NS_PER_S, to_datetime
from app.model.text import LocalText

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlarmNames:
    """What an alarm is called: its tag, its equipment, its priority and its message."""

    tag: str
    equipment: str
    priority: int
    message: LocalText


@dataclass(frozen=True, slots=True)
class Report:
    """Figures to be told, with the `names` of the alarms, in a `language` and a `zone` (None: that of this PC)."""

    plant: LocalText
    figures: AlarmFigures
    names: Mapping[str, AlarmNames]
    language: str = "en"
    zone: tzinfo | None = None

    def text(self, text: LocalText) -> str:
        """Return a text in the report's language."""
        return text.in_language(self.language)

    def moment(self, time: int) -> str:
        """Return an instant (ns UTC) in the report's zone, to the second."""
        return to_datetime(time).astimezone(self.zone).isoformat(sep=" ", timespec="seconds")

    def message(self, alarm: str) -> str:
        """Return the message of an alarm, "" where it is not known."""
        return self.text(self.names[alarm].message) if alarm in self.names else ""

    def bad_actors(self) -> tuple[AlarmLoad, ...]:
        """Return the ten alarms that came most often."""
        return tuple(load for load in self.figures.loads[:TOP] if load.activations)


def named(connection: PlantConnection, figures: AlarmFigures) -> dict[str, AlarmNames]:
    """Return what the alarms of figures are called, by their ids."""
    found = alarm_names(connection, [load.alarm for load in figures.loads])
    return {
        alarm: AlarmNames(tag, equipment, priority, LocalText(english, chinese))
        for alarm, (tag, equipment, priority, english, chinese) in found.items()
    }


TITLE = LocalText("Alarm performance", "报警性能")
FIGURE_HEADS = (
    LocalText("Figure", "指标"),
    LocalText("Value", "数值"),
    LocalText("Recommended", "推荐值"),
    LocalText("Verdict", "评价"),
    LocalText("Source", "依据"),
)
ALARM_HEADS = (
    LocalText("Alarm", "报警"),
    LocalText("Message", "消息"),
    LocalText("Tag", "位号"),
    LocalText("Activations", "次数"),
    LocalText("Share", "占比"),
    LocalText("Chattering", "抖动"),
    LocalText("Fleeting", "瞬时"),
    LocalText("Active, h", "活动，小时"),
    LocalText("Stale", "陈旧"),
)
FLOOD_HEADS = (
    LocalText("Flood from", "泛滥开始"),
    LocalText("to", "结束"),
    LocalText("Activations", "次数"),
    LocalText("Most in 10 min", "10 分钟内最多"),
)


def value_text(assessment: Assessment) -> str:
    """Return a figure with its unit, "-" where there is none."""
    value = assessment.value
    if math.isnan(value):
        return "-"
    match assessment.recommendation.unit:
        case Unit.SHARE:
            return f"{value * 100:.1f} %"
        case Unit.SECONDS:
            return f"{value:.0f} s"
        case Unit.NUMBER:
            return f"{value:.0f}" if value == round(value) else f"{value:.2f}"


def figure_rows(report: Report) -> Iterator[Row]:
    """Yield the rows below FIGURE_HEADS."""
    for each in assess(report.figures):
        wanted = each.recommendation
        yield (
            report.text(wanted.title),
            value_text(each),
            report.text(wanted.target),
            report.text(VERDICT_TEXTS[each.verdict]),
            wanted.source,
        )


def alarm_rows(report: Report, loads: tuple[AlarmLoad, ...] | None = None) -> Iterator[Row]:
    """Yield the rows below ALARM_HEADS; of all alarms where `loads` is None."""
    total = report.figures.activations
    for load in report.figures.loads if loads is None else loads:
        names = report.names.get(load.alarm)
        yield (
            load.alarm,
            report.message(load.alarm),
            "" if names is None else names.tag,
            str(load.activations),
            f"{load.activations / total * 100:.1f} %" if total else "-",
            str(load.chattering),
            str(load.fleeting),
            f"{load.active_s / 3600:.2f}",
            ("yes", "是")[report.language.startswith("zh")] if load.is_stale else "",
        )


def flood_rows(report: Report) -> Iterator[Row]:
    """Yield the rows below FLOOD_HEADS."""
    for flood in report.figures.floods:
        end = report.moment(flood.end) if flood.is_over else "…"
        yield report.moment(flood.start), end, str(flood.activations), str(flood.peak)


def period_rows(report: Report) -> Iterator[Row]:
    """Yield each ten minutes: when they began, how many alarms came, how many were active at their beginning."""
    figures = report.figures
    counts = zip(figures.per_period.tolist(), figures.standing.tolist(), strict=True)
    for place, (came, standing) in enumerate(counts):
        yield report.moment(figures.start + place * PERIOD_NS), str(came), str(standing)


def text_lines(report: Report) -> Iterator[str]:
    """Yield the report as lines for a terminal."""
    figures = report.figures
    yield f"{report.text(report.plant)}: {report.text(TITLE)}"
    yield f"{report.moment(figures.start)} – {report.moment(figures.end)}, {_days(figures)}"
    yield ""
    yield from _table(tuple(report.text(head) for head in FIGURE_HEADS), list(figure_rows(report)))
    for heads, rows in ((ALARM_HEADS, alarm_rows(report, report.bad_actors())), (FLOOD_HEADS, flood_rows(report))):
        found = list(rows)
        if found:
            yield ""
            yield from _table(tuple(report.text(head) for head in heads), found)


def _days(figures: AlarmFigures) -> str:
    return f"{(figures.end - figures.start) / NS_PER_S / 86_400:.2f} d"


def _table(heads: Row, rows: list[Row]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if "\u2e80" <= character <= "\uffef" else 1 for character in text)
