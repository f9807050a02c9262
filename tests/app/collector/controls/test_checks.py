"""What must not be written is refused with its reason, at each step, and never sent."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from app.model.audit import AuditAction
from app.model.control import ControlState, ReasonCode
from app.pubsub.frame import Cancel
from app.security.users import Users
from tests.app.collector.controls.station import Station, deeds, reports_after, station_at
from tests.app.collector.writing import PIN, trail

pytestmark = pytest.mark.asyncio(loop_scope="module")


FORBIDDEN = [
    ("operate", "P.SP", 7.05, ReasonCode.OUT_OF_RANGE),
    ("operate", "P.SP", 6.52, ReasonCode.OFF_STEP),
    ("operate", "P.SP", math.inf, ReasonCode.OUT_OF_RANGE),
    ("operate", "P.ENG", 2.0, ReasonCode.ROLE),
    ("look", "P.SP", 6.5, ReasonCode.ROLE),
    ("", "P.SP", 6.5, ReasonCode.NOT_SIGNED_IN),
    ("build", "P.RO", 2.0, ReasonCode.NOT_WRITABLE),
    ("build", "P.NO", 2.0, ReasonCode.NO_TAG),
]


async def test_that_what_must_not_be_written_is_refused_with_its_reason_and_nothing_is_sent(station: Station) -> None:
    windows = {user: await station.window(user) for user in ("operate", "look", "", "build")}
    for n, (user, tag, value, code) in enumerate(FORBIDDEN):
        record = await windows[user].select(f"forbidden{n}", tag, value)
        after = await windows[user].execute(f"forbidden{n}", value)
        assert record.state is after.state is ControlState.REFUSED
        assert record.reason is not None
        assert record.reason.code is code
    for window in windows.values():
        window.close()
    assert (station.servers.relay.writes, station.servers.taken) == (0, [])
    await deeds(station)
    refused = [entry for entry in trail(station.folder) if entry.operation.startswith("forbidden")]
    assert {entry.action for entry in refused} == {AuditAction.WRITE_REFUSED}
    assert [(entry.tag, entry.new) for entry in refused[::2]] == [(tag, value) for _, tag, value, _ in FORBIDDEN]
    assert all(entry.reason for entry in refused)


@pytest.mark.parametrize(
    ("values", "code"),
    [({"P_RUN": 1.0}, ReasonCode.INTERLOCK), ({"P_STEP": 3.0}, ReasonCode.STATE)],
)
async def test_that_interlock_and_state_are_obeyed_also_when_they_change_after_the_check(
    station: Station, values: dict[str, float], code: ReasonCode
) -> None:
    window = await station.window()
    assert (await window.select("first", "P.SP", 6.5)).state is ControlState.CHECKED
    station.servers.offer(**values)
    while (refused := await window.select("second", "P.SP", 6.5)).state is ControlState.CHECKED:
        window.client.send(Cancel("second"))
    assert (await window.execute("first", 6.5)).state in {ControlState.CANCELLED, ControlState.REFUSED}
    window.close()
    assert station.servers.relay.writes == 0
    assert refused.reason is not None
    assert refused.reason.code is code


async def test_that_an_interlock_that_falls_between_check_and_execution_stops_the_write(station: Station) -> None:
    window = await station.window()
    other = await station.window("build")
    assert (await window.select("op", "P.SP", 6.5)).state is ControlState.CHECKED
    assert (await other.write("run", "P.ENG", 2.0)).state is ControlState.DONE
    station.servers.offer(P_RUN=1.0)
    number = len(window.events)
    await window.until(lambda: reports_after(window, number) >= 2)  # the collector has scanned since
    end = await window.execute("op", 6.5)
    for each in (window, other):
        each.close()
    assert station.servers.taken == [("P.ENG", 2.0)]
    assert end.state is ControlState.REFUSED
    assert end.reason is not None
    assert end.reason.code is ReasonCode.INTERLOCK


async def test_that_a_value_that_changed_since_it_was_shown_is_looked_at_again(station: Station) -> None:
    window = await station.window()
    await window.select("op", "P.SP", 6.5)
    station.servers.offer(P_SP=6.3)
    number = len(window.events)
    await window.until(lambda: reports_after(window, number) >= 2)
    end = await window.execute("op", 6.5)
    window.close()
    assert station.servers.taken == []
    assert end.reason is not None
    assert (end.reason.code, end.reason.values["value"]) == (ReasonCode.CHANGED, "6.300000191")


async def test_that_another_value_than_the_checked_one_is_not_sent(station: Station) -> None:
    window = await station.window()
    await window.select("op", "P.SP", 6.5)
    end = await window.execute("op", 6.6)
    assert station.servers.taken == []
    window.close()
    assert end.reason is not None
    assert end.reason.code is ReasonCode.NOT_CHECKED


async def test_that_a_read_only_plant_writes_nothing(tmp_path: Path) -> None:
    async with station_at(tmp_path, read_only=True) as station:
        window = await station.window("build")
        record = await window.select("op", "P.SP", 6.5)
        window.close()
    assert record.reason is not None
    assert record.reason.code is ReasonCode.READ_ONLY


async def test_that_a_device_that_is_gone_is_not_written(tmp_path: Path) -> None:
    async with station_at(tmp_path) as station:
        window = await station.window()
        await station.servers.relay.stop()
        await window.until(lambda: not window.is_plant_good)
        record = await window.select("op", "P.SP", 6.5)
        window.close()
        await station.servers.relay.start()
        assert record.reason is not None
        assert record.reason.code is ReasonCode.NOT_CONNECTED


async def test_that_the_roles_are_those_of_now_and_that_wrong_pins_are_refused_ever_longer(tmp_path: Path) -> None:
    async with station_at(tmp_path) as station:
        window = await station.window("operate")
        Users(station.folder.users).remove("operate")
        gone = await window.select("op", "P.SP", 6.5)
        answers = [await window.sign_in("build", "wrong") for _ in range(6)]
        locked = await window.sign_in("build", PIN)
        window.close()
    assert gone.reason is not None
    assert gone.reason.code is ReasonCode.NOT_SIGNED_IN
    assert [answer.reason.code for answer in answers if answer.reason] == [ReasonCode.WRONG_SIGN_IN] * 5 + [
        ReasonCode.WAIT
    ]
    assert locked.reason is not None
    assert (locked.name, locked.reason.code) == ("", ReasonCode.WAIT)
    assert PIN not in (tmp_path / "users.json").read_text(encoding="utf-8")
