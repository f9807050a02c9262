"""How late the window comes to what is due while a plant talks much, beside the same window on a plant that is silent.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.command.free_port import free_port
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.benchmarks.__main__ import Options
from tests.benchmarks.child import Child, module
from tests.benchmarks.fast_device import REGISTERS, VALUES
from tests.benchmarks.figure import Figure
from tests.benchmarks.offered import HOST

BUSY_BLOCKS, LONG_BLOCKS = 162, 33
"""Requests of 62 values: 10,044 tags, 2,046 tags."""
SCAN_MS, SILENT_SCAN_MS = 100, 600_000
OF_EQUIPMENT = 62
WARM_UP_S = 4.0
QUICK_TURNS, FULL_TURNS = (SILENT_SCAN_MS, SCAN_MS), (SILENT_SCAN_MS, SCAN_MS, SCAN_MS, SILENT_SCAN_MS)
"""The silent and the busy plant in turn, by what they are scanned at, ms."""
QUICK_S, FULL_S = 5.0, 15.0
QUICK_LONG_S, FULL_LONG_S = 6.0, 600.0
STALL_S = 0.05


@dataclass(frozen=True, slots=True)
class Turns:
    """The event loop of a window over some seconds.

    `late`: of each turn, s, shape (n,); `stretches`: the longest of the thread in each second, s, shape (seconds,);
    `rate` and `cpu`: samples and processor seconds a second.
    """

    late: NDArray[np.float64]
    stretches: NDArray[np.float64]
    rate: float
    cpu: float


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures; the quick form watches for stalls for seconds in place of ten minutes."""
    order, seconds = (QUICK_TURNS, QUICK_S) if options.quick else (FULL_TURNS, FULL_S)
    long = QUICK_LONG_S if options.quick else FULL_LONG_S
    with tempfile.TemporaryDirectory(prefix="foreshift-benchmark-", ignore_cleanup_errors=True) as home:
        turns = [(scan, _watch(Path(home, str(turn)), BUSY_BLOCKS, scan, seconds)) for turn, scan in enumerate(order)]
        silent, busy = (_together([each for of, each in turns if of == scan]) for scan in (SILENT_SCAN_MS, SCAN_MS))
        lasting = _watch(Path(home, "lasting"), LONG_BLOCKS, SCAN_MS, long)
    yield Figure("samples a second that come to the window", "1/s", busy.rate, goal="ours >= 90000")
    for share, goal in ((50, ""), (99, "ratio <= 4")):
        ours, idle = (1e3 * float(np.percentile(each.late, share)) for each in (busy, silent))
        name = f"how late the event loop comes to what is due, p{share}"
        yield Figure(name, "ms", ours, idle, "the window on a silent plant", goal)
    yield Figure("processor time of the window", "s per s", busy.cpu, silent.cpu, "the window on a silent plant")
    yield Figure(f"in {long:.0f} s of lesser load: samples a second", "1/s", lasting.rate, goal="ours >= 18000")
    held = int((lasting.stretches > STALL_S).sum())
    yield Figure(
        "seconds in which the window's thread worked for more than 50 ms at a stretch", "", held, goal="ours <= 0"
    )
    yield Figure("its longest stretch", "ms", 1e3 * float(lasting.stretches.max()))
    yield Figure("turns more than 50 ms late, whoever held the processor", "", int((lasting.late > STALL_S).sum()))
    yield Figure("processor time of the window", "s per s", lasting.cpu)


def _together(turns: Sequence[Turns]) -> Turns:
    """Return turns of equal length as one."""
    return Turns(
        np.concatenate([each.late for each in turns]),
        np.concatenate([each.stretches for each in turns]),
        sum(each.rate for each in turns) / len(turns),
        sum(each.cpu for each in turns) / len(turns),
    )


def _watch(home: Path, blocks: int, scan_ms: int, seconds: float) -> Turns:
    """Return how the window fared on a plant of so many requests, each sent so often."""
    folder, port = PlantFolder(home / "plant"), free_port(0)
    folder.path.mkdir(parents=True)
    write_plant(folder.configuration, _plant(port, blocks, scan_ms))
    with ExitStack() as stack:
        stack.enter_context(Child(module("fast_device", port))).wait_for("ready")
        command = own_command(["collect", str(folder.path), "--worker", "--ends-with-parent"])
        stack.enter_context(Child(command, FORESHIFT_HOME=str(home)))
        window = stack.enter_context(Child(module("loop_window", folder.path), FORESHIFT_HOME=str(home)))
        window.wait_for("beat")
        time.sleep(WARM_UP_S)
        first, cpu = len(window.told("beat")), window.cpu_s
        time.sleep(seconds)
        cpu = window.cpu_s - cpu
        beats = [[float(each) for each in beat] for beat in window.told("beat")[first - 1 :]]
    counted = (beats[-1][1] - beats[0][1]) / (len(beats) - 1)
    late = np.array([each for beat in beats[1:] for each in beat[2:]])
    return Turns(late, np.array([beat[0] for beat in beats[1:]]), counted, cpu / seconds)


def _plant(port: int, blocks: int, scan_ms: int) -> Plant:
    return Plant(
        "busy",
        LocalText("Busy"),
        tuple(Equipment(f"E{n}", LocalText(f"Machine {n}")) for n in range(blocks)),
        (ConnectionDefinition("device", "modbus", f"modbus://{HOST}:{port}?unit=1&max_block={REGISTERS}&window=16"),),
        tuple(
            TagDefinition(
                n,
                f"T{n}",
                f"E{n // OF_EQUIPMENT}",
                LocalText(f"T{n}"),
                "device",
                f"HR{REGISTERS * (n // VALUES) + 2 * (n % VALUES)}:F32",
                scan_ms=scan_ms,
                low=0.0,
                high=100.0,
            )
            for n in range(blocks * VALUES)
        ),
    )
