"""The sections of a report about what was wrong with equipment, what was foretold, and the work on it."""

from __future__ import annotations

from app.report import words
from app.report.cell import Instant, Number
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def cases_section(tell: Telling) -> Section:
    """Return the cases, and what was foretold."""
    return Section(
        tell.say("Cases and forecasts", "案例与预测"),
        (_cases(tell), _forecasts(tell)),
        empty=tell.say("No case was open and nothing was foretold.", "无案例，无预测。"),
    )


def work_section(tell: Telling) -> Section:
    """Return the work orders."""
    columns = (
        Column(tell.say("Order", "工单"), width=1.0),
        Column(tell.say("Equipment", "设备"), width=1.8),
        Column(tell.say("Title", "名称"), width=2.8),
        Column(tell.say("State", "状态"), width=1.5),
        Column(tell.say("Requested", "申请时间"), width=1.5),
        Column(tell.say("Due", "期限"), width=1.5),
        Column(tell.say("Assignee", "负责人"), width=1.1),
    )
    rows = tuple(
        (
            f"WO-{each.number:05d}",
            tell.name(each.equipment),
            tell.text(each.title),
            tell.text(words.WORK_STATES[each.state]),
            Instant(each.requested),
            Instant(each.due),
            each.assignee or "–",
        )
        for each in tell.content.work
    )
    empty = tell.say("No work order was open.", "无未关闭的工单。")
    return Section(tell.say("Work orders", "工单"), (Table(columns, rows),), empty=empty)


def _cases(tell: Telling) -> Table:
    return Table(
        (
            Column(tell.say("Case", "案例"), is_number=True, width=0.6),
            Column(tell.say("Equipment", "设备"), width=1.8),
            Column(tell.say("Opened", "打开"), width=1.5),
            Column(tell.say("Closed", "关闭"), width=1.5),
            Column(tell.say("Cause", "原因"), width=2.2),
            Column(tell.say("Verdict", "结论"), width=1.0),
            Column(tell.say("By", "操作人"), width=1.0),
        ),
        tuple(
            (
                Number(each.number),
                tell.name(each.equipment),
                Instant(each.opened),
                Instant(each.closed),
                tell.text(each.cause) or "–",
                "–" if each.verdict is None else tell.text(words.VERDICTS[each.verdict]),
                each.by or "–",
            )
            for each in tell.content.cases
        ),
    )


def _forecasts(tell: Telling) -> Table:
    return Table(
        (
            Column(tell.say("Equipment", "设备"), width=1.8),
            Column(tell.say("What", "内容"), width=1.8),
            Column(tell.say("Told", "次数"), is_number=True, width=0.7),
            Column(tell.say("First at", "首次时间"), width=1.5),
            Column(tell.say("Last said for", "最近预测时间"), width=1.5),
            Column(tell.say("What became of it", "结果"), width=1.6),
            Column(tell.say("Came at", "发生时间"), width=1.5),
        ),
        tuple(
            (
                tell.name(each.equipment),
                f"{tell.word(words.KINDS, each.kind.value)} {each.subject}",
                Number(each.told),
                Instant(each.first),
                Instant(each.p50),
                tell.text(words.CLAIM_OUTCOMES[each.outcome]),
                Instant(each.happened),
            )
            for each in tell.content.forecasts
        ),
        tell.say("Forecasts", "预测"),
    )
