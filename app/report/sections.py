"""Tells a report in one language: which sections it has, in which order, and who signs it."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.clock import NS_PER_S
from app.model.handover import Handover, OpenPoint
from app.model.shift import PeriodKind, ShiftCalendar
from app.report import (
    alarm_section,
    case_sections,
    deed_sections,
    gap_section,
    glance,
    handover_section,
    running_section,
    value_sections,
    words,
)
from app.report.cell import span_text, wall_time
from app.report.content import ReportContent
from app.report.document import Document, Section
from app.report.reckoning import reckoning_section
from app.report.telling import Telling
from app.report.value_charts import value_charts


def document_of(
    content: ReportContent,
    calendar: ShiftCalendar,
    language: str,
    *,
    handover: Handover | None = None,
    points: tuple[OpenPoint, ...] = (),
) -> Document:
    """Return a report in a language, "en" or "zh".

    `handover`: with which it was signed, None before; `points`: those that are open then.
    """
    return _document(Telling(content, calendar, language, handover, points))


def _document(tell: Telling) -> Document:
    content = tell.content
    title = tell.text(words.TITLES[content.kind])
    made = tell.clock(content.made)
    sections = tuple(_sections(tell))
    return Document(
        title=title,
        plant=tell.text(content.plant),
        period=_period(tell),
        language=tell.language,
        facts=tuple(_facts(tell, made)),
        sections=sections,
        signatures=_signatures(tell),
        footer=f"{tell.text(content.plant)}  ·  {content.key}  ·  {tell.say('made', '生成于')} {made}  ·  "
        f"Foreshift {content.version}",
        page_of=tell.say("Page {page} of {pages}", "第 {page} 页，共 {pages} 页"),
        calendar=tell.calendar,
        appendix=(reckoning_section(tell, sections),),
        charts=tuple(value_charts(tell)),
        charts_title=tell.say(
            "Courses of the key values (grey: least to greatest; dashed: limits; hatched: not known)",
            "关键数值曲线（灰色：最小至最大；虚线：限值；斜线：未知）",
        ),
    )


def _period(tell: Telling) -> str:
    shift = tell.text(tell.content.shift)
    day = tell.content.key.partition("/")[0]
    return f"{day}  {shift}".strip()


def _facts(tell: Telling, made: str) -> Iterator[tuple[str, str]]:
    content = tell.content
    length = span_text((content.end - content.start) / NS_PER_S)
    span = f"{tell.clock(content.start)} – {tell.clock(content.end)}  ({length}, {_offsets(tell)})"
    yield tell.say("Plant", "工厂"), tell.text(content.plant)
    yield tell.say("Time", "时段"), span
    yield tell.say("Made at", "生成时间"), made
    yield tell.say("Version", "版本"), f"Foreshift {content.version}"
    if content.reached < content.end:
        yield (
            tell.say("Not complete", "不完整"),
            tell.say("The time goes on: told up to ", "时段尚未结束：统计至 ") + tell.clock(content.reached),
        )
    if content.time_scale != 1.0:
        yield (
            tell.say("Time scale", "时间比例"),
            tell.say(
                f"The plant's time passes {content.time_scale:g} times as fast; durations are those of the clock.",
                f"工厂时间为实际时间的 {content.time_scale:g} 倍；时长按实际时钟计。",
            ),
        )


def _offsets(tell: Telling) -> str:
    """Return the zone, and how far its clock is from UTC: at both ends, where clocks are set between them."""
    ends = (wall_time(each, tell.calendar).strftime("%z") for each in (tell.content.start, tell.content.end))
    offsets = dict.fromkeys(f"UTC{offset[:3]}:{offset[3:5]}" for offset in ends)
    return " ".join(filter(None, (tell.content.zone, " → ".join(offsets))))


def _signatures(tell: Telling) -> tuple[str, ...]:
    if tell.content.kind is PeriodKind.SHIFT:
        outgoing = None if tell.handover is None else tell.handover.outgoing
        incoming = None if tell.handover is None else tell.handover.incoming
        return (
            handover_section.signed(tell, tell.say("Handed over by", "交班人"), outgoing),
            handover_section.signed(tell, tell.say("Taken over by", "接班人"), incoming),
        )
    return (tell.say("Made by", "编制人"), tell.say("Approved by", "审核人"))


def _sections(tell: Telling) -> Iterator[Section]:
    if tell.handover is not None or tell.points:
        yield handover_section.handover_section(tell)
    yield glance.glance_section(tell)
    yield running_section.running_section(tell)
    yield value_sections.values_section(tell)
    yield value_sections.production_section(tell)
    yield value_sections.energy_section(tell)
    yield alarm_section.alarms_section(tell)
    yield deed_sections.deeds_section(tell)
    yield case_sections.cases_section(tell)
    yield case_sections.work_section(tell)
    yield gap_section.gaps_section(tell)
    yield deed_sections.comments_section(tell)
