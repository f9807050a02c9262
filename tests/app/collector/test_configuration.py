"""Another plant file while collecting: what goes on misses nothing, what is new begins, a wrong one changes nothing."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.collector.configuration_desk import _differs_by_pictures_alone
from app.database import open_reader
from app.history.gap import read_gaps
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.connection import ConnectionDefinition
from app.model.picture import Picture
from app.model.plant import Plant
from app.model.role import Role
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import ChannelClosed, EventClient, RendezvousError, address_of, read_token
from app.pubsub.frame import CollectorChanged, CommandDone, ConfigurationTaken, Event, TakeConfiguration
from app.pubsub.live import LiveSubscriber, LiveUnavailable
from app.security.users import Users
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.app.collector.bench import (
    TAGS,
    collectors,
    serving,
    small_folder,
    small_plant,
    start_collector,
    subscribed,
    until,
)

FAR = 1 << 62


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[str]]]:
    with collectors() as processes:
        yield processes


class Window:
    """A connection to the collector, and what it has told."""

    def __init__(self, folder: PlantFolder) -> None:
        self.events: list[Event] = []
        self.client = EventClient.connect(address_of(folder.path), read_token(folder.token))

    def told(self) -> list[Event]:
        with suppress(ChannelClosed):
            self.events += self.client.poll()
        return self.events

    def answer(self) -> CommandDone | None:
        return next((event for event in self.told() if isinstance(event, CommandDone)), None)


async def window_to(folder: PlantFolder) -> Window:
    async with asyncio.timeout(60):
        while True:
            with suppress(RendezvousError, ChannelClosed):
                return Window(folder)
            await asyncio.sleep(0.05)


async def asked(window: Window) -> CommandDone:
    window.client.send(TakeConfiguration(7))
    await until(lambda: window.answer() is not None)
    found = window.answer()
    assert found is not None
    return found


def with_second(plant: Plant, second: ConnectionDefinition, address: str) -> Plant:
    """Return a plant with a tag of a further device behind its own."""
    tag = TagDefinition(len(plant.tags), "P.NEW", "P", LocalText("New"), second.id, address, scan_ms=50)
    return replace(plant, connections=(*plant.connections, second), tags=(*plant.tags, tag))


@pytest.mark.parametrize("kind", ["same driver", "other driver"])
async def test_that_a_device_is_added_and_no_sample_of_the_others_is_missing(
    tmp_path: Path, running: list[subprocess.Popen[str]], kind: str
) -> None:
    async with serving(lambda turn: turn % 40) as server:
        folder = small_folder(tmp_path / "small", server.port)
        running.append(start_collector(folder))
        live = await subscribed(folder, pid=running[0].pid)
        await until(lambda: live.stored > 3 * TAGS)
        window = await window_to(folder)
        opcua = OpcUaPublisher("127.0.0.1", 0, "urn:new", [OpcUaPoint("NEW")])
        await opcua.start()
        opcua.publish({"NEW": 4.5}, 0)
        second = ConnectionDefinition("second", "modbus", f"modbus://127.0.0.1:{server.port}?unit=1")
        address = "HR2:F32"
        if kind == "other driver":
            second, address = ConnectionDefinition("second", "opcua", opcua.url), "nsu=urn:new;s=NEW"
        write_plant(folder.configuration, with_second(small_plant(server.port), second, address))
        asked_at = clock.now_ns()
        answer = await asked(window)
        assert (answer.request, answer.done, answer.reason) == (7, True, "")
        assert any(isinstance(event, ConfigurationTaken) for event in window.told())
        fresh = await _renewed(folder, TAGS + 1)
        await until(lambda: int(fresh.latest().status[TAGS]) == status.GOOD)
        assert running[0].poll() is None
        assert fresh.pid == running[0].pid
        until_then = clock.now_ns()
        await until(lambda: fresh.stored > 3 * TAGS)
        again = await window_to(folder)
        await until(lambda: _connections(again) == ["plc", "second"])
        if kind == "same driver":
            await _draw_a_picture(folder, again)
            assert fresh.pid == running[0].pid
        await opcua.stop()
        running[0].terminate()
        await asyncio.to_thread(running[0].wait, 60)
        fresh.close()
        live.close()
    with HistoryReader(folder.history) as reader:
        series = reader.raw("P.T0", asked_at, until_then)
    # every 50 ms one, whatever happened between: a turn of the collector took longer, its devices were read on
    assert not (series.status >= status.BAD).any()
    assert np.diff(series.time).max() < 0.5 * clock.NS_PER_S
    with open_reader(folder.history) as connection:
        assert read_gaps(connection, 0, FAR) == []


async def _draw_a_picture(folder: PlantFolder, window: Window) -> None:
    """Let the collector take a picture that is new: it tells so and goes on as it is."""
    (folder.path / "pictures").mkdir()
    picture = folder.path / "pictures" / "p.toml"
    picture.write_text('title = "P"\nequipment = "P"\nsize = [100, 100]\n', encoding="utf-8")
    assert (await asked(window)).done
    await until(lambda: any(isinstance(each, ConfigurationTaken) and each.is_of_pictures for each in window.told()))
    assert not any(isinstance(each, ConfigurationTaken) and not each.is_of_pictures for each in window.told())


async def test_that_values_that_do_not_change_are_known_to_the_next_configuration(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    """A subscription tells a value once; the worker that holds it is not asked again."""
    opcua = OpcUaPublisher("127.0.0.1", 0, "urn:still", [OpcUaPoint("A"), OpcUaPoint("B")])
    await opcua.start()
    opcua.publish({"A": 4.5, "B": 1.25}, 0)
    folder = PlantFolder(tmp_path / "still")
    connection = ConnectionDefinition("ua", "opcua", opcua.url)
    tags = tuple(
        TagDefinition(n, name, "P", LocalText(name), "ua", f"nsu=urn:still;s={name}") for n, name in enumerate("AB")
    )
    plant = replace(small_plant(1), connections=(connection,), tags=tags, alarms=())
    write_plant(folder.configuration, plant)
    running.append(start_collector(folder))
    live = await subscribed(folder, pid=running[0].pid)
    await until(lambda: int(live.latest().status[1]) == status.GOOD)
    window = await window_to(folder)
    silent = ConnectionDefinition("silent", "modbus", "modbus://127.0.0.1:1")
    write_plant(folder.configuration, with_second(plant, silent, "HR0"))
    assert (await asked(window)).done
    fresh = await _renewed(folder, 3)
    await until(lambda: fresh.published >= 2)
    assert fresh.latest().value[:2].tolist() == [4.5, 1.25]
    assert fresh.latest().status[:2].tolist() == [0, 0]
    fresh.close()
    live.close()
    await opcua.stop()


async def test_that_a_wrong_plant_file_is_refused_with_its_lines_and_collecting_goes_on(
    tmp_path: Path, running: list[subprocess.Popen[str]]
) -> None:
    async with serving(lambda turn: turn % 40) as server:
        folder = small_folder(tmp_path / "small", server.port)
        running.append(start_collector(folder))
        live = await subscribed(folder, pid=running[0].pid)
        window = await window_to(folder)
        text = folder.configuration.read_text("utf-8")
        folder.configuration.write_text(text.replace('connection = "plc"', 'connection = "gone"', 1), "utf-8")
        answer = await asked(window)
        assert not answer.done
        assert "goes on with the former configuration" in answer.reason
        assert "plant.toml:" in answer.reason
        assert "gone" in answer.reason
        stored = live.stored
        await until(lambda: live.stored > stored)
        assert not live.is_replaced
        live.close()


async def test_that_the_command_line_lets_the_collector_take_a_changed_file(
    tmp_path: Path, running: list[subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(lambda turn: turn % 40) as server:
        folder = small_folder(tmp_path / "small", server.port)
        assert await asyncio.to_thread(main, ["renew", str(folder.path)]) == 2
        assert "nothing collects this plant" in capsys.readouterr().err
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        await window_to(folder)
        write_plant(
            folder.configuration,
            with_second(
                small_plant(server.port), ConnectionDefinition("second", "modbus", "modbus://127.0.0.1:1"), "HR0"
            ),
        )
        assert await asyncio.to_thread(main, ["renew", str(folder.path)]) == 0
        assert f"taken, {TAGS + 1} tags from 2 connections" in capsys.readouterr().out
        (await _renewed(folder, TAGS + 1)).close()


async def test_that_only_an_engineer_changes_the_configuration_of_a_plant_with_users(
    tmp_path: Path,
    running: list[subprocess.Popen[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving(lambda turn: turn % 40) as server:
        folder = small_folder(tmp_path / "small", server.port)
        Users(folder.users).add("eve", Role.ENGINEER, "482915")
        Users(folder.users).add("op", Role.OPERATOR, "759301")
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        answer = await asked(await window_to(folder))
        assert (answer.done, answer.reason) == (False, "not done: sign in as engineer first")
        for name, pin, code in (("op", "759301", 2), ("eve", "482915", 0)):
            monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
            assert await asyncio.to_thread(main, ["renew", str(folder.path), "--user", name]) == code
        told = capsys.readouterr()
        assert "sign in as engineer first" in told.err
        assert f"taken, {TAGS} tags from 1 connections" in told.out


async def _renewed(folder: PlantFolder, tags: int) -> LiveSubscriber:
    async with asyncio.timeout(60):
        while True:
            with suppress(LiveUnavailable):  # it is about to be replaced
                live = LiveSubscriber(folder.live)
                if live.tags == tags:
                    return live
                live.close()
            await asyncio.sleep(0.05)


def _connections(window: Window) -> list[str]:
    reports = [event.report for event in window.told() if isinstance(event, CollectorChanged)]
    return [each.connection for each in reports[-1].connections] if reports else []


def test_that_a_change_of_pictures_alone_is_told_from_any_other() -> None:
    plant = small_plant(1)
    drawn = replace(plant, pictures=(Picture("p", LocalText("P"), plant.equipment[0].id, (1.0, 1.0)),))
    assert _differs_by_pictures_alone(plant, drawn)
    assert not _differs_by_pictures_alone(drawn, drawn)
    assert not _differs_by_pictures_alone(plant, replace(drawn, is_read_only=not plant.is_read_only))
