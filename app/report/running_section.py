"""The section of a report about how long equipment ran, and in which states it was."""

from __future__ import annotations

from app.model.clock import NS_PER_S
from app.report import formulas
from app.report.cell import Number, Share, Span
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def running_section(tell: Telling) -> Section:
    """Return for how long equipment ran, and for how long it was in which state."""
    return Section(
        tell.say("Equipment", "设备运行"),
        (_running(tell), _states(tell)),
        empty=tell.say("No tag tells whether equipment runs.", "没有表示设备运行状态的位号。"),
    )


def _running(tell: Telling) -> Table:
    content = tell.content
    span = (content.reached - content.start) / NS_PER_S
    return Table(
        (
            Column(tell.say("Equipment", "设备"), width=2.2),
            tell.figure("Ran for", "运行时间", formulas.RAN),
            tell.figure("Share", "占比", formulas.SHARE_RUNNING),
            tell.figure("Starts", "启动次数", formulas.STARTS),
            tell.figure("Not known", "状态未知", formulas.NOT_KNOWN),
            tell.figure("By its meter, h", "计时器，小时", formulas.METERED),
        ),
        tuple(
            (
                tell.text(each.name),
                Span(each.running_s),
                Share(None if each.running_s is None or not each.known_s else each.running_s / each.known_s),
                Number(each.starts if each.running_s is not None else None),
                Span(max(0.0, span - each.known_s) if each.tag else None),
                Number(each.counted_h, 1),
            )
            for each in content.running
        ),
        tags=tuple(each.tag for each in content.running),
        good=tuple(each.known_s / span if each.tag and span > 0 else None for each in content.running),
    )


def _states(tell: Telling) -> Table:
    return Table(
        (
            Column(tell.say("Tag", "位号"), width=1.4),
            Column(tell.say("Title", "名称"), width=2.0),
            Column(tell.say("State", "状态"), width=1.2),
            tell.figure("Lasted", "持续时间", formulas.LASTED),
            tell.figure("Times", "次数", formulas.ENTRIES),
        ),
        tuple(
            (each.tag, tell.text(each.title), tell.text(each.state), Span(each.seconds), Number(each.entries))
            for each in tell.content.states
        ),
        tell.say("States", "状态"),
        tags=tuple(each.tag for each in tell.content.states),
    )
