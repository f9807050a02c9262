"""A flood of alarms in the real window: from a value's arrival to its painted row, none lost, the window never held up.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeAlias

import numpy as np

from app.alarm.journal import page
from app.command.free_port import free_port
from app.database import open_reader
from app.model import clock
from app.model.alarm import AlarmDefinition, AlarmEvent, ConditionKind, Priority
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.benchmarks.__main__ import Options
from tests.benchmarks.alarm_device import LIMIT, OF_DEVICE, address, name
from tests.benchmarks.child import Child, module
from tests.benchmarks.figure import Figure
from tests.benchmarks.offered import HOST

TAGS, RAISES_PER_S, SCAN_MS = 10_000, 1_000, 1_000
OF_EQUIPMENT = 20
WARM_UP_S = 8.0
QUICK_S, FULL_S = 12.0, 60.0
SETTLE_S = 3.0

Occurrence: TypeAlias = tuple[str, int]
"""An alarm and the instant at which it was raised, ns UTC."""


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures."""
    with tempfile.TemporaryDirectory(prefix="foreshift-benchmark-", ignore_cleanup_errors=True) as home:
        yield from _run(Path(home), QUICK_S if options.quick else FULL_S)


def _run(home: Path, seconds: float) -> Iterator[Figure]:
    folder, ports = PlantFolder(home / "plant"), [free_port(0) for _ in range(TAGS // OF_DEVICE)]
    folder.path.mkdir(parents=True)
    write_plant(folder.configuration, _plant(ports))
    with ExitStack() as stack:
        device = stack.enter_context(Child(module("alarm_device", RAISES_PER_S, *ports)))
        device.wait_for("ready")
        command = own_command(["collect", str(folder.path), "--worker", "--ends-with-parent"])
        stack.enter_context(Child(command, FORESHIFT_HOME=str(home)))
        window = stack.enter_context(Child(module("alarm_list_window", folder.path), FORESHIFT_HOME=str(home)))
        window.wait_for("rows")
        time.sleep(WARM_UP_S)
        began, beats = clock.now_ns(), len(window.told("beat"))
        cpu = window.cpu_s
        time.sleep(seconds)
        ended = clock.now_ns()
        used = window.cpu_s - cpu
        time.sleep(SETTLE_S)
        beaten = window.told("beat")[beats : -int(SETTLE_S)]
    heard, rows = _delays(window, "heard"), _delays(window, "rows")
    measured = {each: delay for each, delay in rows.items() if began <= each[1] < ended}
    delays = np.array(list(measured.values()))
    raised = _raised(folder, began, ended)
    lost = raised - rows.keys()
    yield Figure("alarms raised a second", "1/s", len(raised) / seconds, goal="ours >= 900")
    for share, goal in ((50, ""), (99, "ours <= 200")):
        delay = float(np.percentile(delays, share)) * 1_000
        yield Figure(f"from a value's arrival to its painted row, p{share}", "ms", delay, goal=goal)
    first = np.array([heard[each] for each in measured])
    for share in (50, 99):
        delay = float(np.percentile(first, share)) * 1_000
        yield Figure(f"from a value's arrival to the window, p{share}", "ms", delay)
    delay = float(np.percentile(delays - first, 99)) * 1_000
    yield Figure("within the window, to the painted row, p99", "ms", delay, goal="ours <= 100")
    yield Figure("occurrences that had no row", "alarms", len(lost), goal="ours <= 0")
    wall, thread, standing = np.array([[float(each) for each in beat] for beat in beaten]).T
    yield Figure(
        "the window's thread at work at a stretch, longest", "ms", float(thread.max()) * 1_000, goal="ours <= 100"
    )
    yield Figure("the window away from its events, longest", "ms", float(wall.max()) * 1_000)
    yield Figure("processor time of the window", "s per s", used / seconds)
    yield Figure("alarms that stand, most", "alarms", float(standing.max()))


def _delays(window: Child, word: str) -> dict[Occurrence, float]:
    """Return how long after its value each occurrence was told for the first time, s, but for those of the station."""
    found: dict[Occurrence, float] = {}
    for instant, *told in window.told(word):
        for alarm, raised in zip(told[::2], map(int, told[1::2]), strict=False):
            if alarm.startswith(name(0)[0]):
                found.setdefault((alarm, raised), (int(instant) - raised) / clock.NS_PER_S)
    return found


def _raised(folder: PlantFolder, began: int, ended: int) -> set[Occurrence]:
    """Return the occurrences that the journal has between two instants."""
    found: set[Occurrence] = set()
    with closing(open_reader(folder.history)) as connection:
        before = 0
        while lines := page(connection, before, limit=1_000, start=began, end=ended):
            before = lines[-1].number
            raises = (line.record for line in lines if line.record.event is AlarmEvent.RAISE)
            found |= {(record.alarm, record.raised) for record in raises if began <= record.raised < ended}
    return found


def _plant(ports: Sequence[int]) -> Plant:
    tags = range(TAGS)
    return Plant(
        "flood",
        LocalText("Flood"),
        tuple(Equipment(f"E{n}", LocalText(f"Machine {n}")) for n in range(TAGS // OF_EQUIPMENT)),
        tuple(
            ConnectionDefinition(f"plc{n}", "modbus", f"modbus://{HOST}:{port}?unit=1") for n, port in enumerate(ports)
        ),
        tuple(
            TagDefinition(
                n,
                name(n),
                f"E{n // OF_EQUIPMENT}",
                LocalText(name(n)),
                f"plc{n // OF_DEVICE}",
                address(n),
                scan_ms=SCAN_MS,
                low=0.0,
                high=1e3,
            )
            for n in tags
        ),
        tuple(
            AlarmDefinition(
                f"{name(n)}.H", name(n), ConditionKind.HIGH, LIMIT, Priority(n % 4 + 1), LocalText(f"{name(n)} high")
            )
            for n in tags
        ),
    )
