"""The sections of a report about values, counters and energy."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.unit_symbol import unit_symbol
from app.report import formulas
from app.report.cell import GROUP, Number, Share, Span, number_text
from app.report.content import KeyValue, Total
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def values_section(tell: Telling) -> Section:
    """Return what the key values were."""
    columns = (
        Column(tell.say("Tag", "位号"), width=1.7),
        Column(tell.say("Title", "名称"), width=2.8),
        Column(tell.say("Unit", "单位"), width=1.0),
        tell.figure("Minimum", "最小值", formulas.MINIMUM, width=1.1),
        tell.figure("Mean", "平均值", formulas.MEAN),
        tell.figure("Maximum", "最大值", formulas.MAXIMUM, width=1.15),
        tell.figure("Limits", "限值", formulas.LIMITS, width=1.5),
        tell.figure("Below", "低于", formulas.BELOW, width=0.85),
        tell.figure("Above", "高于", formulas.ABOVE, width=0.85),
        tell.figure("Good", "有效率", formulas.GOOD),
    )
    rows = tuple(
        (
            each.tag,
            tell.text(each.title),
            unit_symbol(each.unit),
            Number(each.minimum, each.decimals),
            Number(each.mean, each.decimals),
            Number(each.maximum, each.decimals),
            _limits(each),
            Span(each.below_s),
            Span(each.above_s),
            Share(each.good),
        )
        for each in tell.content.values
    )
    tags, good = tuple(each.tag for each in tell.content.values), tuple(each.good for each in tell.content.values)
    marked = frozenset(place for place, each in enumerate(tell.content.values) if each.outside_s)
    return Section(
        tell.say("Key values", "关键数值"),
        (Table(columns, rows, marked=marked, tags=tags, good=good),),
        tuple(_notes(tell)),
        tell.say("No values are told.", "无数值。"),
    )


def _notes(tell: Telling) -> Iterator[str]:
    if tell.content.more_tags:
        yield tell.say(
            f"{tell.content.more_tags} more tags are not told: name those that matter in plant.toml, [report].",
            f"另有 {tell.content.more_tags} 个位号未列出：请在 plant.toml 的 [report] 中指定重要位号。",
        )
    if any(each.is_thinned for each in tell.content.values):
        yield tell.say(
            "Where only minimum and maximum are told, the samples are no longer kept.",
            "仅有最小值和最大值的位号，其原始样本已不再保留。",
        )


def production_section(tell: Telling) -> Section:
    """Return what counters counted of goods and events."""
    empty = tell.say("Nothing counts.", "没有计数位号。")
    return _totals(tell, tell.say("Production and counters", "产量与计数"), tell.content.production, empty)


def energy_section(tell: Telling) -> Section:
    """Return what energy was used."""
    empty = tell.say("Nothing counts energy.", "没有能耗计量。")
    return _totals(tell, tell.say("Energy", "能耗"), tell.content.energy, empty)


def _totals(tell: Telling, title: str, totals: tuple[Total, ...], empty: str) -> Section:
    columns = (
        Column(tell.say("Equipment", "设备"), width=1.8),
        Column(tell.say("Tag", "位号"), width=1.4),
        Column(tell.say("Title", "名称"), width=2.2),
        tell.figure("Total", "合计", formulas.TOTAL),
        Column(tell.say("Unit", "单位"), width=0.7),
    )
    rows = tuple(
        (
            tell.name(each.equipment),
            each.tag,
            tell.text(each.title) + (tell.say(" (from power)", "（由功率计算）") if each.is_integral else ""),
            Number(each.total, each.decimals),
            unit_symbol(each.unit),
        )
        for each in totals
    )
    return Section(title, (Table(columns, rows, tags=tuple(each.tag for each in totals)),), empty=empty)


def _limits(value: KeyValue) -> str:
    if value.low is None and value.high is None:
        return "–"
    if value.low is None or value.high is None:
        sign, limit = ("≤", value.high) if value.low is None else ("≥", value.low)
        return f"{sign}{GROUP}{number_text(limit or 0.0, value.decimals)}"
    return f"{number_text(value.low, value.decimals)}{GROUP}..{GROUP}{number_text(value.high, value.decimals)}"
