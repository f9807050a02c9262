"""Writes from a window through the running collector to real devices: every way in which they can end."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from app.collector.service import Collector
from app.model.audit import AuditAction, AuditRecord
from app.model.control import ControlState, ReasonCode
from app.model.write_rule import WriteRule
from app.plant.folder import PlantFolder
from app.pubsub.frame import Acknowledge, Cancel, CommandDone, Execute, Select, SignOff
from app.security.users import Users
from tests.app.collector.bench import start_collector, until
from tests.app.collector.writing import (
    PIN,
    RULE,
    START,
    Servers,
    Swallowed,
    Window,
    collecting,
    made_folder,
    serving,
    trail,
    writable_plant,
)

NO_VALUE = math.nan


pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Station:
    """Devices, and the folder that their collector works in."""

    servers: Servers
    folder: PlantFolder
    collector: Collector

    async def window(self, user: str = "operate") -> Window:
        return await Window.on(self.folder, user=user)

    async def begin_anew(self) -> None:
        """Let the devices hold what they held at first, and wait until the collector has read that."""
        self.servers.relay.swallowed, self.servers.relay.on_write = Swallowed.NOTHING, lambda: None
        self.servers.distort = lambda value: value
        self.servers.offer(**{name.replace(".", "_"): value for name, value in START.items()})
        read = self.collector._stages._readings.of
        await until(lambda: all(read(name).value == START[name] for name in ("P.SP", "P.RUN", "P.STEP", "P.ENG")))
        self.servers.relay.writes = 0
        self.servers.taken.clear()


@asynccontextmanager
async def station_at(
    path: Path, *, rule: WriteRule = RULE, read_only: bool = False, with_furnace: bool = False
) -> AsyncIterator[Station]:
    async with serving(with_furnace=with_furnace) as servers:
        plant = replace(writable_plant(servers.relay.port, servers.opcua_url, rule=rule), is_read_only=read_only)
        folder = made_folder(path, plant)
        async with collecting(folder, plant) as collector:
            yield Station(servers, folder, collector)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Station]:
    """One station for all tests that need no special one: its start takes longer than most of them."""
    async with station_at(tmp_path_factory.mktemp("station")) as station:
        yield station


@pytest_asyncio.fixture(loop_scope="module")
async def station(shared: Station) -> Station:
    await shared.begin_anew()
    return shared


async def deeds(station: Station, *windows: Window) -> list[AuditRecord]:
    """Return what the trail says of these windows, oldest first, once all of it is on disk."""
    await asyncio.wrap_future(station.collector._recorder.audit([]))
    labels = {window.label for window in windows}
    return [record for record in trail(station.folder) if record.window in labels]


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
    await window.until(lambda: _reports_after(window, number) >= 2)  # the collector has scanned since
    end = await window.execute("op", 6.5)
    for each in (window, other):
        each.close()
    assert station.servers.taken == [("P.ENG", 2.0)]
    assert end.state is ControlState.REFUSED
    assert end.reason is not None
    assert end.reason.code is ReasonCode.INTERLOCK


def _reports_after(window: Window, number: int) -> int:
    return sum(type(event).__name__ == "CollectorChanged" for event in window.events[number:])


def _has_reported_after(window: Window, number: int) -> bool:
    return _reports_after(window, number) >= 1


async def test_that_a_value_that_changed_since_it_was_shown_is_looked_at_again(station: Station) -> None:
    window = await station.window()
    await window.select("op", "P.SP", 6.5)
    station.servers.offer(P_SP=6.3)
    number = len(window.events)
    await window.until(lambda: _reports_after(window, number) >= 2)
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


async def test_that_signing_off_lets_go_and_that_acknowledging_bears_the_name_of_who_is_there(station: Station) -> None:
    window = await station.window("operate")
    await window.select("op", "P.SP", 6.5)
    window.client.send(Acknowledge(7, ("P.X",), (0,), "somebody else"))
    await window.until(lambda: any(isinstance(event, CommandDone) for event in window.events))
    window.client.send(SignOff())
    await window.until(lambda: window.sessions()[-1].name == "")
    assert window.records("op")[-1].state is ControlState.CANCELLED
    window.close()


async def test_that_two_windows_never_both_write_a_tag_however_they_race(station: Station) -> None:
    windows = [await station.window("operate") for _ in range(3)]
    for turn in range(5):
        value = 6.0 + 0.05 * (turn + 1)
        for number, window in enumerate(windows):
            window.client.send(Select(f"{turn}.{number}", "P.SP", value))
            window.client.send(Execute(f"{turn}.{number}", value))
        ends = [await window.end_of(f"{turn}.{number}") for number, window in enumerate(windows)]
        assert [end.state for end in ends].count(ControlState.DONE) >= 1
        number = len(windows[0].events)
        await windows[0].until(partial(_has_reported_after, windows[0], number))
    for window in windows:
        window.close()
    records = await deeds(station, *windows)
    intents = [record.operation for record in records if record.action is AuditAction.WRITE_INTENT]
    results = [record.operation for record in records if record.action is AuditAction.WRITE_RESULT]
    assert sorted(intents) == sorted(results)
    assert len(station.servers.taken) == len([r for r in records if r.action == "write.result" and r.outcome == "done"])
    under_way = 0
    for record in records:
        under_way += {AuditAction.WRITE_INTENT: 1, AuditAction.WRITE_RESULT: -1}.get(record.action, 0)
        assert under_way in {0, 1}


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
