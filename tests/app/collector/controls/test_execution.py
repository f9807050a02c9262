"""A confirmed write on its way to real devices and back: every way in which it can end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.model.audit import AuditAction
from app.model.control import ControlState, ReasonCode
from app.pubsub.frame import Execute
from tests.app.collector.bench import start_collector
from tests.app.collector.controls.station import Station, deeds, station_at
from tests.app.collector.writing import RULE, Swallowed, Window, collecting, made_folder, serving, trail, writable_plant

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_that_a_write_reaches_the_device_and_is_read_back_and_audited_before_and_after(station: Station) -> None:
    window = await station.window()
    checked = await window.select("op1", "P.SP", 6.5)
    assert (checked.state, checked.old, checked.new, checked.user) == (ControlState.CHECKED, 6.0, 6.5, "operate")
    end = await window.execute("op1", 6.5)
    states = [record.state for record in window.records("op1")]
    window.close()
    assert station.servers.taken == [("P.SP", 6.5)]
    assert (end.state, end.read, end.reason) == (ControlState.DONE, 6.5, None)
    assert states == ["checked", "confirmed", "executing", "verifying", "done"]
    sign_in, intent, result, *_ = await deeds(station, window)
    assert (sign_in.action, sign_in.user) == (AuditAction.SIGN_IN, "operate")
    assert (intent.action, intent.user, intent.role, intent.window) == (
    AuditAction.WRITE_INTENT, "operate", "operator", window.label,
    )  # fmt: skip
    assert (intent.tag, intent.old, intent.new) == ("P.SP", 6.0, 6.5)
    assert (result.action, result.operation, result.outcome, result.read) == ("write.result", "op1", "done", 6.5)


async def test_that_a_write_reaches_an_opc_ua_server(tmp_path: Path) -> None:
    async with station_at(tmp_path, with_furnace=True) as station:
        window = await station.window()
        end = await window.write("op", "F.SP", 0.0)
        window.close()
        assert station.servers.taken == [("F.SP", 0.0)]
    assert (end.state, end.read) == (ControlState.DONE, 0.0)


async def test_that_the_intent_is_on_disk_before_anything_is_sent(station: Station) -> None:
    seen: list[list[str]] = []
    window = await station.window()

    def note() -> None:
        seen.append([record.action for record in trail(station.folder) if record.window == window.label])

    station.servers.relay.on_write = note
    await window.write("op", "P.SP", 6.5)
    window.close()
    assert seen == [["sign_in", "write.intent"]]


async def test_that_a_device_that_takes_the_value_without_an_answer_is_read_back_and_not_written_again(
    tmp_path: Path,
) -> None:
    async with station_at(tmp_path) as station:
        window = await station.window()
        station.servers.relay.swallowed = Swallowed.ANSWERS
        end = await window.write("op", "P.SP", 6.5)
        window.close()
        assert (station.servers.relay.writes, station.servers.taken) == (1, [("P.SP", 6.5)])
        assert (end.state, end.read) == (ControlState.DONE, 6.5)
        assert end.reason is not None
        assert end.reason.code is ReasonCode.ANSWER_LATE


async def test_that_a_device_that_neither_answers_nor_takes_the_value_leaves_it_unknown_and_is_not_asked_again(
    tmp_path: Path,
) -> None:
    async with station_at(tmp_path) as station:
        window = await station.window()
        station.servers.relay.swallowed = Swallowed.REQUESTS
        end = await window.write("op", "P.SP", 6.5)
        window.close()
        assert (station.servers.relay.writes, station.servers.taken) == (1, [])
        assert (end.state, end.read) == (ControlState.UNKNOWN, 6.0)
        assert end.reason is not None
        assert end.reason.code is ReasonCode.NOT_TAKEN
        assert [record.outcome for record in await deeds(station, window) if record.action == "write.result"] == [
            "unknown"
        ]


async def test_that_a_device_that_stores_another_value_fails_the_verification(station: Station) -> None:
    window = await station.window()
    station.servers.distort = lambda value: 5.75
    end = await window.write("op", "P.SP", 6.5)
    window.close()
    assert (end.state, end.read) == (ControlState.FAILED, 5.75)
    assert str(end.reason) == "it was written, but the device reads 5.75"


async def test_that_a_collector_killed_between_intent_and_result_says_at_its_next_start_that_it_is_not_known(
    tmp_path: Path,
) -> None:
    async with serving() as servers:
        plant = writable_plant(servers.relay.port, rule=replace(RULE, read_back_s=30.0))
        folder = made_folder(tmp_path, plant)
        process = start_collector(folder)
        try:
            window = await Window.on(folder, user="operate")
            servers.relay.swallowed = Swallowed.ANSWERS
            servers.distort = lambda value: 5.75
            await window.select("op", "P.SP", 6.5)
            window.client.send(Execute("op", 6.5))
            await window.until(lambda: window.records("op")[-1].state is ControlState.VERIFYING)
        finally:
            process.kill()
            await asyncio.to_thread(process.communicate)
        window.close()
        deeds = [record.action for record in trail(folder) if record.action != "configuration.changed"]
        assert deeds == ["sign_in", "write.intent"]
        async with collecting(folder, plant):
            later = await Window.on(folder)
            (told,) = later.records("op")
            later.close()
    assert (told.state, told.tag, told.user, told.old, told.new) == (ControlState.UNKNOWN, "P.SP", "operate", 6.0, 6.5)
    assert told.reason is not None
    assert told.reason.code is ReasonCode.COLLECTOR_ENDED
    last = trail(folder)[-1]
    assert (last.action, last.operation, last.outcome) == ("write.result", "op", "unknown")
    assert servers.relay.writes == 1
