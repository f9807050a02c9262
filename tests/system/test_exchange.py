"""Export, import, backup and restore as commands of their own processes, beside a collector and cut off by signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.collector.lock import collector_lock
from app.exchange.manifest import read_manifest
from app.model.block import block_of
from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.app.exchange.recorded import BEGIN, record_of, stored
from tests.system.test_bad_input import assert_refused, foreshift

ROOT = Path(__file__).parents[2]
SECOND = 1_000_000_000
NAMES = ["AC01.T_D", "AC01.P_D"]


@pytest.fixture
def plant(tmp_path: Path) -> PlantFolder:
    """A plant with an hour of two tags."""
    folder = PlantFolder(tmp_path / "plant")
    plant = demo_plant()
    write_plant(folder.configuration, plant)
    handles = [plant.tag(name).handle for name in NAMES]
    chance = np.random.default_rng(2)
    time = BEGIN + np.repeat(np.arange(3_600), 2) * SECOND
    block = block_of(np.tile(handles, 3_600), time, chance.normal(60, 1, 7_200))
    record_of(plant.tags, folder.history, block)
    return folder


@contextmanager
def long_running(*arguments: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command that is expected to be cut off."""
    with subprocess.Popen(
        own_command(arguments),
        cwd=ROOT,
        env={**os.environ, "FORESHIFT_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_that_an_exported_plant_is_imported_into_an_empty_one(plant: PlantFolder, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"samples.{kind}"
    run = foreshift("export", str(plant.path), str(file), "--tags", "AC01.*", home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "7,200 samples" in run.stdout
    fresh = PlantFolder(tmp_path / "fresh")
    write_plant(fresh.configuration, demo_plant())
    counted = foreshift("import", str(fresh.path), str(file), "--dry-run", home=tmp_path)
    assert "7,200 would be added" in counted.stdout
    assert not fresh.history.exists()
    assert "7,200 added" in foreshift("import", str(fresh.path), str(file), home=tmp_path).stdout
    assert "0 added, 7,200 stored already" in foreshift("import", str(fresh.path), str(file), home=tmp_path).stdout
    assert stored(fresh.history, NAMES) == stored(plant.history, NAMES)


def test_that_a_stretch_and_intervals_may_be_asked_for(plant: PlantFolder, tmp_path: Path) -> None:
    file = tmp_path / "minutes.csv"
    wishes = ["--tags", "AC01.T_D", "--from", "2026-03-08T20:10Z", "--to", "2026-03-08T20:20Z", "--every", "1m"]
    run = foreshift("export", str(plant.path), str(file), *wishes, home=tmp_path)
    assert "600 samples of 1 tags in 10 rows" in run.stdout
    lines = file.read_text("utf-8").splitlines()
    assert lines[1].startswith("2026-03-08T20:10:00.000000000Z,AC01.T_D,")
    last = foreshift("export", str(plant.path), str(tmp_path / "last.csv"), "--last", "5m", home=tmp_path)
    assert "600 samples" in last.stdout


def test_that_a_workbook_comes_with_its_limits(plant: PlantFolder, tmp_path: Path) -> None:
    run = foreshift("export", str(plant.path), str(tmp_path / "out.xlsx"), "--last", "1m", home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "1048576 rows" in run.stdout
    assert "15 digits" in run.stdout


def test_that_what_cannot_be_is_told_in_one_message(plant: PlantFolder, tmp_path: Path) -> None:
    where = str(plant.path)
    out = str(tmp_path / "out.csv")
    assert_refused(foreshift("export", where, out, "--tags", "AC01.TD", home=tmp_path), "AC01.TD", "AC01.T_D")
    assert_refused(foreshift("export", where, out, "--from", "noon", home=tmp_path), "noon", "2026-03-09")
    assert_refused(foreshift("export", where, out, "--every", "often", home=tmp_path), "often", "15m")
    assert_refused(foreshift("export", where, str(tmp_path / "out.txt"), home=tmp_path), ".csv", ".xlsx")
    assert_refused(foreshift("import", where, out, home=tmp_path), "out.csv", "no such file")
    assert_refused(foreshift("import", where, out, "--map", "A", home=tmp_path), "NAME=TAG")
    assert_refused(foreshift("restore", out, where, home=tmp_path), "out.csv", "no such file")
    assert_refused(foreshift("backup", where, str(tmp_path / "no" / "b.sqlite"), home=tmp_path), "no such folder")


def test_that_a_file_with_faults_stores_nothing_until_they_are_left_out(plant: PlantFolder, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    rows = [f"2026-03-08T18:00:{second:02}Z,1.5,a\n" for second in range(20)]
    file.write_text("time,AC01.T_D,Note\n" + "".join(rows) + "noon,2.5,b\n", encoding="utf-8")
    before = stored(plant.history, NAMES)
    refused = foreshift("import", str(plant.path), str(file), home=tmp_path)
    assert refused.returncode == 2
    assert 'in.csv:22: "noon" is no time' in refused.stderr
    assert 'no tag "Note"' in refused.stderr
    assert "--skip-errors" in refused.stderr
    assert stored(plant.history, NAMES) == before
    wishes = ["--skip-errors", "--skip-unknown"]
    taken = foreshift("import", str(plant.path), str(file), *wishes, home=tmp_path)
    assert "20 added" in taken.stdout
    assert stored(plant.history, NAMES)["AC01.T_D"][0] == (1_772_992_800_000_000_000, "1.5", 0)


def test_that_a_collected_plant_is_neither_imported_into_nor_restored(plant: PlantFolder, tmp_path: Path) -> None:
    out, copy = str(tmp_path / "out.csv"), str(tmp_path / "copy.sqlite")
    plant.run.mkdir(mode=0o700)
    with collector_lock(plant):
        assert foreshift("export", str(plant.path), out, "--tags", "AC01.*", home=tmp_path).returncode == 0
        assert foreshift("backup", str(plant.path), copy, home=tmp_path).returncode == 0
        for command in (["import", str(plant.path), out], ["restore", copy, str(plant.path)]):
            assert_refused(foreshift(*command, home=tmp_path), str(os.getpid()), "foreshift stop")
        counted = foreshift("import", str(plant.path), out, "--dry-run", home=tmp_path)
        assert "7,200 stored already" in counted.stdout


def test_that_a_backup_is_restored_under_a_new_name(plant: PlantFolder, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    run = foreshift("backup", str(plant.path), str(folder), home=tmp_path)
    assert run.returncode == 0, run.stderr
    (copy,) = folder.glob("huangdao-2*.sqlite")
    manifest = read_manifest(copy)
    assert manifest is not None
    assert manifest.samples == 7_200
    assert "is good: 7,200 samples" in foreshift("backup", str(plant.path), str(copy), "--verify", home=tmp_path).stdout
    run = foreshift("restore", str(copy), "another", home=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "plant.toml written" in run.stdout
    assert stored(tmp_path / "plants" / "another" / "history.sqlite", NAMES) == stored(plant.history, NAMES)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    assert_refused(foreshift("restore", str(copy), "another", home=tmp_path), "SHA-256 has changed")


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_signal_ends_an_export_and_leaves_no_half_file(
    plant: PlantFolder, tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    file = folder / "out.xlsx"
    with long_running("export", str(plant.path), str(file), "--every", "1ms", home=tmp_path) as process:
        while not (folder / "out.xlsx.part").exists() and not list(folder.glob(".foreshift-*")):
            assert process.poll() is None, process.communicate()
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "cancelled" in errors
    assert "Traceback" not in errors
    assert list(folder.iterdir()) == []
