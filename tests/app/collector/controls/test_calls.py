"""Methods of an OPC UA server, called through a plant: checked, confirmed, sent once, answered, audited."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.collector.service import Collector
from app.model import status
from app.model.audit import AuditAction, AuditRecord
from app.model.connection import LinkState
from app.model.content import Content
from app.model.control import ControlState, ReasonCode
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import Call
from tests.app.collector.bench import start_collector
from tests.app.collector.press import BIG, Press, pressing, pressing_folder
from tests.app.collector.writing import Window, collecting, trail

pytestmark = pytest.mark.asyncio(loop_scope="module")

Station = tuple[Press, PlantFolder, Collector]
GOOD: tuple[Content, ...] = (6.5, BIG, 1.0, "Ä铝")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Station]:
    """The press, and a collector that has read it."""
    async with pressing() as press:
        folder = pressing_folder(tmp_path_factory.mktemp("press"), press)
        async with collecting(folder, read_plant(folder.configuration)) as collector:
            yield press, folder, collector


@pytest_asyncio.fixture(loop_scope="module")
async def station(shared: Station) -> Station:
    shared[0].calls.clear()
    return shared


async def kept(station: Station, operation: str) -> list[AuditRecord]:
    _, folder, collector = station
    await asyncio.wrap_future(collector._recorder.audit([]))
    return [record for record in trail(folder) if record.operation == operation]


async def test_that_a_method_is_called_with_its_arguments_and_its_answer_is_told_and_audited(station: Station) -> None:
    press, folder, _ = station
    window = await Window.on(folder, user="operate")
    assert (await window.select_method("move", "Move")).state is ControlState.SELECTED
    checked = await window.select_method("move", "Move", GOOD)
    assert (checked.state, checked.arguments, press.calls) == (ControlState.CHECKED, GOOD, [])
    end = await window.call("move", "Move", *GOOD)
    window.close()
    assert press.calls == [("Move", 6.5, BIG, True, "Ä铝")]
    assert (end.state, end.outputs, end.code) == (ControlState.DONE, ("6.375", str(BIG)), status.GOOD)
    intent, result = await kept(station, "move")
    assert (intent.action, intent.user, intent.role, intent.subject) == (
        AuditAction.METHOD_INTENT, "operate", "operator", "Move",
    )  # fmt: skip
    assert intent.detail.splitlines() == ["Target = 6.5", f"Parts = {BIG}", "Fast = 1", 'Name = "Ä铝"']
    assert (result.action, result.outcome) == (AuditAction.METHOD_RESULT, "done")
    assert result.detail.splitlines()[4:] == ["StatusCode = Good", "output 1 = 6.375", f"output 2 = {BIG}"]


FORBIDDEN: list[tuple[str, str, tuple[Content, ...], ReasonCode, str]] = [
    ("operate", "Move", (101.0, *GOOD[1:]), ReasonCode.OUT_OF_RANGE, "Target"),
    ("operate", "Move", (6.4, *GOOD[1:]), ReasonCode.OFF_STEP, "Target"),
    ("operate", "Move", (6.5, -1, *GOOD[2:]), ReasonCode.OUT_OF_RANGE, "Parts"),
    ("operate", "Move", (*GOOD[:3], "nine char"), ReasonCode.TOO_LONG, "Name"),
    ("operate", "Move", ("6", *GOOD[1:]), ReasonCode.NOT_OF_TYPE, "Target"),
    ("operate", "Move", (6.5,), ReasonCode.ARGUMENTS, ""),
    ("look", "Move", GOOD, ReasonCode.ROLE, ""),
    ("", "Move", GOOD, ReasonCode.NOT_SIGNED_IN, ""),
    ("operate", "Reset", (), ReasonCode.ROLE, ""),
    ("build", "Drain", (), ReasonCode.NOT_ENABLED, ""),
    ("build", "Nothing", (), ReasonCode.NO_METHOD, ""),
]


async def test_that_what_must_not_be_called_is_refused_with_its_reason_and_nothing_is_sent(station: Station) -> None:
    press, folder, _ = station
    windows = {user: await Window.on(folder, user=user) for user in ("operate", "look", "", "build")}
    for place, (user, method, arguments, code, argument) in enumerate(FORBIDDEN):
        record = await windows[user].call(f"no{place}", method, *arguments)
        assert record.state is ControlState.REFUSED
        assert record.reason is not None
        assert (record.reason.code, record.reason.values.get("argument", "")) == (code, argument)
        (refused,) = await kept(station, f"no{place}")
        assert (refused.action, refused.subject) == (AuditAction.METHOD_REFUSED, method)
        assert len(refused.detail.splitlines()) == len(arguments)
    for window in windows.values():
        window.close()
    assert press.calls == []


async def test_that_an_interlock_is_obeyed_also_when_it_falls_after_the_check(station: Station) -> None:
    press, folder, collector = station
    window = await Window.on(folder, user="operate")
    assert (await window.select_method("late", "Move", GOOD)).state is ControlState.CHECKED
    await press.nodes["VALVE"].write_value(True)
    await window.until(lambda: collector._stages._readings.of("U.VALVE").value == 1.0)
    window.client.send(Call("late", GOOD))
    end = await window.end_of("late")
    await press.nodes["VALVE"].write_value(False)
    await window.until(lambda: collector._stages._readings.of("U.VALVE").value == 0.0)
    window.close()
    assert end.reason is not None
    assert (end.reason.code, press.calls) == (ReasonCode.INTERLOCK, [])


async def test_that_other_arguments_than_the_checked_ones_are_not_sent_and_a_method_has_one_holder(
    station: Station,
) -> None:
    press, folder, _ = station
    first, second = await Window.on(folder, user="operate"), await Window.on(folder, user="build")
    await first.select_method("one", "Move", GOOD)
    held = await second.select_method("two", "Move", GOOD)
    first.client.send(Call("one", (7.0, *GOOD[1:])))
    end = await first.end_of("one")
    for window in (first, second):
        window.close()
    assert held.reason is not None
    assert end.reason is not None
    assert (held.reason.code, end.reason.code) == (ReasonCode.HELD, ReasonCode.NOT_CHECKED)
    assert press.calls == []


async def test_that_a_refusal_of_the_device_is_told_with_its_status_code(station: Station) -> None:
    press, folder, _ = station
    window = await Window.on(folder, user="build")
    end = await window.call("reset", "Reset")
    absent = await window.call("absent", "Absent")
    window.close()
    assert (end.state, end.code, press.calls) == (ControlState.FAILED, status.BAD_OUT_OF_SERVICE, [("Reset",)])
    assert "not done: BadOutOfService" in str(end.reason)
    assert absent.state is ControlState.FAILED
    assert 'has no method "Absent"; it has Drain, Halt, Move, Reset, Slow' in str(absent.reason)


async def test_that_a_call_without_an_answer_is_not_known_and_is_not_repeated(station: Station) -> None:
    press, folder, _ = station
    window = await Window.on(folder, user="operate")
    end = await window.call("slow", "Slow")
    press.released.set()
    window.close()
    assert end.state is ControlState.UNKNOWN
    assert end.reason is not None
    assert (end.reason.code, press.calls) == (ReasonCode.CALL_NOT_ANSWERED, [("Slow",)])
    *_, result = await kept(station, "slow")
    assert (result.action, result.outcome) == (AuditAction.METHOD_RESULT, "unknown")


async def test_that_a_method_may_take_longer_than_other_requests_where_its_time_allows_it(station: Station) -> None:
    _, folder, _ = station
    window = await Window.on(folder, user="operate")
    end = await window.call("halt", "Halt")  # takes 2 s; other requests have timeout_ms = 1000
    window.close()
    assert end.state is ControlState.DONE


async def test_that_a_collector_killed_during_a_call_says_at_its_next_start_that_it_is_not_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with pressing() as press:
        folder = pressing_folder(tmp_path_factory.mktemp("killed"), press)
        process = start_collector(folder)
        press.halt = process.kill
        try:
            window = await Window.on(folder, user="operate")
            await window.select_method("halt", "Halt", ())
            window.client.send(Call("halt", ()))
            await asyncio.to_thread(process.wait, 15)
        finally:
            process.kill()
            await asyncio.to_thread(process.communicate)
        window.close()
        async with collecting(folder, read_plant(folder.configuration)):
            later = await Window.on(folder)
            (told,) = later.records("halt")
            later.close()
    assert press.calls == [("Halt",)]
    assert (told.state, told.method, told.user) == (ControlState.UNKNOWN, "Halt", "operate")
    last = trail(folder)[-1]
    assert (last.action, last.operation, last.subject, last.outcome) == ("method.result", "halt", "Halt", "unknown")


async def test_that_a_call_whose_worker_process_dies_is_not_known_and_is_not_repeated(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with pressing() as press:
        folder = pressing_folder(tmp_path_factory.mktemp("worker"), press)
        async with collecting(folder, read_plant(folder.configuration)) as collector:
            window = await Window.on(folder, user="operate")
            (worker,) = collector.acquisition._groups["opcua"].pids
            press.halt = lambda: os.kill(worker, signal.SIGKILL)
            end = await window.call("halt", "Halt")
            await window.until(lambda: collector.acquisition.lost_workers == 1)
            await window.until(lambda: collector.acquisition.state("press") is LinkState.RUNNING)
            window.close()
    assert (end.state, press.calls) == (ControlState.UNKNOWN, [("Halt",)])
    assert end.reason is not None
    assert end.reason.code is ReasonCode.CALL_NOT_ANSWERED
