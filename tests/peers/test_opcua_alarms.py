"""The alarms of a server that is not ours: told, shown beside ours, journaled, and acknowledged there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app import database
from app.alarm.journal import page
from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.pubsub.frame import Acknowledge, AlarmsChanged, CommandDone
from tests.app.collector.writing import Window, collecting, made_folder
from tests.peers.process import peer_server

pytestmark = pytest.mark.peer

U, A, R, N = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.NORMAL


def _plant(port: int) -> Plant:
    options: dict[str, object] = {"security": "None"}
    return Plant(
        id="foreign",
        name=LocalText("Foreign"),
        equipment=(Equipment("P", LocalText("Press")),),
        connections=(ConnectionDefinition("line", "opcua", f"opc.tcp://127.0.0.1:{port}", options, alarms=True),),
        tags=(TagDefinition(0, "P.L", "P", LocalText("Level"), "line", "ns=1;s=Level", scan_ms=50),),
    )


def _alarms(window: Window) -> list[AlarmRecord]:
    window.events += window.client.poll()
    told = [event for event in window.events if isinstance(event, AlarmsChanged)]
    return [record for event in told for record in event.alarms if record.source == "line"]


def _newest(window: Window) -> dict[str, AlarmRecord]:
    return {record.alarm: record for record in _alarms(window)}


async def _until(fact: Callable[[], bool], timeout_s: float = 15.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not fact():  # noqa: ASYNC110 - another process gives no event to await
            await asyncio.sleep(0.02)


async def _acknowledge(window: Window, record: AlarmRecord, comment: str) -> CommandDone:
    window.client.send(Acknowledge(77, (record.alarm,), (record.raised,), "operate", comment))

    def answers() -> list[CommandDone]:
        window.events += window.client.poll()
        return [event for event in window.events if isinstance(event, CommandDone) and event.request == 77]

    await _until(lambda: bool(answers()))
    answer = answers()[-1]
    window.events = [event for event in window.events if event is not answer]
    return answer


async def test_that_an_alarm_of_the_server_is_shown_acknowledged_there_and_journaled(tmp_path: Path) -> None:
    async with peer_server("node-opcua", "opcua_alarms.js") as peer:
        peer.publish({"level": 85.0})  # it stands before we come: ConditionRefresh tells it
        plant = _plant(peer.port)
        folder = made_folder(tmp_path, plant)
        async with collecting(folder, plant):
            window = await Window.on(folder, user="operate")
            await _until(lambda: [record.state for record in _alarms(window)] == [U])
            shown = _alarms(window)[0]
            assert shown.alarm.endswith(";s=LevelAlarm")
            assert "state is High" in shown.message.en
            assert (shown.priority, shown.source) == (Priority.DIAGNOSTIC, "line")
            assert (await _acknowledge(window, shown, "on my way")).done
            await _until(lambda: _alarms(window)[-1].state is A)
            seen = _alarms(window)[-1]
            assert (seen.acknowledged_by, seen.comment) == ("operate", "on my way")
            assert not (await _acknowledge(window, shown, "again")).done
            peer.publish({"level": 50.0})
            await _until(lambda: _alarms(window)[-1].state is N)
            peer.publish({"level": 95.0})
            await _until(lambda: _alarms(window)[-1].state is U)
        async with collecting(folder, plant):  # what stood is there at once, and goes on
            window = await Window.on(folder, user="operate")
            await _until(lambda: _alarms(window)[-1].state is U)
            peer.publish({"level": 50.0})  # what nobody has acknowledged stays as a branch of the condition
            await _until(lambda: {record.state for record in _newest(window).values()} == {N, R})
            branch = next(record for record in _newest(window).values() if record.state is R)
            assert branch.alarm.startswith(shown.alarm)
            assert (await _acknowledge(window, branch, "")).done
            await _until(lambda: {record.state for record in _newest(window).values()} == {N})
        with closing(database.open_reader(folder.history)) as connection:
            lines = [entry.record for entry in page(connection) if entry.record.source == "line"][::-1]
        assert [line.state for line in lines if line.alarm == shown.alarm] == [U, A, N, U, A, N]
        assert [line.state for line in lines if line.alarm == branch.alarm] == [U, R, N]
        assert lines[-1].acknowledged_by == "operate"
