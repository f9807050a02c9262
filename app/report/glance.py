"""The first section of a report: what a shift comes down to, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.clock import NS_PER_S
from app.model.unit_symbol import unit_symbol
from app.report import formulas
from app.report.cell import Cell, number_text, span_text
from app.report.document import Column, Section, Table
from app.report.telling import Telling

_MOST_AT_A_GLANCE = 5


def glance_section(tell: Telling) -> Section:
    """Return what it comes down to."""
    rows: list[tuple[Cell, ...]] = [(label, text) for label, text in _figures(tell)]
    how = tell.text(formulas.SUMMED)
    columns = (Column(tell.say("What", "项目"), width=1.0), Column(tell.say("Figure", "数值"), width=3.0, how=how))
    return Section(tell.say("At a glance", "概览"), (Table(columns, tuple(rows)),))


def _figures(tell: Telling) -> Iterator[tuple[str, str]]:
    content, alarms = tell.content, tell.content.alarms
    urgent = sum(alarms.by_priority[:2])
    yield (
        tell.say("Alarms", "报警"),
        tell.say(
            f"{alarms.activations}; of priority 1 or 2: {urgent}; most in ten minutes: {alarms.most_per_period}; "
            f"floods: {len(alarms.floods)}",
            f"{alarms.activations} 次；优先级 1、2 共 {urgent} 次；每 10 分钟最多 {alarms.most_per_period} 次；"
            f"泛滥 {len(alarms.floods)} 次",
        ),
    )
    hidden = sum(alarm.is_hidden for alarm in alarms.standing)
    yield (
        tell.say("Alarms at the end", "结束时的报警"),
        tell.say(
            f"standing: {len(alarms.standing) - hidden}; shelved, suppressed or out of service: {hidden}",
            f"未消除 {len(alarms.standing) - hidden} 个；被搁置、抑制或停用 {hidden} 个",
        ),
    )
    yield tell.say("Outside of limits", "超限"), _outside(tell)
    if content.energy:
        yield tell.say("Energy", "能耗"), _energy(tell) or tell.say("not known", "未知")
    is_open = sum(not case.closed for case in content.cases)
    yield (
        tell.say("Cases", "案例"),
        tell.say(
            f"open at the end: {is_open}; closed: {len(content.cases) - is_open}",
            f"结束时 {is_open} 个未关闭，已关闭 {len(content.cases) - is_open} 个",
        ),
    )
    done = sum(row.is_done for row in content.work)
    is_open = sum(not row.state.is_final for row in content.work)
    yield (
        tell.say("Work orders", "工单"),
        tell.say(f"done: {done}; open at the end: {is_open}", f"完成 {done} 个，结束时 {is_open} 个未关闭"),
    )
    lost = sum(gap.end - gap.start for gap in content.gaps if not gap.tag) / NS_PER_S
    yield (
        tell.say("Gaps of data", "数据缺失"),
        f"{len(content.gaps)} ({span_text(lost)})" if content.gaps else tell.say("none", "无"),
    )


def _outside(tell: Telling) -> str:
    found = [(seconds, value) for value in tell.content.values if (seconds := value.outside_s)]
    found.sort(key=lambda pair: -pair[0])
    texts = [f"{value.tag} {span_text(seconds)}" for seconds, value in found[:_MOST_AT_A_GLANCE]]
    more = len(found) - len(texts)
    if more > 0:
        texts.append(tell.say(f"and {more} more", f"另有 {more} 个"))
    return tell.say(", ", "、").join(texts) or tell.say("none of the values that are told", "所列数值均未超限")


def _energy(tell: Telling) -> str:
    """Return the largest counters; one may stand behind another, so that a sum would count twice."""
    known = [(total.total, total) for total in tell.content.energy if total.total is not None]
    known.sort(key=lambda pair: -pair[0])
    texts = [f"{each.tag} {number_text(value, each.decimals)} {unit_symbol(each.unit)}" for value, each in known[:3]]
    return tell.say(", ", "、").join(texts)
