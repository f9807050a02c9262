"""The replay of a recording: its signals behind real Modbus and OPC UA servers, and the plant file that leads to them.

Composition root of the process `foreshift replay`. Every row that is due goes out over OPC UA with its own source time;
the registers of Modbus, which knows no time, hold the newest one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from app.ending import on_end_signal, on_parent_gone
from app.model import status
from app.model.clock import NS_PER_S, monotonic_ns, now_ns
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from app.plant.recording.plant import BURST_S, Endpoints, Through, plant_of_recording
from app.plant.recording.signal import Signal, recording_name, signals_of
from app.plant.writer import write_plant
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from drivers.replay.failure import RecordingError
from drivers.replay.pace import DueRows, Pace
from drivers.replay.reader import read_recording
from drivers.replay.recording import Recording

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
NAMESPACE = "urn:foreshift:replay"
PUBLISH_NS = int(BURST_S * NS_PER_S)
_VALUES_PER_TURN = 20_000
_CLOCK_STEP_NS = NS_PER_S


@dataclass(frozen=True, slots=True)
class ReplayReady:
    """What a started replay tells of itself, as one line of JSON."""

    plant: Path
    recording: Recording
    signals: int
    modbus_port: int
    opcua_url: str
    speed: float
    seconds: float

    def line(self) -> str:
        """Return what a replay prints once it is ready, one line of JSON: its plant, its servers, the recording."""
        reading = self.recording.reading
        content = {
            "event": "ready",
            "plant": str(self.plant),
            "opcua": self.opcua_url,
            "modbus": f"modbus://{HOST}:{self.modbus_port}",
            "rows": len(self.recording),
            "signals": self.signals,
            "left_out": {left.name: left.reason for left in reading.left_out},
            "without_time": reading.without_time,
            "out_of_order": reading.out_of_order,
            "duplicates": reading.duplicates,
            "speed": self.speed,
            "seconds": round(self.seconds, 1),
        }
        return json.dumps(content, ensure_ascii=False)


def run_replay(
    file: Path,
    *,
    speed: float = 1.0,
    rows_per_second: float = 0.0,
    is_looped: bool = False,
    leave_out: str | None = None,
    time_column: str = "",
    day_first: bool | None = None,
    through: str = "both",
    folder: Path | None = None,
    on_own_folder: Callable[[PlantFolder], None] | None = None,
    modbus_port: int = 0,
    opcua_port: int = 0,
    ends_with_parent: bool = False,
) -> int:
    """Serve the recording in `file` until SIGTERM or SIGINT; return the exit code 0.

    `speed`: times faster than recorded; `rows_per_second` above 0 takes its place. `leave_out`: names of columns, comma
    separated. `through`: "opcua", "modbus" or "both", which tags the plant file names. `folder`: of the plant, by
    default "replay-…" among the known plants, which `on_own_folder` may prepare. Ports of 0 are free ones. One line of
    JSON on standard output says when it is ready. Raise RecordingError, DriverError (a port in use) or OSError (the
    folder cannot be written).
    """
    recording = read_recording(
        file,
        leave_out=[name.strip() for name in (leave_out or "").split(",") if name.strip()],
        time_column=time_column,
        day_first=day_first,
    )
    try:
        pace = Pace(recording.time, speed=speed, rows_per_second=rows_per_second, is_looped=is_looped)
    except ValueError as reason:
        raise RecordingError(file, f"cannot be replayed: {reason}") from reason
    if rows_per_second:
        speed = rows_per_second * recording.interval_ns / NS_PER_S
    name = recording_name(file)
    target = PlantFolder(folder) if folder is not None else PlantCatalogue().new_folder(f"replay-{name}")
    if folder is None and on_own_folder is not None:
        on_own_folder(target)
    signals = signals_of(recording, speed=speed)
    replay = Replay(recording, signals, pace, opcua_port=opcua_port, modbus_port=modbus_port)
    asyncio.run(_serve(replay, target, speed=speed, through=Through(through), ends_with_parent=ends_with_parent))
    return 0


async def _serve(
    replay: Replay, folder: PlantFolder, *, speed: float, through: Through, ends_with_parent: bool
) -> None:
    on_end_signal(replay.stop)
    if ends_with_parent:
        on_parent_gone(replay.stop)

    def announce() -> None:
        plant = plant_of_recording(replay.recording, replay.signals, replay.endpoints, speed=speed, through=through)
        write_plant(folder.configuration, plant)
        ready = ReplayReady(
            plant=folder.path,
            recording=replay.recording,
            signals=len(replay.signals),
            modbus_port=replay.modbus.port,
            opcua_url=replay.opcua.url,
            speed=speed,
            seconds=replay.pace.length_ns / NS_PER_S,
        )
        sys.stdout.write(ready.line() + "\n")
        sys.stdout.flush()

    await replay.run(on_started=announce)


class Replay:
    """One recording behind its two servers; lives from `run` to `stop`."""

    def __init__(
        self, recording: Recording, signals: list[Signal], pace: Pace, *, opcua_port: int, modbus_port: int
    ) -> None:
        """Prepare the servers; nothing is opened yet."""
        self.recording = recording
        self.signals = signals
        self.pace = pace
        self.opcua = OpcUaPublisher(HOST, opcua_port, NAMESPACE, [_opcua_point(signal) for signal in signals])
        self.modbus = ModbusPublisher(HOST, modbus_port, [_modbus_point(signal) for signal in signals])
        self._keys = [signal.key for signal in signals]
        self._columns = [signal.column for signal in signals]
        self._stopping = asyncio.Event()
        self._anchor = 0

    @property
    def endpoints(self) -> Endpoints:
        """Return where the servers are, once started."""
        return Endpoints(self.opcua.url, f"modbus://{HOST}:{self.modbus.port}", NAMESPACE)

    def stop(self) -> None:
        """End `run` soon."""
        self._stopping.set()

    async def run(self, *, on_started: Callable[[], None]) -> None:
        """Open both servers, call `on_started` and publish row after row until `stop`; raise DriverError."""
        self._fill_registers(self.recording.values[0, self._columns].tolist())
        async with AsyncExitStack() as servers:
            for server in (self.opcua, self.modbus):
                servers.push_async_callback(server.stop)
                await server.start()
            on_started()
            await self._publish_all()

    async def _publish_all(self) -> None:
        start = monotonic_ns()
        self._anchor = now_ns() - start
        most = max(1, _VALUES_PER_TURN // len(self._keys))
        has_ended = False
        while not self._stopping.is_set():
            elapsed = monotonic_ns() - start
            self._publish(self.pace.due(elapsed, most=most), start)
            if self.pace.is_finished and not has_ended and elapsed >= self.pace.length_ns:
                has_ended = True
                self._publish_end(start)
            await self._rest(elapsed)

    async def _rest(self, elapsed: int) -> None:
        """Wait for the next row, at least for the publishing interval, or for `stop`."""
        due = self.pace.next_due()
        until = self.pace.length_ns if due is None else due
        has_more = due is not None or elapsed < until
        pause_s = max(PUBLISH_NS, until - elapsed) / NS_PER_S if has_more else None
        try:
            await asyncio.wait_for(self._stopping.wait(), pause_s)
        except TimeoutError:
            return

    def _publish(self, due: DueRows, start: int) -> None:
        if not len(due):
            return
        rows = self.recording.values[due.rows][:, self._columns].tolist()
        for row, offset in zip(rows, due.offsets.tolist(), strict=True):
            self._publish_row(row, self._instant(start + offset))
        self._fill_registers(rows[-1])

    def _fill_registers(self, row: list[float]) -> None:
        """Let the registers hold a row: one that was never written reads 0, which no client can tell from a value."""
        values, statuses = self._sample(row)
        self.modbus.publish(values, now_ns(), statuses)

    def _publish_row(self, row: list[float], time_ns: int) -> None:
        values, statuses = self._sample(row)
        self.opcua.publish(values, time_ns, statuses)

    def _publish_end(self, start: int) -> None:
        """Say over OPC UA that the last values are no longer updated; Modbus has no word for it."""
        row = self.recording.values[-1, self._columns].tolist()
        values, statuses = self._sample(row, is_last=True)
        self.opcua.publish(values, self._instant(start + self.pace.length_ns), statuses)
        log.info("replay.ended", extra={"recording": self.recording.path.name, "rows": len(self.recording)})

    def _sample(self, row: list[float], *, is_last: bool = False) -> tuple[dict[str, float], dict[str, int]]:
        good = status.UNCERTAIN_LAST_USABLE_VALUE if is_last else status.GOOD
        statuses = {
            key: status.BAD_NO_DATA if math.isnan(value) else good
            for key, value in zip(self._keys, row, strict=True)
            if is_last or math.isnan(value)
        }
        return dict(zip(self._keys, row, strict=True)), statuses

    def _instant(self, monotonic: int) -> int:
        """Return the wall clock of an instant; a step of the wall clock, as after a suspension, is followed."""
        anchor = now_ns() - monotonic_ns()
        if abs(anchor - self._anchor) > _CLOCK_STEP_NS:
            self._anchor = anchor
        return monotonic + self._anchor


def _opcua_point(signal: Signal) -> OpcUaPoint:
    proposal = signal.proposal
    return OpcUaPoint(
        signal.key, folder="Replay", title=signal.title, low=proposal.low, high=proposal.high, unit=signal.unit
    )


def _modbus_point(signal: Signal) -> ModbusPoint:
    return ModbusPoint(signal.key, signal.unit_id, f"HR{signal.register}:F32")
