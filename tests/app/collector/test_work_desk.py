"""Work orders at a running collector: who was first, who may, what is signed, what it asks for, and a kill."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.audit.journal import page
from app.audit.verification import verify
from app.database import open_reader, open_writer
from app.maintenance import store
from app.maintenance.desk import request_work
from app.model import clock
from app.model.alarm import AlarmState
from app.model.audit import AuditAction, AuditRecord
from app.model.maintenance import MaintenanceDefinition
from app.model.role import Role
from app.model.text import LocalText
from app.model.work_order import (
    Effect,
    Ground,
    WorkCommand,
    WorkOrder,
    WorkRefusalCode,
    WorkSource,
    WorkState,
    WorkStep,
)
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import EventClient
from app.pubsub.frame import CommandDone, RequestWork, SessionChanged, SignIn, StepWork, WorkChanged
from app.security.users import Users
from tests.app.collector.bench import serving, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

BY_HAND = request_work("P", WorkSource.HAND, "it rattles")
DAILY = MaintenanceDefinition("P.oil", "P", LocalText("Oil"), every_days=1.0, first_due="2026-01-02", renews=True)


def orders(window: Window) -> dict[int, WorkOrder]:
    """The newest version of each order that a window was told of."""
    told = [event for event in window.pull() if isinstance(event, WorkChanged)]
    return {order.id: order for event in told for order in event.orders}


async def answer(window: Window, command: RequestWork | StepWork) -> CommandDone:
    window.client.send(command)

    def found() -> list[CommandDone]:
        return [event for event in window.pull() if isinstance(event, CommandDone) and event.request == command.request]

    await until(lambda: bool(found()))
    return found()[-1]


async def go(
    window: Window, request: int, number: int, step: WorkStep, *, who: str = "Li", secret: str = "", reason: str = ""
) -> CommandDone:
    """Do a step of the newest version that the window knows."""
    start = clock.now_ns() if step is WorkStep.PLAN else 0
    command = WorkCommand(number, orders(window)[number].version, step, reason, planned_start=start)
    told = await answer(window, StepWork(request, command, who, f"window {who}", secret))
    if told.done:
        await until(lambda: orders(window)[number].version > command.seen)
    return told


def trail(folder: PlantFolder) -> list[AuditRecord]:
    with closing(open_reader(folder.history)) as connection:
        assert verify(connection).faults == []
        records = [line.record for line in reversed(page(connection))]
    return [entry for entry in records if entry is not None and entry.action.kind == "work"]


async def test_that_the_first_of_two_windows_steps_and_all_is_known_after_a_kill(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, small_plant(server.port))
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        first, second = await Window.on(folder, windows), await Window.on(folder, windows)
        told = await answer(first, RequestWork(1, BY_HAND, "Li", "window Li"))
        assert (told.done, told.work) == (True, 1)
        await until(lambda: 1 in orders(second))
        assert (await go(first, 2, 1, WorkStep.PLAN)).done
        late = WorkCommand(1, 1, WorkStep.CANCEL, "not needed")
        refused = await answer(second, StepWork(3, late, "Chen", "window Chen"))
        assert refused.work_refusal is not None
        assert (refused.work_refusal.code, refused.work_refusal.by) == (WorkRefusalCode.CHANGED, "Li")
        known = orders(first)[1]
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[1].pid)).close()
        again = await Window.on(folder, windows)
        await until(lambda: 1 in orders(again))
        assert orders(again)[1] == known
        assert (await go(again, 4, 1, WorkStep.RELEASE, who="Chen")).done
        assert (await answer(again, RequestWork(5, BY_HAND, "Li"))).work == 2
    lines = [(line.action, line.user, line.operation, line.subject, line.outcome) for line in trail(folder)]
    assert lines == [
        (AuditAction.WORK_STEPPED, "Li", "request", "WO-00001 P", "requested"),
        (AuditAction.WORK_STEPPED, "Li", "plan", "WO-00001 P", "planned"),
        (AuditAction.WORK_REFUSED, "Chen", "cancel", "WO-00001", "changed"),
        (AuditAction.WORK_STEPPED, "Chen", "release", "WO-00001 P", "released"),
        (AuditAction.WORK_STEPPED, "Li", "request", "WO-00002 P", "requested"),
    ]


async def test_that_work_is_released_by_role_and_signed_with_a_pin(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, small_plant(server.port))
        users = Users(folder.users)
        users.add("otto", Role.OPERATOR, "71940582")
        users.add("erna", Role.ENGINEER, "60318274")
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)

        async def sign_in(name: str, secret: str, request: int) -> None:
            window.client.send(SignIn(request, name, secret, "window 1"))
            await until(lambda: any(isinstance(e, SessionChanged) and e.request == request for e in window.pull()))

        async def code(request: int, step: WorkStep, secret: str = "") -> WorkRefusalCode:
            told = await go(window, request, 1, step, secret=secret)
            assert told.work_refusal is not None
            return told.work_refusal.code

        nobody = await answer(window, RequestWork(1, BY_HAND, "somebody"))
        assert nobody.work_refusal is not None
        assert nobody.work_refusal.code is WorkRefusalCode.NOT_SIGNED_IN
        await sign_in("otto", "71940582", 2)
        assert (await answer(window, RequestWork(3, BY_HAND, "somebody else"))).done
        await until(lambda: 1 in orders(window))
        assert orders(window)[1].requested_by == "otto"
        assert (await go(window, 4, 1, WorkStep.PLAN)).done
        assert await code(5, WorkStep.RELEASE) is WorkRefusalCode.ROLE
        await sign_in("erna", "60318274", 6)
        assert (await go(window, 7, 1, WorkStep.RELEASE)).done
        await sign_in("otto", "71940582", 8)
        assert (await go(window, 9, 1, WorkStep.START)).done
        assert await code(10, WorkStep.COMPLETE) is WorkRefusalCode.NO_SIGNATURE
        assert await code(11, WorkStep.COMPLETE, secret="60318274") is WorkRefusalCode.WRONG_SIGNATURE  # noqa: S106
        assert (await go(window, 12, 1, WorkStep.COMPLETE, secret="71940582")).done  # noqa: S106
        signature = orders(window)[1].signature
        assert signature is not None
        assert (signature.name, signature.role, signature.is_proven) == ("otto", "operator", True)
    assert b"71940582" not in folder.history.read_bytes()


async def test_that_the_station_asks_for_what_is_due_once_and_not_again_before_the_next_time(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        plant = replace(small_plant(server.port), maintenance=(replace(DAILY, lead_days=0.0),))
        write_plant(folder.configuration, plant)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: 1 in orders(window))
        asked = orders(window)[1]
        assert (asked.source, asked.reference, asked.title) == (WorkSource.CALENDAR, "P.oil", LocalText("Oil"))
        assert (asked.requested_by, asked.due) == ("", clock.instant_of("2026-01-02"))
        steps = (WorkStep.PLAN, WorkStep.RELEASE, WorkStep.START, WorkStep.COMPLETE)
        for request, step in enumerate(steps, 1):
            assert (await go(window, request, 1, step)).done
        with closing(open_reader(folder.history)) as connection:
            event = store.renewals(connection)["P"]
        assert event.time == orders(window)[1].completed
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[1].pid)).close()
        again = await Window.on(folder, windows)

        def judged() -> bool:
            proposal = orders(again)[1].proposal if 1 in orders(again) else None
            return proposal is not None

        await until(judged)  # a round has been made
        assert set(orders(again)) == {1}


async def test_that_an_alarm_that_comes_again_after_the_work_is_proposed_as_not_fixed(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    values = [80.0]
    async with serving(lambda _: values[0]) as server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, small_plant(server.port))
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in window.alarm_states())
        asked = request_work("P", WorkSource.ALARM, "T0 high", reference="P.T0.H")
        assert (await answer(window, RequestWork(1, asked, "Li"))).done
        twice = await answer(window, RequestWork(2, asked, "Chen"))
        assert twice.work_refusal is not None
        assert (twice.work_refusal.code, twice.work_refusal.other) == (WorkRefusalCode.DUPLICATE, 1)
        await until(lambda: 1 in orders(window))
        values[0] = 20.0
        await until(lambda: window.alarm_states()[-1] is AlarmState.RETURNED)
        for request, step in enumerate((WorkStep.PLAN, WorkStep.RELEASE, WorkStep.START, WorkStep.COMPLETE), 3):
            assert (await go(window, request, 1, step)).done
        values[0] = 80.0

        def effect() -> Effect | None:
            proposal = orders(window)[1].proposal
            return proposal.effect if proposal is not None else None

        await until(lambda: effect() is Effect.LOOKS_NOT_FIXED, timeout_s=30.0)
        order = orders(window)[1]
        assert order.proposal is not None
        assert (order.state, order.proposal.ground) == (WorkState.DONE, Ground.ALARM_AGAIN)
        assert order.completed < order.proposal.at <= clock.now_ns()
        assert (await go(window, 9, 1, WorkStep.CONFIRM_NOT_FIXED, reason="valve sticks")).done
        await until(lambda: 2 in orders(window))
        follow = orders(window)[2]
        assert (follow.source, follow.follows, follow.state) == (WorkSource.FOLLOW_UP, 1, WorkState.REQUESTED)


async def test_that_a_window_is_told_soon_when_nothing_can_be_stored_and_the_step_is_not_lost(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, small_plant(server.port))
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        with closing(open_writer(folder.history)) as other:
            other.execute("BEGIN IMMEDIATE")
            window.client.send(RequestWork(1, BY_HAND, "Li"))
            await until(lambda: any(isinstance(event, CommandDone) for event in window.pull()), timeout_s=30)
            (told,) = [event for event in window.events if isinstance(event, CommandDone)]
            assert told.work_refusal is not None
            assert (told.done, told.work_refusal.code) == (False, WorkRefusalCode.NOT_STORED)
            assert orders(window) == {}, "what is not on disk is not told"
            other.execute("ROLLBACK")
        await until(lambda: 1 in orders(window), timeout_s=30)
        with closing(open_reader(folder.history)) as connection:
            assert store.order_of(connection, 1) == orders(window)[1]
