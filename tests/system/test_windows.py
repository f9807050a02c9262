"""Several windows on several screens, killed at once: all are there again, also where a screen is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.command.keeper import is_held
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.system.station import ROOT
from tests.widgets import plant

ENOUGH_S = 180
PAGES = ("alarms", "trends")
PLACE = (2_050, 80, 1_400, 820)
"""Of the window: on the second screen. px."""
FLOATING = (300, 200)
"""Of the window of a panel: on the first screen."""
PROGRAM = """
import json, sys
from PySide6.QtCore import QPoint, QTimer
import widgets.main_window as module
from widgets.dock.arrangement import Place
from app.__main__ import main

TASK, PLANT, PLACE, FLOATING, PAGES = sys.argv[1], sys.argv[2], *map(json.loads, sys.argv[3:])

def arrange(window):
    window.setGeometry(*PLACE)
    window.docks.open("alarms")
    panel = window.docks.open("values")
    window.docks.move(panel, Place.WINDOW, at=QPoint(*FLOATING))
    for page in PAGES:
        window.navigation.window_asked.emit(page)
    print("arranged", flush=True)

def tell(window):
    docks = window.docks
    panels = [[panel.kind, panel.place.value] for panel in docks.panels]
    floating = [list(each.geometry().getRect()) for each in docks._windows.values()]
    print(json.dumps({"window": list(window.geometry().getRect()), "panels": panels, "floating": floating}), flush=True)

def act(window):
    if not window.docks._is_restored:
        QTimer.singleShot(100, window, lambda: act(window))
    else:
        (arrange if TASK == "arrange" else tell)(window)

original = module.MainWindow.__init__

def begin(self, *arguments, **options):
    original(self, *arguments, **options)
    QTimer.singleShot(0, self, lambda: act(self))

module.MainWindow.__init__ = begin
sys.argv[:] = ["foreshift", "open", PLANT]
sys.exit(main())
"""


class Windows:
    """The processes of one home: the first window, and those that it opens."""

    def __init__(self, home: Path, plant: PlantFolder) -> None:
        self.home, self.plant = home, plant
        self._first: list[subprocess.Popen[str]] = []

    def start(self, task: str, screens: Path) -> str:
        """Start the first window on some screens, and return the line that it says."""
        environment = os.environ | {
            "FORESHIFT_HOME": str(self.home),
            "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
            "PYTHONUNBUFFERED": "1",
        }
        arguments = [task, str(self.plant.path), json.dumps(PLACE), json.dumps(FLOATING), json.dumps(PAGES)]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._first.append(process)
        watch = threading.Timer(ENOUGH_S, process.kill)
        watch.start()
        assert process.stdout is not None
        line = process.stdout.readline()
        watch.cancel()
        assert line, "the window ended, or said nothing in time"
        return line.strip()

    def all(self) -> list[psutil.Process]:
        """Return the processes of windows on this plant."""
        own = [psutil.Process(each.pid) for each in self._first if each.poll() is None]
        return own + [each for each in psutil.process_iter(["cmdline"]) if self._is_page(each)]

    def _is_page(self, process: psutil.Process) -> bool:
        words = process.info["cmdline"] or []
        return str(self.plant.path) in words and any(word.startswith("--page=") for word in words)

    def open_pages(self) -> set[str]:
        """Return the pages that have a window of their own now."""
        return {page for page in PAGES if is_held(self.home / "windows" / f"{page}.lock")}

    def kill(self) -> None:
        """Kill all windows at once, as the fall of the graphics driver would."""
        found = self.all()
        for process in found:
            process.kill()
        for first in self._first:
            first.wait(ENOUGH_S)
            if first.stdout is not None:
                first.stdout.close()
        self._first.clear()
        psutil.wait_procs(found, timeout=ENOUGH_S)

    def ini(self, name: str) -> str:
        """Return the settings that a window has kept, "" while there are none."""
        path = self.home / name
        return path.read_text("utf-8") if path.exists() else ""


def until(fact: Callable[[], bool]) -> bool:
    """Wait for something; return whether it came to hold."""
    gate = threading.Event()
    for _ in range(10 * ENOUGH_S):
        if fact():
            return True
        gate.wait(0.1)
    return fact()


def has_kept(settings: str) -> bool:
    """Return whether a window has stored its own place, and the panel that floats with its place."""
    return "geometry-" in settings and '\\"window\\"' in settings and '\\"geometry\\": \\"AdnQ' in settings


def screens_file(folder: Path, places: list[tuple[int, int]]) -> Path:
    """Write which screens of 1,920 x 1,080 stand where."""
    screens = [
        {
            "name": f"screen {number}",
            "x": x,
            "y": y,
            "width": 1920,
            "height": 1080,
            "logicalDpi": 96,
            "logicalBaseDpi": 96,
            "dpr": 1,
        }
        for number, (x, y) in enumerate(places)
    ]
    path = folder / f"screens-{len(places)}.json"
    path.write_text(
        json.dumps({"synchronousWindowSystemEvents": False, "windowFrameMargins": False, "screens": screens})
    )
    return path


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[Windows]:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    write_plant(folder.configuration, plant.plant())
    windows = Windows(tmp_path / "home", folder)
    yield windows
    windows.kill()
    environment = os.environ | {"FORESHIFT_HOME": str(windows.home)}
    subprocess.run(own_command(["stop", str(folder.path)]), cwd=ROOT, env=environment, check=False, capture_output=True)


@pytest.mark.slow  # it starts nine windows
@pytest.mark.timeout(1_200)
def test_that_three_windows_and_a_floating_panel_come_back_after_a_kill_also_on_fewer_screens(
    windows: Windows, tmp_path: Path
) -> None:
    both = screens_file(tmp_path, [(0, 0), (1920, 0)])
    assert windows.start("arrange", both) == "arranged"
    assert until(lambda: windows.open_pages() == set(PAGES)), "the pages have windows of their own"
    assert until(lambda: has_kept(windows.ini("window.ini"))), windows.ini("window.ini")
    windows.kill()
    assert windows.open_pages() == set()

    told = json.loads(windows.start("tell", both))
    assert tuple(told["window"]) == PLACE, "where it stood"
    assert sorted(told["panels"]) == [["alarms", "below"], ["values", "window"]]
    (floating,) = told["floating"]
    assert tuple(floating[:2]) == FLOATING, "on the first screen, where it stood"
    assert until(lambda: windows.open_pages() == set(PAGES)), "both further windows are there again"
    windows.kill()

    told = json.loads(windows.start("tell", screens_file(tmp_path, [(0, 0)])))
    x, y, width, height = told["window"]
    assert x >= 0
    assert x + width <= 1920, "its screen is gone: it stands on the other one"
    assert 0 <= y <= 1080 - height
    assert sorted(told["panels"]) == [["alarms", "below"], ["values", "window"]]
    assert until(lambda: windows.open_pages() == set(PAGES))
