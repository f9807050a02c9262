"""What the last shift has left on the desk of the demo plant: an open point, and a handover that nobody took over."""

from __future__ import annotations

from contextlib import closing

from app.audit.journal import AuditJournal
from app.collector.handover_log import write_handover
from app.database import open_writer
from app.handover.desk import HandoverDesk, HandoverStep
from app.handover.store import HandoverStore, digest_of, packed
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.handover import HandoverAction, HandoverCommand
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.report.reading import ReportReading
from app.report.record import record_of

OUTGOING = Actor("demo", "operator", Role.OPERATOR)
"""Who has left is the operator that the demo plant has; who comes, the engineer or anybody, finds it waiting."""
POINT = (
    "Look at the suction strainer of PU02 on each round: its pressure loss has begun to rise. / "
    "每次巡检查看 PU02 吸入滤网：压差开始上升。"
)
REMARK = "A quiet shift. The station was off: nothing was collected. / 本班平稳。本站未运行：未采集数据。"


def leave_handover(folder: PlantFolder) -> None:
    """Write the end of the last shift into the new file of a demo plant, before its collector has begun.

    Raise DatabaseError.
    """
    plant, now = read_plant(folder.configuration), clock.now_ns()
    shift = plant.calendar.last_ended(now)
    if shift is None:
        return
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        HandoverStore(connection)
        HistoryWriter(connection, plant.tags, is_defining=True)
        record = record_of(ReportReading(folder.history, plant).read(shift, now))
        desk = HandoverDesk(plant.calendar, [each.id for each in plant.equipment])
        commands = (
            HandoverCommand(HandoverAction.NOTE, equipment="PU02", priority=Priority.MEDIUM, text=POINT),
            HandoverCommand(HandoverAction.HAND_OVER, key=shift.key, text=REMARK),
        )
        for command in commands:
            step = desk.do(command, OUTGOING, now, digest=digest_of(record))
            if isinstance(step, HandoverStep):
                is_report = command.action is HandoverAction.HAND_OVER
                write_handover(connection, journal, step, packed(record) if is_report else b"")
