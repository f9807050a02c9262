"""Handovers at a running collector: signed by both with their PINs, and sealed in the log."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

from app.audit.journal import page
from app.audit.verification import verify
from app.database import open_reader
from app.handover import store
from app.handover.store import packed
from app.model import clock
from app.model.handover import HandoverAction, HandoverCommand, HandoverRefusalCode
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import EventClient
from app.pubsub.frame import ActOnHandover, CommandDone
from app.report.reading import ReportReading
from app.report.record import record_of
from app.report.seal import handover_faults
from app.security.users import Users
from tests.app.collector.bench import serving, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

NOTE = HandoverCommand(HandoverAction.NOTE, equipment="P", text="it rattles")


async def answer(
    window: Window, request: int, command: HandoverCommand, who: str, secret: str = ""
) -> HandoverRefusalCode | None:
    """Send a command; return why it was refused, None where it was done."""
    window.client.send(ActOnHandover(request, command, who, f"window {who}", secret))

    def found() -> list[CommandDone]:
        return [event for event in window.pull() if isinstance(event, CommandDone) and event.request == request]

    await until(lambda: bool(found()))
    told = found()[-1]
    return None if told.handover_refusal is None else told.handover_refusal.code


async def test_that_a_shift_is_handed_over_by_one_and_taken_over_by_another(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        plant = small_plant(server.port)
        write_plant(folder.configuration, plant)
        users = Users(folder.users)
        for name, role, secret in (
            ("Li", Role.OPERATOR, "1111"),
            ("Wang", Role.OPERATOR, "2222"),
            ("Mo", Role.VIEWER, "3333"),
        ):
            users.add(name, role, secret)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        assert await answer(window, 1, NOTE, "Li") is HandoverRefusalCode.NOT_SIGNED_IN
        now = clock.now_ns()
        period = plant.calendar.at(now)
        assert period is not None
        record = record_of(ReportReading(folder.history, plant).read(period, now))
        over = HandoverCommand(HandoverAction.HAND_OVER, key=period.key, text="quiet", report=packed(record))
        other = HandoverCommand(HandoverAction.HAND_OVER, key="2020-01-01/early", report=packed(record))
        take = HandoverCommand(HandoverAction.TAKE_OVER, 1, text="understood")
        amend = HandoverCommand(HandoverAction.AMEND, 1, text="the other pump")
        assert await answer(window, 2, over, "Li") is HandoverRefusalCode.NO_SIGNATURE
        assert await answer(window, 3, other, "Li", "1111") is HandoverRefusalCode.OTHER_REPORT
        assert await answer(window, 4, over, "Mo", "3333") is HandoverRefusalCode.ROLE
        assert await answer(window, 5, over, "Li", "1111") is None
        assert await answer(window, 6, take, "Li", "1111") is HandoverRefusalCode.SAME_PERSON
        assert await answer(window, 7, take, "Wang", "1111") is HandoverRefusalCode.WRONG_SIGNATURE
        assert await answer(window, 8, over, "Wang", "2222") is HandoverRefusalCode.ALREADY_OVER
        assert await answer(window, 9, take, "Wang", "2222") is None
        assert await answer(window, 10, amend, "Li") is HandoverRefusalCode.NO_SIGNATURE
        assert await answer(window, 11, amend, "Li", "1111") is None
    with closing(open_reader(folder.history)) as connection:
        assert verify(connection).faults == []
        assert handover_faults(connection) == []
        handed, taken, amended = store.steps(connection)
        assert handed.handover is not None
        assert taken.handover is not None
        assert store.report_of(connection, handed.handover.report) == record
        assert (taken.handover.outgoing.name, taken.handover.outgoing.is_proven) == ("Li", True)
        assert taken.handover.incoming is not None
        assert amended.handover is not None
        assert [each.text for each in amended.handover.amendments] == ["the other pump"]
        assert (taken.handover.incoming.name, taken.handover.incoming.role) == ("Wang", Role.OPERATOR)
        lines = [line.record for line in reversed(page(connection)) if line.record is not None]
    told = [(line.action.value, line.user, line.operation) for line in lines if line.action.kind == "handover"]
    assert told == [
        ("handover.refused", "Li", "note"),
        ("handover.refused", "Li", "hand_over"),
        ("handover.refused", "Li", "hand_over"),
        ("handover.refused", "Mo", "hand_over"),
        ("handover.stepped", "Li", "hand_over"),
        ("handover.refused", "Li", "take_over"),
        ("handover.refused", "Wang", "take_over"),
        ("handover.refused", "Wang", "hand_over"),
        ("handover.stepped", "Wang", "take_over"),
        ("handover.refused", "Li", "amend"),
        ("handover.stepped", "Li", "amend"),
    ]
