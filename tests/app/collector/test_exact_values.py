"""Whole numbers, states and texts of a real OPC UA server, from the device to the live border and the history."""

from __future__ import annotations

import asyncio
import signal
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
from asyncua import ua
from asyncua.server.server import Server

from app.command.free_port import free_port
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.exact import DataType
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.live import LiveSubscriber
from tests.app.collector.bench import start_collector, subscribed, until

URI = "urn:foreshift:exact"
FAR = 1 << 62
COUNT = (1 << 60) + 1
NODES = {
    "count": (COUNT, ua.VariantType.Int64, DataType.INT64, TagKind.COUNTER),
    "large": ((1 << 64) - 1, ua.VariantType.UInt64, DataType.STRING, TagKind.DISCRETE),
    "batch": ("批次 0041", ua.VariantType.String, DataType.STRING, TagKind.DISCRETE),
    "running": (True, ua.VariantType.Boolean, DataType.BOOLEAN, TagKind.DISCRETE),
    "level": (0.5, ua.VariantType.Double, DataType.FLOAT64, TagKind.ANALOG),
    "wrong": ("a text", ua.VariantType.String, DataType.INT64, TagKind.ANALOG),
}


def plant_at(url: str) -> Plant:
    tags = tuple(
        TagDefinition(
            handle, name, "P", LocalText(name), "plc", f"nsu={URI};s={name}", kind=kind, scan_ms=50, data_type=data_type
        )
        for handle, (name, (_, _, data_type, kind)) in enumerate(NODES.items())
    )
    connection = ConnectionDefinition("plc", "opcua", url)
    return Plant("exact", LocalText("Exact"), (Equipment("P", LocalText("Press")),), (connection,), tags)


def shows(live: LiveSubscriber, count: str, batch: str) -> bool:
    """Return whether these are the newest values: each is seen before the next one is written."""
    text = live.latest().text
    return (text.get(0), text.get(2)) == (count, batch)


async def test_that_every_digit_and_letter_reaches_the_live_border_and_the_history(tmp_path: Path) -> None:
    server = Server()
    await server.init()
    port = free_port(0)
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    index = await server.register_namespace(URI)
    nodes = {
        name: await server.nodes.objects.add_variable(f"ns={index};s={name}", name, ua.Variant(value, kind))
        for name, (value, kind, _, _) in NODES.items()
    }
    async with server:
        folder = PlantFolder(tmp_path / "plant")
        write_plant(folder.configuration, plant_at(f"opc.tcp://127.0.0.1:{port}"))
        process = start_collector(folder)
        try:
            live = await subscribed(folder, pid=process.pid)
            with closing(live):
                await until(lambda: bool(live.latest().time.all()) and status.good_mask(live.latest().status)[0])
                for step in (1, 2, 3):
                    await nodes["count"].write_value(COUNT + step, ua.VariantType.Int64)
                    await nodes["batch"].write_value(f"批次 {step}", ua.VariantType.String)
                    await until(partial(shows, live, str(COUNT + step), f"批次 {step}"))
                latest = live.latest()
                assert (latest.text[1], latest.text[2]) == (str((1 << 64) - 1), "批次 3")
                assert (set(latest.text), latest.text[5]) == ({0, 1, 2, 5}, "")
                assert latest.value[[3, 4]].tolist() == [1.0, 0.5]
                assert latest.status.tolist() == [0, 0, 0, 0, 0, status.BAD_TYPE_MISMATCH]
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 60) == 0
        finally:
            process.kill()
            await asyncio.to_thread(process.communicate)
    with HistoryReader(folder.history) as reader:
        found = {name: reader.exact(name, 0, FAR) for name in NODES}
    for name, (_, _, data_type, _) in NODES.items():
        assert found[name].data_type is data_type
    kept = {name: series.value[status.good_mask(series.status)].tolist() for name, series in found.items()}
    assert kept["count"] == [COUNT, COUNT + 1, COUNT + 2, COUNT + 3]
    assert kept["batch"] == ["批次 0041", "批次 1", "批次 2", "批次 3"]
    assert (kept["large"], kept["running"], kept["level"]) == ([str((1 << 64) - 1)], [True], [0.5])
    assert kept["wrong"] == []
    assert np.diff(found["batch"].time).min() > 0
    assert found["batch"].time[-1] <= clock.now_ns()
