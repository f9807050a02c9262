"""`foreshift vibration` with a file of a data collector and a plant's real history."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.audit.journal import page
from app.database import open_reader
from app.model.audit import AuditAction
from app.plant.folder import PlantFolder
from tests.app.plant.test_vibration import FILE
from tests.app.vibration.synthetic import BEARING, RPM, impacts, noise, velocity_tone


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    found = PlantFolder(tmp_path)
    found.configuration.write_text(FILE, encoding="utf-8")
    values = velocity_tone(RPM / 60.0, 7.0) + impacts(BEARING.bpfo * RPM / 60.0, 12.0) + noise(0.5)
    np.save(tmp_path / "pump.npy", values)
    return found


def run(folder: PlantFolder, *words: str) -> int:
    return main(["vibration", words[0], str(folder.path), *words[1:]])


def taken(folder: PlantFolder, *words: str) -> int:
    return run(folder, "import", "PU01.DE", str(folder.path / "pump.npy"), "--at", "2026-03-01T08:00", *words)


def test_that_an_imported_waveform_is_told_listed_and_analysed(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken(folder) == 0
    told = capsys.readouterr().out
    assert "record 1: 32768 samples, 2.56 s at 12800 Hz" in told
    assert "zone C" in told
    assert "hint: outer race" in told
    assert "hint: unbalance" in told
    assert run(folder, "list", "--point", "PU01.DE") == 0
    (listed,) = capsys.readouterr().out.splitlines()
    assert "2026-03-01 08:00:00" in listed
    assert "1475/min" in listed
    with closing(open_reader(folder.history)) as connection:
        records = [line.record for line in page(connection, limit=10) if line.record is not None]
    assert "vibration PU01.DE" in {each.subject for each in records if each.action is AuditAction.HISTORY_IMPORTED}


def test_that_the_spectrum_tells_its_lines_and_is_written(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(folder)
    capsys.readouterr()
    file = folder.path / "velocity.csv"
    assert run(folder, "spectrum", "1", "--lines", "1", "--csv", str(file)) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert "0.997x" in line
    assert float(line.split("x")[1].split()[0]) == pytest.approx(7.0, rel=0.02)
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    assert table[np.argmax(table[:, 2]), 1] == pytest.approx(1.0, abs=0.05)
    assert run(folder, "spectrum", "1", "--of", "envelope", "--lines", "3") == 0
    assert f"{BEARING.bpfo:.2f}" in capsys.readouterr().out


def test_that_zones_tell_their_source(folder: PlantFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "zones") == 0
    assert "2 | 4 | 8 mm/s rms" in (told := capsys.readouterr().out)
    assert "source: contract 4711, annex 2" in told


def test_that_what_cannot_be_done_is_told(folder: PlantFolder, capsys: pytest.CaptureFixture[str]) -> None:
    taken(folder)
    assert taken(folder) != 0
    assert "already" in capsys.readouterr().err
    assert run(folder, "import", "PU99", str(folder.path / "pump.npy")) != 0
    assert "only PU01.DE" in capsys.readouterr().err
    assert run(folder, "spectrum", "9") != 0
    assert "there is no waveform 9" in capsys.readouterr().err
    (folder.path / "short.txt").write_text("1\n2\n", encoding="utf-8")
    assert run(folder, "import", "PU01.DE", str(folder.path / "short.txt")) != 0
    assert "2 samples" in capsys.readouterr().err
