"""The section of a report about its handover: what was said, and the points that are carried on."""

from __future__ import annotations

from app.model.work_order import Signature
from app.report.cell import Cell, Instant, Number
from app.report.document import Column, Section, Table
from app.report.telling import Telling


def handover_section(tell: Telling) -> Section:
    """Return what the next shift has to know."""
    handover = tell.handover
    points = tell.points if handover is None else handover.points
    columns = (
        Column(tell.say("No.", "编号"), is_number=True, width=0.5),
        Column(tell.say("Priority", "优先级"), is_number=True, width=0.95),
        Column(tell.say("Equipment", "设备"), width=1.6),
        Column(tell.say("Open point", "未结事项"), width=4.0),
        Column(tell.say("Since", "开始时间"), width=1.5),
        Column(tell.say("By", "记录人"), width=1.2),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Number(point.number),
            Number(int(point.priority)),
            tell.name(point.equipment) if point.equipment else tell.say("the plant", "全厂"),
            point.text,
            Instant(point.written),
            point.by,
        )
        for point in points
    )
    said = [] if handover is None else [handover.remark, handover.answer]
    labels = (tell.say("Handing over: ", "交班说明："), tell.say("Taking over: ", "接班说明："))
    notes = tuple(label + text for label, text in zip(labels, said, strict=False) if text)
    urgent = frozenset(place for place, point in enumerate(points) if point.priority <= 2)
    empty = tell.say("No point is open.", "无未结事项。")
    tables = (Table(columns, rows, marked=urgent), _amendments(tell))
    return Section(tell.say("Handover", "交接班"), tables, notes, empty)


def _amendments(tell: Telling) -> Table:
    """Return what was corrected or added after the handover was signed."""
    columns = (
        Column(tell.say("At", "时间"), width=1.5),
        Column(tell.say("By", "人员"), width=1.2),
        Column(tell.say("What was corrected or added", "更正或补充"), width=5.0),
    )
    rows = tuple(
        (Instant(each.signature.time), each.signature.name, each.text)
        for each in (() if tell.handover is None else tell.handover.amendments)
    )
    return Table(columns, rows, tell.say("Amended after it was signed", "签名后的更正"))


def signed(tell: Telling, label: str, signature: Signature | None) -> str:
    """Return what stands below a line to be signed: who has signed it, where somebody has."""
    if signature is None:
        return label
    how = tell.say("with PIN", "PIN 签名") if signature.is_proven else tell.say("without PIN", "无 PIN")
    return f"{label}: {signature.name}, {tell.clock(signature.time)} ({how})"
