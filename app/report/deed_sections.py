"""The sections of a report about what people did, cases, work, gaps and words."""

from __future__ import annotations

from app.model.clock import NS_PER_S
from app.report import formulas, words
from app.report.cell import Cell, Instant, Number, Span
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def deeds_section(tell: Telling) -> Section:
    """Return who did how much, and what was written, called and configured."""
    people = Table(
        (
            Column(tell.say("Who", "人员"), width=2.0),
            Column(tell.say("Writes", "写入"), is_number=True),
            Column(tell.say("Calls", "调用"), is_number=True),
            Column(tell.say("On alarms", "报警操作"), is_number=True),
            Column(tell.say("Others", "其他"), is_number=True),
            Column(tell.say("Refused", "被拒绝"), is_number=True),
        ),
        tuple(
            (
                each.user or tell.say("the station", "站点"),
                Number(each.writes),
                Number(each.calls),
                Number(each.alarms),
                Number(each.others),
                Number(each.refused),
            )
            for each in tell.content.people
        ),
    )
    deeds = Table(
        (
            Column(tell.say("Time", "时间"), width=1.5),
            Column(tell.say("Who", "人员"), width=1.2),
            Column(tell.say("What", "操作"), width=1.2),
            Column(tell.say("Of", "对象"), width=1.6),
            Column(tell.say("Before", "原值"), is_number=True, width=0.9),
            Column(tell.say("After", "新值"), is_number=True, width=0.9),
            Column(tell.say("Outcome", "结果"), width=1.0),
            Column(tell.say("Reason", "原因"), width=1.8),
        ),
        tuple(
            (
                Instant(each.time, has_seconds=True),
                each.user or tell.say("the station", "站点"),
                next(
                    (tell.text(text) for key, text in words.ACTIONS.items() if key.value == each.action),
                    each.action,
                ),
                each.subject,
                _content(each.old),
                _content(each.new),
                tell.word(words.OUTCOMES, each.outcome) if each.outcome else "–",
                each.reason or "–",
            )
            for each in tell.content.deeds
        ),
        tell.say("Writes, calls and changes", "写入、调用与更改"),
    )
    notes = (_more(tell, tell.content.more_deeds),) if tell.content.more_deeds else ()
    return Section(
        tell.say("Writes and commands", "写入与命令"),
        (people, deeds),
        notes,
        tell.say("Nobody wrote or commanded anything.", "无写入或命令。"),
    )


def cases_section(tell: Telling) -> Section:
    """Return the cases, and what was foretold."""
    cases = Table(
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
    forecasts = Table(
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
    return Section(
        tell.say("Cases and forecasts", "案例与预测"),
        (cases, forecasts),
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


def gaps_section(tell: Telling) -> Section:
    """Return the stretches of which samples are missing."""
    columns = (
        Column(tell.say("From", "开始"), width=1.5),
        Column(tell.say("To", "结束"), width=1.5),
        Column(tell.say("Lasted", "持续时间"), is_number=True),
        Column(tell.say("Tags", "位号"), width=1.2),
        Column(tell.say("Why", "原因"), width=2.4),
        tell.figure("Samples lost", "丢失样本", formulas.LOST),
    )
    rows = tuple(
        (
            Instant(each.start),
            Instant(each.end),
            Span((each.end - each.start) / NS_PER_S),
            each.tag or tell.say("all", "全部"),
            tell.word(words.GAP_REASONS, each.reason),
            Number(each.lost or None),
        )
        for each in tell.content.gaps
    )
    empty = tell.say("No data are missing.", "无数据缺失。")
    return Section(tell.say("Gaps of data", "数据缺失"), (Table(columns, rows),), empty=empty)


def comments_section(tell: Telling) -> Section:
    """Return what was said."""
    columns = (
        Column(tell.say("Time", "时间"), width=1.5),
        Column(tell.say("Who", "人员"), width=1.2),
        Column(tell.say("About", "关于"), width=1.6),
        Column(tell.say("What was said", "内容"), width=4.0),
    )
    rows = tuple(
        (Instant(each.time, has_seconds=True), each.user, each.subject, each.text) for each in tell.content.comments
    )
    notes = (_more(tell, tell.content.more_comments),) if tell.content.more_comments else ()
    empty = tell.say("Nothing was said.", "无备注。")
    return Section(tell.say("Comments", "备注"), (Table(columns, rows),), notes, empty)


def _more(tell: Telling, count: int) -> str:
    return tell.say(f"{count} earlier ones are not told here.", f"另有更早的 {count} 条未列出。")


def _content(value: float | str | None) -> Cell:
    if isinstance(value, str):
        return value
    if value is None:
        return Number(None)
    return Number(value, 0 if float(value).is_integer() else 3)
