"""The section of a report about alarms."""

from __future__ import annotations

from app.report import formulas, words
from app.report.cell import Instant, Number, Share, Span
from app.report.content import StandingAlarm
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def alarms_section(tell: Telling) -> Section:
    """Return what came, what came most often, floods, and how the alarms stood at the end."""
    standing = tell.content.alarms.standing
    shown = [alarm for alarm in standing if not alarm.is_hidden]
    hidden = [alarm for alarm in standing if alarm.is_hidden]
    return Section(
        tell.say("Alarms", "报警"),
        (_figures(tell), _most_frequent(tell), _floods(tell), _standing(tell, shown), _hidden(tell, hidden)),
    )


def _figures(tell: Telling) -> Table:
    alarms = tell.content.alarms
    return Table(
        (
            Column(tell.say("Priority 1", "优先级 1"), is_number=True),
            Column(tell.say("Priority 2", "优先级 2"), is_number=True),
            Column(tell.say("Priority 3", "优先级 3"), is_number=True),
            Column(tell.say("Priority 4", "优先级 4"), is_number=True),
            tell.figure("All", "合计", formulas.ACTIVATIONS),
            tell.figure("Mean in 10 min", "每 10 分钟平均", formulas.RATE, width=1.3),
            tell.figure("Most in 10 min", "每 10 分钟最多", formulas.PEAK, width=1.3),
            tell.figure("In flood", "泛滥占比", formulas.IN_FLOOD),
            tell.figure("Answered after", "应答时间", formulas.ANSWERED, width=1.2),
        ),
        (
            (
                *(Number(count) for count in alarms.by_priority),
                Number(alarms.activations),
                Number(alarms.mean_per_period, 2),
                Number(alarms.most_per_period),
                Share(alarms.flood_share),
                Span(alarms.answer_s),
            ),
        ),
    )


def _most_frequent(tell: Telling) -> Table:
    alarms = tell.content.alarms
    return Table(
        (
            Column(tell.say("Alarm", "报警"), width=1.6),
            Column(tell.say("Message", "消息"), width=3.0),
            Column(tell.say("Priority", "优先级"), is_number=True, width=0.8),
            tell.figure("Times", "次数", formulas.CAME, width=0.8),
            tell.figure("Share", "占比", formulas.SHARE_OF_ALARMS, width=0.8),
            tell.figure("Active", "活动时间", formulas.ACTIVE),
        ),
        tuple(
            (
                each.alarm,
                tell.text(each.message),
                Number(each.priority),
                Number(each.activations),
                Share(each.activations / alarms.activations),
                Span(each.active_s),
            )
            for each in alarms.top
        ),
        tell.say("Most frequent", "最频繁的报警"),
    )


def _floods(tell: Telling) -> Table:
    return Table(
        (
            Column(tell.say("Flood from", "泛滥开始"), width=1.5),
            Column(tell.say("to", "结束"), width=1.5),
            Column(tell.say("Alarms", "报警数"), is_number=True),
            Column(tell.say("Most in 10 min", "每 10 分钟最多"), is_number=True),
        ),
        tuple(
            (Instant(each.start), Instant(each.end), Number(each.activations), Number(each.peak))
            for each in tell.content.alarms.floods
        ),
        tell.say("Floods", "报警泛滥"),
    )


def _standing(tell: Telling, alarms: list[StandingAlarm]) -> Table:
    columns = (
        Column(tell.say("Alarm", "报警"), width=1.6),
        Column(tell.say("Message", "消息"), width=3.0),
        Column(tell.say("Priority", "优先级"), is_number=True, width=0.8),
        Column(tell.say("State", "状态"), width=1.6),
        Column(tell.say("Since", "开始时间"), width=1.5),
    )
    rows = tuple(
        (
            each.alarm,
            tell.text(each.message),
            Number(each.priority),
            _alarm_state(tell, each),
            Instant(each.raised, has_seconds=True),
        )
        for each in alarms
    )
    return Table(columns, rows, tell.say("Standing at the end", "结束时未消除"))


def _hidden(tell: Telling, alarms: list[StandingAlarm]) -> Table:
    columns = (
        Column(tell.say("Alarm", "报警"), width=1.5),
        Column(tell.say("Message", "消息"), width=2.2),
        Column(tell.say("Priority", "优先级"), is_number=True, width=0.8),
        Column(tell.say("State", "状态"), width=1.2),
        Column(tell.say("Until", "截止"), width=1.4),
        Column(tell.say("By", "操作人"), width=1.0),
        Column(tell.say("Reason", "原因"), width=1.8),
    )
    rows = tuple(
        (
            each.alarm,
            tell.text(each.message),
            Number(each.priority),
            _alarm_state(tell, each),
            Instant(each.until),
            each.by or "–",
            each.reason or "–",
        )
        for each in alarms
    )
    return Table(columns, rows, tell.say("Hidden at the end", "结束时被隐藏"))


def _alarm_state(tell: Telling, alarm: StandingAlarm) -> str:
    return next((tell.text(text) for state, text in words.ALARM_STATES.items() if state.value == alarm.state), "")
