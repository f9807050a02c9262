"""From the command to the first live value in the window, and what the imports on the way cost.

The demo plant, with its servers and its collector, is running already; the window is opened by the command, off screen,
on the page of an equipment. The time runs from before the process is started to the end of the paint.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from app.model import clock
from app.plant.folder import PlantFolder
from app.pubsub.live import LiveSubscriber, LiveUnavailable
from app.supervisor import own_command
from tests.benchmarks.child import ROOT, Child, module
from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

FOLDER = '{"folder":'
SCREEN = "import app.__main__, widgets.desktop, widgets.pages, widgets.equipment.page"
SHOWN_PACKAGES = 6
WAIT_S = 60.0
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def measure(options: Options) -> Iterator[Figure]:
    """Yield the times of a start with the collector running, and the cost of imports by package."""
    turns = 1 if options.quick else 9
    with tempfile.TemporaryDirectory(prefix="foreshift-start-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        command = own_command(["demo", "--without-window", "--ends-with-parent"])
        with Child(command, FORESHIFT_HOME=name) as demo:
            demo.wait_for(FOLDER, timeout_s=WAIT_S)
            folder = PlantFolder(Path(json.loads(FOLDER + " ".join(demo.told(FOLDER)[0]))["folder"]))
            _wait_for_values(folder, demo)
            _choose_page(home)
            starts = [_start(folder, home) for _ in range(turns + 1)][1:]
    text = "command to the first live value, collector running, files in the cache"
    yield Figure(text, "s", statistics.median(wall for wall, _ in starts), goal="ours <= 3")
    yield Figure("the same in processor time of the window", "s", statistics.median(cpu for _, cpu in starts))
    yield from _imports(1 if options.quick else 3)


def _start(folder: PlantFolder, home: Path) -> tuple[float, float]:
    """Return seconds from the command to the first value, and the processor seconds up to then."""
    began = clock.monotonic_ns() / clock.NS_PER_S
    with Child(module("startup_window", folder.path), FORESHIFT_HOME=str(home)) as window:
        window.wait_for("seen", timeout_s=WAIT_S)
        return float(window.told("seen")[0][0]) - began, window.cpu_s


def _wait_for_values(folder: PlantFolder, demo: Child) -> None:
    due = time.monotonic() + WAIT_S
    while time.monotonic() < due:
        with suppress(LiveUnavailable), LiveSubscriber(folder.live) as live:
            if live.stored:
                return
        demo.check()
        time.sleep(0.1)
    raise TimeoutError(f"the demo plant stored nothing within {WAIT_S:.0f} s")


def _choose_page(home: Path) -> None:
    chosen = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    chosen.setValue("window/page", "equipment")
    chosen.setValue("window/language", "en")
    chosen.sync()


def _imports(times: int) -> Iterator[Figure]:
    """Yield what the packages cost that the first page needs, the least of some times, without what they import."""
    runs = [_import_costs() for _ in range(times)]
    costs = {package: min(run[package] for run in runs) for package in runs[0]}
    yield Figure("imports of the first page", "ms", sum(costs.values()))
    for package in sorted(costs, key=lambda package: -costs[package])[:SHOWN_PACKAGES]:
        yield Figure(f"imports of {package}", "ms", costs[package])


def _import_costs() -> dict[str, float]:
    """Return the milliseconds of all modules of each package that are imported for the first page."""
    command = [sys.executable, "-X", "importtime", "-c", SCREEN]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    costs: dict[str, float] = defaultdict(float)
    for cost, module_name in _IMPORT.findall(ended.stderr):
        package = module_name.partition(".")[0]
        costs["Python itself" if package in sys.stdlib_module_names else package] += int(cost) / 1_000
    return costs
