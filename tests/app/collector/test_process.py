"""The collector as a process: what it stores, tells, survives and refuses."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Self

import numpy as np
import psutil
import pytest

from app.database import open_reader
from app.history.gap import GapReason, read_gaps
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.alarm import AlarmState
from app.model.connection import LinkState
from app.plant.folder import PlantFolder
from app.pubsub.channel import ChannelClosed, EventClient, RendezvousError, address_of, read_token
from app.pubsub.frame import Acknowledge, AlarmsChanged, CollectorChanged, CommandDone, Event
from tests.app.collector.bench import collectors, serving, small_folder, start_collector, subscribed, until

FAR = 1 << 62


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[str]]]:
    """Collectors that are killed at the end of the test, whatever happened."""
    with collectors() as processes:
        yield processes


@pytest.fixture
def windows() -> Iterator[list[EventClient]]:
    """Connections to collectors that are closed at the end of the test."""
    clients: list[EventClient] = []
    yield clients
    for client in clients:
        client.close()


class Window:
    """What a window knows: the events so far."""

    def __init__(self, client: EventClient) -> None:
        self.client = client
        self.events: list[Event] = []

    @classmethod
    async def on(cls, folder: PlantFolder, windows: list[EventClient]) -> Self:
        """Connect as soon as the collector listens."""
        async with asyncio.timeout(15):
            while True:
                with suppress(ChannelClosed, RendezvousError):
                    windows.append(EventClient.connect(address_of(folder.path), read_token(folder.token)))
                    return cls(windows[-1])
                await asyncio.sleep(0.05)

    def pull(self) -> list[Event]:
        self.events.extend(self.client.poll())
        return self.events

    def raised(self) -> int:
        """Return when the alarm was raised, as the newest news of it says."""
        changes = [event for event in self.events if isinstance(event, AlarmsChanged) and event.alarms]
        return changes[-1].alarms[0].raised

    def alarm_states(self) -> list[AlarmState]:
        changes = [event for event in self.pull() if isinstance(event, AlarmsChanged)]
        return [record.state for change in changes for record in change.alarms]


async def test_that_values_of_a_device_reach_the_border_and_the_history_through_one_collector_alone(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    async with serving(float) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        live = await subscribed(folder, pid=running[0].pid)
        with closing(live):
            await until(lambda: live.stored > 200)
            assert status.good_mask(live.latest().status).all()
        running.append(start_collector(folder))
        refused, _ = await asyncio.to_thread(running[1].communicate, timeout=30)
        assert running[1].returncode == 2
        assert str(running[0].pid) in refused
        assert "foreshift stop" in refused
        running[0].send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(running[0].wait, 10) == 0
    with HistoryReader(folder.history) as reader:
        series = reader.raw("P.T3", 0, FAR)
    good = series.value[status.good_mask(series.status)]
    assert len(good) > 15
    assert (good[1:] >= good[:-1]).all()


async def test_that_an_alarm_is_told_acknowledged_once_and_still_known_after_a_kill(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 80.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)
        await until(lambda: AlarmState.UNACKNOWLEDGED in window.alarm_states())
        raised = window.raised()
        for request in (7, 8):
            window.client.send(Acknowledge(request, ("P.T0.H",), (raised,), "L. Chen", "seen"))
        await until(lambda: sum(isinstance(event, CommandDone) for event in window.pull()) == 2)
        answers = {event.request: event for event in window.events if isinstance(event, CommandDone)}
        assert answers[7].done
        assert not answers[8].done
        assert "P.T0.H" in answers[8].reason
        assert window.alarm_states()[-1] is AlarmState.ACKNOWLEDGED
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[1].pid)).close()
        again = await Window.on(folder, windows)
        await until(lambda: bool(again.alarm_states()))
        assert again.alarm_states()[0] is AlarmState.ACKNOWLEDGED
        record = next(event.alarms[0] for event in again.events if isinstance(event, AlarmsChanged) and event.alarms)
        assert (record.acknowledged_by, record.comment, record.raised) == ("L. Chen", "seen", raised)


async def test_that_the_workers_of_a_killed_collector_end_as_well(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    async with serving(float) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        with closing(await subscribed(folder, pid=running[0].pid)) as live:
            await until(lambda: live.stored > 20)
        workers = psutil.Process(running[0].pid).children(recursive=True)
        assert workers
        workers[0].suspend()
        running[0].kill()
        await asyncio.to_thread(running[0].wait, 10)
        workers[0].resume()
        await until(lambda: not any(worker.is_running() for worker in workers))


async def test_that_an_unreachable_device_is_told_with_its_address_and_the_collector_goes_on(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    folder = small_folder(tmp_path / "plant", 1)
    running.append(start_collector(folder))
    (await subscribed(folder, pid=running[0].pid)).close()
    window = await Window.on(folder, windows)

    def reasons() -> list[str]:
        reports = [event.report for event in window.pull() if isinstance(event, CollectorChanged)]
        return [report.connections[0].reason for report in reports if report.connections[0].reason]

    await until(lambda: bool(reasons()))
    assert "127.0.0.1:1" in reasons()[-1]
    assert running[0].poll() is None


async def test_that_a_device_that_is_switched_off_is_alarmed_and_can_be_acknowledged(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        window = await Window.on(folder, windows)

        def is_told_running() -> bool:
            reports = [event.report for event in window.pull() if isinstance(event, CollectorChanged)]
            return any(report.connections[0].state is LinkState.RUNNING for report in reports)

        await until(is_told_running)
        assert window.alarm_states() == []
    await until(lambda: AlarmState.UNACKNOWLEDGED in window.alarm_states())
    (alarm,) = next(event.alarms for event in window.events if isinstance(event, AlarmsChanged) and event.alarms)
    assert (alarm.alarm, alarm.equipment) == ("station/connection/plc", "plc")
    window.client.send(Acknowledge(1, (alarm.alarm,), (alarm.raised,), "L. Chen", "switched off"))
    await until(lambda: AlarmState.ACKNOWLEDGED in window.alarm_states())


async def test_that_a_collector_whose_keeper_is_gone_stores_what_it_has_and_ends(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    async with serving(float) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        live = await subscribed(folder, pid=running[0].pid)
        with closing(live):
            await until(lambda: live.stored > 50)
            stdin = running[0].stdin
            assert stdin is not None
            stdin.close()
            assert await asyncio.to_thread(running[0].wait, 10) == 0
            assert live.stored == live.published


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a small file system needs root")
async def test_that_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = await asyncio.create_subprocess_exec("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk))
    if await mounted.wait() != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        async with serving(float) as server:
            folder = small_folder(disk / "plant", server.port)
            running.append(start_collector(folder))
            live = await subscribed(folder, pid=running[0].pid)
            with closing(live):
                await until(lambda: live.stored > 0)
                free = os.statvfs(disk)
                (disk / "ballast").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - 200_000))
                window = await Window.on(folder, windows)

                def problem() -> str:
                    reports = [event.report for event in window.pull() if isinstance(event, CollectorChanged)]
                    return reports[-1].problem if reports else ""

                await until(lambda: "disk is full" in problem(), timeout_s=40)
                assert str(folder.history) in problem()
                await asyncio.create_subprocess_exec("mount", "-o", "remount,size=96m", str(disk))
                # so small a disk stays nearly full, and that is told
                await until(lambda: "disk is full" not in problem(), timeout_s=15)
                published = live.published
                await until(lambda: live.stored >= published)
            running[0].send_signal(signal.SIGTERM)
            await asyncio.to_thread(running[0].wait, 10)
        with HistoryReader(folder.history) as reader:
            times = reader.raw("P.T0", 0, FAR).time
        assert len(times) > 20
        assert max(times[1:] - times[:-1]) < 2 * clock.NS_PER_S
    finally:
        for process in running:
            process.kill()
            process.wait()
        unmounted = await asyncio.create_subprocess_exec("umount", "-l", str(disk))
        await unmounted.wait()


async def test_that_the_time_without_a_collector_is_a_gap_in_the_history(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    async with serving(float) as server:
        folder = small_folder(tmp_path / "plant", server.port)
        for number in range(2):
            running.append(start_collector(folder))
            with closing(await subscribed(folder, pid=running[number].pid)) as live:
                await until(lambda live=live: live.stored > 50)  # type: ignore[misc]
            running[number].kill()
            await asyncio.to_thread(running[number].wait, 10)
            await asyncio.sleep(1.1)
    with closing(open_reader(folder.history)) as connection, HistoryReader(folder.history) as reader:
        (gap,) = read_gaps(connection, 0, FAR)
        assert gap.reason == GapReason.NOT_COLLECTING
        assert gap.end - gap.start > clock.NS_PER_S
        times = reader.raw("P.T0", 0, FAR).time
    assert not np.any((times >= gap.start) & (times < gap.end))
