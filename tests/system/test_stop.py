"""`foreshift stop` ends what collects a plant, only that, and for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.system.test_bad_input import assert_refused, foreshift
from tests.widgets.plant import plant

WAIT_S = 40.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no signals to ask with")


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    write_plant(folder.configuration, plant())
    return folder


@pytest.fixture
def collecting(folder: PlantFolder) -> Iterator[subprocess.Popen[bytes]]:
    keeper = subprocess.Popen(own_command(["collect", str(folder.path)]), stdout=subprocess.DEVNULL)
    until(lambda: collector_of(folder, keeper) is not None)
    yield keeper
    for process in [keeper.pid, *([worker] if (worker := collector_of(folder, None)) else [])]:
        if psutil.pid_exists(process):
            psutil.Process(process).kill()
    keeper.wait(10)


def collector_of(folder: PlantFolder, keeper: subprocess.Popen[bytes] | None) -> int | None:
    """Return the process that collects, of this keeper or whosoever it is, once it holds its live file."""
    if not folder.live.exists():
        return None
    pid = int((folder.run / "collector.pid").read_text(encoding="ascii"))
    if not psutil.pid_exists(pid) or (keeper is not None and psutil.Process(pid).ppid() != keeper.pid):
        return None
    return pid


def until(fact: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stop(folder: PlantFolder) -> subprocess.CompletedProcess[str]:
    return foreshift("stop", str(folder.path), home=folder.path.parent)


def test_that_stop_returns_once_the_collector_has_ended(
    folder: PlantFolder, collecting: subprocess.Popen[bytes]
) -> None:
    worker = collector_of(folder, collecting)
    assert worker is not None
    done = stop(folder)
    assert done.returncode == 0, done
    assert not psutil.pid_exists(worker)
    assert collecting.wait(10) == 0
    assert_refused(stop(folder), "nothing collects")


def test_that_a_second_collector_is_refused_and_the_first_one_still_ends_for_good(
    folder: PlantFolder, collecting: subprocess.Popen[bytes]
) -> None:
    assert_refused(foreshift("collect", str(folder.path), home=folder.path.parent), "collects this plant already")
    assert stop(folder).returncode == 0
    assert collecting.wait(10) == 0, "else it would start its collector again"


def test_that_a_collector_without_a_keeper_is_ended(folder: PlantFolder, collecting: subprocess.Popen[bytes]) -> None:
    worker = collector_of(folder, collecting)
    assert worker is not None
    collecting.kill()
    collecting.wait(10)
    assert psutil.pid_exists(worker), "it goes on collecting"
    assert stop(folder).returncode == 0
    until(lambda: not psutil.pid_exists(worker) or psutil.Process(worker).status() == psutil.STATUS_ZOMBIE)


def test_that_a_stranger_with_the_number_of_a_former_collector_is_left_alone(folder: PlantFolder) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        folder.run.mkdir()
        for name in ("keeper", "collector"):
            (folder.run / f"{name}.lock").touch()
            (folder.run / f"{name}.pid").write_text(str(stranger.pid), encoding="ascii")
        assert_refused(stop(folder), "nothing collects")
        stranger.communicate(b"\n")
        assert stranger.returncode == 0


def test_that_the_keepers_log_tells_how_a_collector_ended(
    folder: PlantFolder, collecting: subprocess.Popen[bytes]
) -> None:
    worker = collector_of(folder, collecting)
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    log = folder.path / "log" / "keeper.log"
    until(lambda: f"name=collector code={-signal.SIGKILL}" in log.read_text(encoding="utf-8"))
    until(lambda: collector_of(folder, collecting) not in {None, worker})


def test_that_a_second_demo_leaves_the_plant_file_of_the_first(tmp_path: Path) -> None:
    demo = ("demo", "--without-window")
    environment = os.environ | {"FORESHIFT_HOME": str(tmp_path)}
    configuration = tmp_path / "plants" / "demo" / "plant.toml"
    with subprocess.Popen(own_command(demo), env=environment, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        until(configuration.exists)
        before = configuration.read_bytes()
        assert_refused(foreshift(*demo, "--keep-history", home=tmp_path), "collects this plant already")
        assert configuration.read_bytes() == before
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=WAIT_S)
