"""The window as a process of its own, without a display: it shows a plant, leaves pictures, and ends when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets import plant

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from app.plant.folder import PlantFolder
from widgets import off_screen
from widgets.desktop import Services, run_desktop
from widgets.off_screen import OffScreen
from widgets.feed import Feed

def ensure_collector(folder: PlantFolder) -> None:
    print("ensured", flush=True)

def show(feed: Feed) -> None:
    print("shown", feed.plant.id, flush=True)

def take(window, folder, **options):
    print("window is", "open" if window.isVisible() else "closed", flush=True)
    folder.mkdir()
    return []

off_screen.take_pictures = take
folder = PlantFolder(Path(sys.argv[1])) if sys.argv[1] else None
pictures = Path(sys.argv[3]) if sys.argv[3] else None
services = Services(ensure_collector, lambda: PlantFolder(Path()))
sys.exit(run_desktop(folder, services, off_screen=OffScreen(float(sys.argv[2]), pictures), on_feed=show))
"""

pytestmark = pytest.mark.timeout(120)
WAIT_S = 100
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(folder: str, seconds: float, pictures: Path | str = "") -> subprocess.Popen[str]:
        environment = os.environ | {"FORESHIFT_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
        arguments = [sys.executable, "-c", PROGRAM, folder, str(seconds), str(pictures)]
        process = subprocess.Popen(
            arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    write_plant(folder.configuration, plant.plant())
    return folder


def test_that_pictures_are_taken_of_an_open_window_that_has_asked_for_a_collector(
    start: Start, folder: PlantFolder, tmp_path: Path
) -> None:
    """What the pictures show of all pages is told by the test of the demo, which leaves them."""
    process = start(str(folder.path), 0.5, tmp_path / "pictures")
    out, errors = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, errors
    assert out.splitlines()[0] == "shown huangdao"
    assert "ensured" in out, "a silent collector is asked for"
    assert "window is open" in out, "a closed window is not live any more"
    assert (tmp_path / "pictures").is_dir()
    assert "Traceback" not in errors


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM to be taken")
def test_that_the_window_ends_cleanly_when_told_to(start: Start, folder: PlantFolder) -> None:
    process = start(str(folder.path), 0)
    assert process.stdout is not None
    assert process.stdout.readline() == "shown huangdao\n"
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, errors


def test_that_a_run_without_a_plant_says_so(start: Start) -> None:
    process = start("", 0.5)
    _, errors = process.communicate(timeout=WAIT_S)
    assert process.returncode == 2
    assert "no plant to show" in errors
