"""Commands about models, stops and parts through a real collector: answered, told to all, and known to a new window."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from app.model.maintenance import PlannedStop, SparePart
from app.model.model_command import ModelCommand, ModelDeed
from app.model.model_command import ModelRefusalCode as ModelCode
from app.model.provision import ProvisionCommand, ProvisionDeed
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import EventClient
from app.pubsub.frame import ActOnModel, CommandDone, Provide, ProvisionChanged
from tests.app.collector.bench import serving, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

AUTUMN = PlannedStop("autumn", LocalText("Autumn stop"), 1_795_000_000_000_000_000, 8.0)


async def answer(window: Window, command: ActOnModel | Provide) -> CommandDone:
    window.client.send(command)

    def found() -> list[CommandDone]:
        return [event for event in window.pull() if isinstance(event, CommandDone) and event.request == command.request]

    await until(lambda: bool(found()), timeout_s=30.0)
    return found()[0]


def told(window: Window) -> list[ProvisionChanged]:
    return [event for event in window.pull() if isinstance(event, ProvisionChanged)]


async def test_that_they_are_answered_told_to_every_window_and_to_one_that_comes_later(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    async with serving(lambda _: 1.0) as server:
        folder = PlantFolder(tmp_path / "plant")
        belt = SparePart("belt", LocalText("Belt"))
        write_plant(folder.configuration, replace(small_plant(server.port), stops=(AUTUMN,), spare_parts=(belt,)))
        running.append(start_collector(folder))
        (await subscribed(folder, pid=running[0].pid)).close()
        first, second = await Window.on(folder, windows), await Window.on(folder, windows)
        moved = replace(AUTUMN, hours=12.0)
        move = ProvisionCommand(ProvisionDeed.SET_STOP, moved, AUTUMN)
        assert (await answer(first, Provide(1, move, "Li", "window 1"))).done
        count = ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=4.0)
        assert (await answer(first, Provide(2, count, "Li", "window 1"))).done
        await until(lambda: bool(told(second)) and told(second)[-1].stock[0].on_hand == 4.0, timeout_s=30.0)
        assert told(second)[0].stops in {(AUTUMN,), (moved,)}, "it may have come while the stop was being moved"
        assert told(second)[-1].stops == (moved,)
        third = await Window.on(folder, windows)
        await until(lambda: bool(told(third)), timeout_s=30.0)
        assert (told(third)[0].stops, told(third)[0].stock[0].on_hand) == ((moved,), 4.0)
        promote = ActOnModel(3, ModelCommand(ModelDeed.PROMOTE, 9, reason="no worse"), "Li", "window 1")
        refused = await answer(first, promote)
        assert refused.model_refusal is not None
        assert refused.model_refusal.code is ModelCode.NO_MODEL
