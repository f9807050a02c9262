"""Who holds a tag, and how it is let go: windows that wait, leave, forget and race."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.model.audit import AuditAction
from app.model.control import ControlRecord, ControlState, ReasonCode
from app.pubsub.frame import Acknowledge, Cancel, CommandDone, Execute, Select, SignOff
from tests.app.collector.controls.station import Station, deeds, has_reported_after, station_at
from tests.app.collector.writing import RULE

pytestmark = pytest.mark.asyncio(loop_scope="module")


NO_VALUE = math.nan


async def test_that_a_second_window_is_told_who_holds_a_tag_until_that_one_lets_go(station: Station) -> None:
    first, second = await station.window("operate"), await station.window("build")
    assert (await first.select("one", "P.SP", NO_VALUE)).state is ControlState.SELECTED
    refused = await second.select("two", "P.SP", 6.5)
    assert refused.reason is not None
    assert (refused.reason.code, refused.reason.values) == (
        ReasonCode.HELD, {"user": "operate", "window": first.label},
    )  # fmt: skip
    assert str(refused.reason) == f"operate has it selected at {first.label}"
    first.client.send(Cancel("one"))
    await second.until(lambda: second.records("one")[-1].state is ControlState.CANCELLED)
    assert (await second.write("three", "P.SP", 6.5)).state is ControlState.DONE
    for window in (first, second):
        window.close()


async def test_that_a_window_that_is_gone_lets_go_of_what_it_had_selected(station: Station) -> None:
    first, second = await station.window("operate"), await station.window("build")
    await first.select("one", "P.SP", 6.5)
    first.close()
    await second.until(lambda: any(record.state.is_final for record in second.records("one")))
    (*_, end) = second.records("one")
    assert (await second.select("two", "P.SP", 6.5)).state is ControlState.CHECKED
    second.close()
    assert end.state is ControlState.CANCELLED
    assert end.reason is not None
    assert end.reason.code is ReasonCode.WINDOW_GONE


async def test_that_a_selection_that_nobody_uses_expires(tmp_path: Path) -> None:
    async with station_at(tmp_path, rule=replace(RULE, select_s=0.3)) as station:
        window = await station.window()
        await window.select("op", "P.SP", 6.5)
        end = await window.end_of("op")
        late = await window.execute("op", 6.5)
        window.close()
        assert station.servers.taken == []
    assert (end.state, late.state) == (ControlState.EXPIRED, ControlState.REFUSED)


async def test_that_signing_off_lets_go_and_that_acknowledging_bears_the_name_of_who_is_there(station: Station) -> None:
    window = await station.window("operate")
    await window.select("op", "P.SP", 6.5)
    window.client.send(Acknowledge(7, ("P.X",), (0,), "somebody else"))
    await window.until(lambda: any(isinstance(event, CommandDone) for event in window.events))
    window.client.send(SignOff())
    await window.until(lambda: window.sessions()[-1].name == "")
    assert window.records("op")[-1].state is ControlState.CANCELLED
    window.close()


def _codes(ends: list[ControlRecord]) -> set[ReasonCode]:
    return {end.reason.code for end in ends if end.reason is not None}


async def test_that_two_windows_never_both_write_a_tag_however_they_race(station: Station) -> None:
    windows = [await station.window("operate") for _ in range(3)]
    for turn in range(5):
        value = 6.0 + 0.05 * (turn + 1)
        for number, window in enumerate(windows):
            window.client.send(Select(f"{turn}.{number}", "P.SP", value))
            window.client.send(Execute(f"{turn}.{number}", value))
        ends = [await window.end_of(f"{turn}.{number}") for number, window in enumerate(windows)]
        # refused as well where the value of the turn before is read between select and execute
        assert ControlState.DONE in [end.state for end in ends] or ReasonCode.CHANGED in _codes(ends)
        number = len(windows[0].events)
        await windows[0].until(partial(has_reported_after, windows[0], number))
    for window in windows:
        window.close()
    records = await deeds(station, *windows)
    intents = [record.operation for record in records if record.action is AuditAction.WRITE_INTENT]
    results = [record.operation for record in records if record.action is AuditAction.WRITE_RESULT]
    assert intents
    assert sorted(intents) == sorted(results)
    assert len(station.servers.taken) == len([r for r in records if r.action == "write.result" and r.outcome == "done"])
    under_way = 0
    for record in records:
        under_way += {AuditAction.WRITE_INTENT: 1, AuditAction.WRITE_RESULT: -1}.get(record.action, 0)
        assert under_way in {0, 1}
