"""What windows do to alarms of a running collector: who was first, who may, and what the trail says of it."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import closing
from pathlib import Path

from app.audit import journal
from app.database import open_reader, open_writer
from app.model import clock
from app.model.alarm import AlarmState
from app.model.alarm_command import AlarmAction, AlarmCommand, RefusalCode
from app.model.audit import AuditAction, AuditRecord
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.pubsub.channel import EventClient
from app.pubsub.frame import ActOnAlarms, AlarmsChanged, CommandDone, SessionChanged, SignIn
from app.security.users import Users
from tests.app.collector.bench import serving, small_folder, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

ALARM = "P.T0.H"
DESK = frozenset({AuditAction.ALARM_INTENT, AuditAction.ALARM_REFUSED})
"""What the desk itself puts into the trail, beside the lines of the alarm journal."""


def answers(window: Window) -> list[CommandDone]:
    return [event for event in window.pull() if isinstance(event, CommandDone)]


def act(window: Window, request: int, action: AlarmAction, name: str, *, until_ns: int = 0) -> None:
    command = AlarmCommand(action, (ALARM,), (), f"said by {name}", until_ns)
    window.client.send(ActOnAlarms(request, command, name, f"window {name}"))


def trail(folder: PlantFolder) -> list[AuditRecord]:
    """Return what was said of alarms; what became of them is in the journal, of which the trail has digests."""
    with closing(open_reader(folder.history)) as connection:
        records = [line.record for line in reversed(journal.page(connection))]
    return [entry for entry in records if entry is not None and entry.action.kind != "log" and not entry.line]


async def test_that_of_two_windows_the_first_shelves_and_the_second_is_told_by_whom_and_when(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        first, second = await Window.on(folder, windows), await Window.on(folder, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in second.alarm_states())
        before = clock.now_ns()
        act(first, 1, AlarmAction.SHELVE, "Li")
        act(second, 2, AlarmAction.SHELVE, "Chen")
        await until(lambda: bool(answers(first)) and bool(answers(second)))
        done, refused = sorted([*answers(first), *answers(second)], key=lambda answer: not answer.done)
        winner, loser = ("Li", "Chen") if answers(first)[0].done else ("Chen", "Li")
        assert done.done
        (why,) = refused.refusals
        assert (why.code, why.by) == (RefusalCode.ALREADY, winner)
        assert before <= why.at <= clock.now_ns()
        assert AlarmState.SHELVED in first.alarm_states()
        assert AlarmState.SHELVED in second.alarm_states()
        told = [
            (line.action, line.user, line.alarm, line.operation, line.window)
            for line in trail(folder)
            if line.action in DESK
        ]
        assert sorted(told[:2]) == [
            (AuditAction.ALARM_INTENT, name, ALARM, "shelve", f"window {name}") for name in ("Chen", "Li")
        ]
        assert told[2:] == [(AuditAction.ALARM_REFUSED, loser, ALARM, "shelve", f"window {loser}")]
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[1].pid)).close()
        again = await Window.on(folder, windows)
        await until(lambda: bool(again.alarm_states()))
        record = next(event.alarms[0] for event in again.events if isinstance(event, AlarmsChanged) and event.alarms)
        assert (record.state, record.course) == (AlarmState.SHELVED, AlarmState.UNACKNOWLEDGED)
        assert record.shelf is not None
        assert (record.shelf.by, record.shelf.reason) == (winner, f"said by {winner}")


async def test_that_in_a_plant_with_users_only_roles_act_and_each_refusal_is_in_the_trail(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        users = Users(folder.users)
        users.add("vera", Role.VIEWER, "1234")
        users.add("otto", Role.OPERATOR, "2345")
        users.add("erna", Role.ENGINEER, "3456")
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in window.alarm_states())

        async def told(action: AlarmAction, request: int) -> CommandDone:
            act(window, request, action, "somebody")
            await until(lambda: any(answer.request == request for answer in answers(window)))
            return answers(window)[-1]

        async def sign_in(name: str, secret: str, request: int) -> None:
            window.client.send(SignIn(request, name, secret, "window 1"))
            await until(lambda: any(isinstance(e, SessionChanged) and e.request == request for e in window.pull()))

        assert (await told(AlarmAction.SHELVE, 1)).refusals[0].code is RefusalCode.NOT_SIGNED_IN
        await sign_in("vera", "1234", 2)
        assert (await told(AlarmAction.SHELVE, 3)).refusals[0].code is RefusalCode.ROLE
        await sign_in("otto", "2345", 4)
        assert (await told(AlarmAction.SHELVE, 5)).done
        assert (await told(AlarmAction.REMOVE_FROM_SERVICE, 6)).refusals[0].code is RefusalCode.ROLE
        await sign_in("erna", "3456", 7)
        assert (await told(AlarmAction.REMOVE_FROM_SERVICE, 8)).done
        told_of = [(line.action, line.user, line.operation) for line in trail(folder) if line.action in DESK]
        assert told_of == [
            (AuditAction.ALARM_REFUSED, "somebody", "shelve"),
            (AuditAction.ALARM_REFUSED, "vera", "shelve"),
            (AuditAction.ALARM_INTENT, "otto", "shelve"),
            (AuditAction.ALARM_REFUSED, "otto", "remove_from_service"),
            (AuditAction.ALARM_INTENT, "erna", "remove_from_service"),
        ]


async def test_that_a_window_is_told_soon_when_nothing_can_be_stored_and_nothing_is_done(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    """A disk that is full or a file that another program holds: what is not in the trail first is not done."""
    async with serving(lambda _: 80.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in window.alarm_states())
        with closing(open_writer(folder.history)) as other:
            other.execute("BEGIN IMMEDIATE")
            act(window, 1, AlarmAction.SHELVE, "Li")
            await until(lambda: bool(answers(window)), timeout_s=30)
            (refused,) = answers(window)
            assert not refused.done
            assert refused.refusals[0].code is RefusalCode.NOT_STORED
            assert AlarmState.SHELVED not in window.alarm_states()
            other.execute("ROLLBACK")

        for request in range(2, 200):  # the collector opens the file anew within a second or two
            act(window, request, AlarmAction.SHELVE, "Li")
            await until(lambda request=request: len(answers(window)) == request)  # type: ignore[misc]
            if answers(window)[-1].done:
                break
            await asyncio.sleep(0.1)
        await until(lambda: AlarmState.SHELVED in window.alarm_states())
        await until(lambda: any(line.action is AuditAction.ALARM_REFUSED for line in trail(folder)))
        first = next(line for line in trail(folder) if line.action in DESK)
        assert first.action is AuditAction.ALARM_INTENT, "what was wanted is in the trail, although it was not done"
