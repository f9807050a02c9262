"""One turn of a benchmark beside the same servers: our collector, with its window or without, or the peer's loop."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.command.free_port import free_port
from app.history.reader import HistoryReader
from app.model import clock
from app.model.series import Series
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.live import LiveSubscriber, LiveUnavailable
from app.supervisor import own_command
from tests.benchmarks.child import Child, module
from tests.benchmarks.delay import Seconds, delays
from tests.benchmarks.offered import modbus_name, offered_plant, opcua_name
from tests.benchmarks.station_run import Kept, Reading, Run, left_out_scans, lost_changes

WATCHED = (modbus_name(0), modbus_name(1), opcua_name(0), opcua_name(1))
WARM_UP_S = 2.0
SETTLE_S = 2.0
"""What was set in the last seconds of a run may still be on its way: it is not asked for."""
Sight = tuple[Seconds, Seconds]
"""When a tag was looked at (monotonic s, rising) and the newest value that was seen then: shape (n,) each."""
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers with `tags` tags, set anew every `period_ms` and to be read as often."""

    process: Child
    modbus_port: int
    opcua_port: int
    tags: int
    period_ms: int


@contextmanager
def servers(tags: int, *, period_ms: int) -> Iterator[Servers]:
    """Run the servers of a benchmark."""
    modbus_port, opcua_port = free_port(0), free_port(0)
    with Child(module("offered", modbus_port, opcua_port, tags, period_ms)) as process:
        process.wait_for("ready")
        yield Servers(process, modbus_port, opcua_port, tags, period_ms)


def our_run(offered: Servers, home: Path, *, seconds: float, has_window: bool) -> Run:
    """Collect with our collector into the empty folder `home`, watched by our window where there is one."""
    folder = PlantFolder(home / "plant")
    plant = offered_plant(
        modbus_port=offered.modbus_port,
        opcua_port=offered.opcua_port,
        tags=offered.tags,
        scan_ms=offered.period_ms,
    )
    folder.path.mkdir(parents=True)
    write_plant(folder.configuration, plant)
    with ExitStack() as stack:
        command = own_command(["collect", str(folder.path), "--worker", "--ends-with-parent"])
        collector = stack.enter_context(Child(command, FORESHIFT_HOME=str(home)))
        window = None
        if has_window:
            window = stack.enter_context(Child(module("observed_window", folder.path), FORESHIFT_HOME=str(home)))
            for tag in WATCHED:
                window.wait_for("seen", tag)
        live = stack.enter_context(_live_values(folder, collector))
        time.sleep(WARM_UP_S)
        began = _next_reading(live, collector)
        time.sleep(seconds)
        ended = _next_reading(live, collector)
    with LiveSubscriber(folder.live) as live, HistoryReader(folder.history) as history:
        kept_samples = sum(len(history.raw(tag.name, 0, _LATEST)) for tag in plant.tags)
        return _run(
            offered,
            (began, ended),
            seen=_seen(window) if window is not None else {},
            kept=lambda tag: history.raw(tag, 0, _LATEST),
            unkept=live.stored - kept_samples,
        )


def peer_run(offered: Servers, home: Path, *, seconds: float) -> Run:
    """Collect with the plain loop into the empty folder `home`."""
    path = home / "plain.sqlite"
    command = module("plain_loop", offered.modbus_port, offered.opcua_port, offered.tags, offered.period_ms, path)
    with Child(command) as process:
        process.wait_for("stored")
        time.sleep(WARM_UP_S)
        began = _next_told(process)
        time.sleep(seconds)
        ended = _next_told(process)
    with closing(sqlite3.connect(path)) as file:
        return _run(offered, (began, ended), seen=_seen(process), kept=lambda tag: _plain_series(file, tag))


def _run(
    offered: Servers, readings: tuple[Reading, Reading], *, seen: Mapping[str, Sight], kept: Kept, unkept: int = 0
) -> Run:
    began, ended = readings
    changes = offered.process.column("changed")
    changes = changes[(changes >= began.instant) & (changes <= ended.instant)]
    settled = changes[changes <= ended.instant - SETTLE_S]
    return Run(
        began,
        ended,
        offered=len(changes) * offered.tags,
        delays={tag: np.minimum(delays(settled, *sight), ended.instant - settled) for tag, sight in seen.items()},
        lost=lost_changes(kept, [opcua_name(n) for n in range(offered.tags // 2)], settled),
        left_out=left_out_scans(
            kept,
            [modbus_name(n) for n in range(1, offered.tags // 2)],
            offered.period_ms,
            (began.instant, ended.instant - SETTLE_S),
        ),
        unkept=unkept,
    )


def _seen(process: Child) -> dict[str, Sight]:
    found = {tag: np.array(process.told("seen", tag), np.float64).reshape(-1, 2) for tag in WATCHED}
    return {tag: (rows[:, 0], rows[:, 1]) for tag, rows in found.items()}


@contextmanager
def _live_values(folder: PlantFolder, collector: Child) -> Iterator[LiveSubscriber]:
    """Give the live values of a collector once it has stored something."""
    while True:
        with suppress(LiveUnavailable):
            live = LiveSubscriber(folder.live)
            if live.pid == collector.process.pid and live.stored:
                break
            live.close()
        collector.check()
        time.sleep(0.05)
    with live:
        yield live


def _next_reading(live: LiveSubscriber, collector: Child) -> Reading:
    """Return the state right after the next commit."""
    before = live.stored
    while live.stored == before:
        collector.check()
        time.sleep(0.005)
    return Reading(clock.monotonic_ns() / clock.NS_PER_S, live.stored, collector.cpu_s)


def _next_told(process: Child) -> Reading:
    """Return the state right after the next insert."""
    before = len(process.told("stored"))
    while len(process.told("stored")) == before:
        process.check()
        time.sleep(0.005)
    stored, instant, cpu_s = process.told("stored")[-1]
    return Reading(float(instant), int(stored), float(cpu_s))


def _plain_series(file: sqlite3.Connection, tag: str) -> Series:
    rows = np.array(file.execute("SELECT time, value FROM sample WHERE tag = ? ORDER BY time", (tag,)).fetchall())
    time_and_value = rows.reshape(-1, 2)
    return Series(time_and_value[:, 0].astype(np.int64), time_and_value[:, 1], np.zeros(len(time_and_value), np.uint32))
