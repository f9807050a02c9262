"""Dead bands that windows change while the plant runs: who may, what the trail says, and that it counts at once."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.audit import journal
from app.audit.configuration import versions
from app.database import open_reader
from app.model.alarm import AlarmState
from app.model.alarm_command import RefusalCode
from app.model.audit import AuditAction, AuditRecord
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.channel import EventClient
from app.pubsub.frame import CommandDone, ReviseAlarm, SessionChanged, SignIn
from app.security.users import Users
from tests.app.collector.bench import serving, small_folder, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

ALARM = "P.T0.H"


def seen(folder: PlantFolder) -> str:
    return sha256(folder.configuration.read_bytes()).hexdigest()


def records(folder: PlantFolder) -> list[AuditRecord]:
    with closing(open_reader(folder.history)) as connection:
        lines = [line.record for line in reversed(journal.page(connection))]
    return [line for line in lines if line is not None and line.operation == "revise"]


class Station:
    """A collector of the small plant, and a window that asks it."""

    def __init__(self, folder: PlantFolder, window: Window) -> None:
        self.folder, self.window = folder, window
        self._requests = 0

    async def sign_in(self, name: str, secret: str) -> None:
        self._requests += 1
        request = self._requests
        self.window.client.send(SignIn(request, name, secret, "window 1"))
        await until(lambda: any(isinstance(e, SessionChanged) and e.request == request for e in self.window.pull()))

    async def revise(
        self, keys: dict[str, float | None], *, reason: str = "chatters", operator: str = "", known: str = ""
    ) -> CommandDone:
        self._requests += 1
        request = self._requests
        command = ReviseAlarm(request, ALARM, keys, known or seen(self.folder), reason, operator, "window 1")
        self.window.client.send(command)

        def found() -> list[CommandDone]:
            return [e for e in self.window.pull() if isinstance(e, CommandDone) and e.request == request]

        await until(lambda: bool(found()))
        return found()[0]


async def started(folder: PlantFolder, running: list[subprocess.Popen[str]], windows: list[EventClient]) -> Station:
    running.append(start_collector(folder))
    (await subscribed(folder, pid=running[0].pid)).close()
    return Station(folder, await Window.on(folder, windows))


async def test_that_a_wider_dead_band_counts_at_once_and_the_former_one_again_when_it_is_taken_back(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    value = [80.0]
    async with serving(lambda _: value[0]) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        before = folder.configuration.read_text("utf-8")
        station = await started(folder, running, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in station.window.alarm_states())
        assert (await station.revise({"deadband": 20.0, "on_delay_s": None}, operator="Li")).done
        (alarm,) = read_plant(folder.configuration).alarms
        assert alarm.deadband == 20.0
        value[0] = 40.0  # below the limit of 50, within the dead band
        await asyncio.sleep(0.5)
        assert AlarmState.RETURNED not in station.window.alarm_states()
        assert (await station.revise({"deadband": None}, reason="too wide", operator="Li")).done
        await until(lambda: AlarmState.RETURNED in station.window.alarm_states())
        assert folder.configuration.read_text("utf-8") == before
        kept = sorted(folder.path.glob("plant-before-*.toml"))
        assert before in [path.read_text("utf-8") for path in kept]
        first, second = records(folder)
        assert {first.action, second.action} == {AuditAction.CONFIGURATION_CHANGED}
        assert (first.user, first.alarm, first.reason) == ("Li", ALARM, "chatters")
        assert "+deadband = 20" in first.detail
        assert "-deadband = 20" in second.detail
        with closing(open_reader(folder.history)) as connection:
            assert [version.is_kept for version in versions(connection)] == [True, True, True]


async def test_that_only_an_engineer_changes_alarms_in_a_plant_with_users_and_a_refusal_is_in_the_trail(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 20.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        users = Users(folder.users)
        users.add("otto", Role.OPERATOR, "2345")
        users.add("erna", Role.ENGINEER, "3456")
        before = folder.configuration.read_bytes()
        station = await started(folder, running, windows)
        assert (await station.revise({"deadband": 2.0})).refusals[0].code is RefusalCode.NOT_SIGNED_IN
        await station.sign_in("otto", "2345")
        assert (await station.revise({"deadband": 2.0})).refusals[0].code is RefusalCode.ROLE
        await station.sign_in("erna", "3456")
        assert (await station.revise({"deadband": 2.0}, reason=" ")).refusals[0].code is RefusalCode.NO_REASON
        for keys in ({"limit": 90.0}, {"deadband": -1.0}, {"on_delay_s": float("nan")}):
            assert (await station.revise(dict(keys))).refusals[0].code is RefusalCode.NOT_WRITTEN
        stale = await station.revise({"deadband": 2.0}, known="0" * 64)
        assert "another one than was shown" in stale.refusals[0].text
        assert folder.configuration.read_bytes() == before
        assert (await station.revise({"deadband": 2.0}, operator="somebody else")).done
        told = [(record.action, record.user, record.role) for record in records(folder)]
        assert told == [
            (AuditAction.ALARM_REFUSED, "", ""),
            (AuditAction.ALARM_REFUSED, "otto", "operator"),
            *[(AuditAction.ALARM_REFUSED, "erna", "engineer")] * 5,
            (AuditAction.CONFIGURATION_CHANGED, "erna", "engineer"),
        ]
