"""The sections of a report about what people did and said."""

from __future__ import annotations

from app.report import words
from app.report.cell import Cell, Instant, Number
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def deeds_section(tell: Telling) -> Section:
    """Return who did how much, and what was written, called and configured."""
    return Section(
        tell.say("Writes and commands", "写入与命令"),
        (_people(tell), _deeds(tell)),
        (_more(tell, tell.content.more_deeds),) if tell.content.more_deeds else (),
        tell.say("Nobody wrote or commanded anything.", "无写入或命令。"),
    )


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


def _people(tell: Telling) -> Table:
    return Table(
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
                tell.word(words.ACTORS, each.user),
                Number(each.writes),
                Number(each.calls),
                Number(each.alarms),
                Number(each.others),
                Number(each.refused),
            )
            for each in tell.content.people
        ),
    )


def _deeds(tell: Telling) -> Table:
    return Table(
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
                tell.word(words.ACTORS, each.user),
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


def _more(tell: Telling, count: int) -> str:
    return tell.say(f"{count} earlier ones are not told here.", f"另有更早的 {count} 条未列出。")


def _content(value: float | str | None) -> Cell:
    if isinstance(value, str):
        return value
    if value is None:
        return Number(None)
    return Number(value, 0 if float(value).is_integer() else 3)
