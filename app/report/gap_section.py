"""The section of a report about the stretches of which samples are missing."""

from __future__ import annotations

from app.model.clock import NS_PER_S
from app.report import formulas, words
from app.report.cell import Instant, Number, Span
from app.report.document import Column, Section, Table
from app.report.telling import Telling


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
