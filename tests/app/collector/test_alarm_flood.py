"""Ten thousand alarms at once, from the device to the journal and to a window: none may be lost."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.database import open_reader
from app.model.alarm import AlarmDefinition, AlarmState, ConditionKind, Priority
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import EventClient
from app.pubsub.frame import AlarmsChanged
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.app.collector.bench import HOST, small_plant, start_collector, subscribed, until
from tests.app.collector.test_process import Window, running, windows

__all__ = ["running", "windows"]

TAGS, ALARMS_PER_TAG = 500, 20
ALARMS = TAGS * ALARMS_PER_TAG


def flooded_folder(path: Path, port: int) -> PlantFolder:
    """Return the folder of a plant in which one step of all tags raises ten thousand alarms."""
    tags = tuple(
        TagDefinition(n, f"P.T{n}", "P", LocalText(f"T{n}"), "plc", f"HR{2 * n}:F32", low=-1e6, high=1e6, scan_ms=100)
        for n in range(TAGS)
    )
    alarms = tuple(
        AlarmDefinition(
            f"{tag.name}.H{n}",
            tag.name,
            ConditionKind.HIGH,
            50.0 + n,
            Priority.MEDIUM,
            LocalText(f"{tag.name} high {n}"),
        )
        for tag in tags
        for n in range(ALARMS_PER_TAG)
    )
    folder = PlantFolder(path)
    write_plant(folder.configuration, replace(small_plant(port), tags=tags, alarms=alarms))
    return folder


async def test_that_ten_thousand_alarms_at_once_are_all_told_and_all_journaled(
    tmp_path: Path, running: list[subprocess.Popen[str]], windows: list[EventClient]
) -> None:
    server = ModbusPublisher(HOST, 0, [ModbusPoint(f"P.T{n}", 1, f"HR{2 * n}:F32") for n in range(TAGS)])
    await server.start()
    try:
        server.publish({f"P.T{n}": 20.0 for n in range(TAGS)}, 0)
        folder = flooded_folder(tmp_path / "plant", server.port)
        running.append(start_collector(folder))
        with closing(await subscribed(folder, pid=running[0].pid)) as live:
            window = await Window.on(folder, windows)
            await until(lambda: live.stored > 5 * TAGS)
            server.publish({f"P.T{n}": 100.0 for n in range(TAGS)}, 0)

            def told() -> set[str]:
                changes = [event for event in window.pull() if isinstance(event, AlarmsChanged)]
                return {
                    record.alarm
                    for change in changes
                    for record in change.alarms
                    if record.state is AlarmState.UNACKNOWLEDGED
                }

            await until(lambda: len(told()) == ALARMS, timeout_s=30)
        running[0].terminate()
        assert await asyncio.to_thread(running[0].wait, 20) == 0
    finally:
        await server.stop()
    with closing(open_reader(folder.history)) as connection:
        (lines,) = connection.execute("SELECT count(DISTINCT alarm) FROM alarm_change WHERE tag LIKE 'P.%'").fetchone()
        (standing,) = connection.execute("SELECT count(*) FROM alarm_standing WHERE alarm LIKE 'P.%'").fetchone()
    assert (lines, standing) == (ALARMS, ALARMS)
