"""The recorded sets in their whole layout, of which a part alone is at hand: small made-up files of the same names."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from app.remaining_life.history import Fleet, MachineHistory
from app.remaining_life.regime import find_regimes
from tests.benchmarks.anomaly_sets import TEP_TAGS, read_skab, read_tep, read_tep_faults
from tests.benchmarks.cmapss import CONDITIONS, SIGNALS, read_set
from tests.benchmarks.nab import curve_of, read_corpus

FLIGHT = ((0.0, 0.0, 100.0), (10.0, 0.25, 100.0), (20.0, 0.7, 100.0), (25.0, 0.62, 60.0), (35.0, 0.84, 100.0),
          (42.0, 0.84, 100.0))  # fmt: skip
"""Altitude (1,000 ft), Mach number and throttle (degrees) of the six conditions of FD002 and FD004."""
SKAB_TAGS = "Accelerometer1RMS;Accelerometer2RMS;Current;Pressure;Temperature;Thermocouple;Voltage;Volume Flow RateRMS"


def engines(*, count: int, conditions: int, exact: bool, seed: int = 0) -> np.ndarray:
    """Return rows of engines that wear: number, cycle, three settings, 21 sensors; each condition has its own level."""
    chance = np.random.default_rng(seed)
    levels, tables = 100.0 * np.random.default_rng(77).random((6, 21)), []
    for number in range(1, count + 1):
        cycles = np.arange(1.0, chance.integers(80, 160))
        place = chance.integers(conditions, size=len(cycles))
        settings = np.array(FLIGHT)[place]
        if not exact:
            settings[:, :2] += np.round(chance.uniform(0.0, 1.0, (len(cycles), 2)) * (0.008, 0.0008), 4)
        wear = np.exp((cycles - cycles[-1]) / 30.0)[:, None] * np.arange(1.0, 22.0) / 7.0
        sensors = levels[place] + wear + 0.3 * chance.normal(size=(len(cycles), 21))
        tables.append(np.column_stack([np.full(len(cycles), number), cycles, settings, sensors]))
    return np.vstack(tables)


def write_engines(folder: Path, name: str, rows: np.ndarray, *, is_archive: bool) -> None:
    if not is_archive:
        np.savetxt(folder / f"{name}.txt", rows, fmt="%.4f")
        return
    text = io.StringIO()
    np.savetxt(text, rows, fmt="%.4f", delimiter=",", header="machine_number,uptime", comments="")
    content = "\n".join(line + ",,,,125" for line in text.getvalue().splitlines()).encode()
    member = tarfile.TarInfo(f"{name}.tar.gz")
    member.size = len(content)
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as archive:
        archive.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("is_archive", [False, True], ids=["text", "archive"])
@pytest.mark.parametrize("name", ["FD001", "FD002", "FD003", "FD004"])
def test_that_every_set_of_engines_is_read_and_compared_by_its_conditions(
    tmp_path: Path, name: str, *, is_archive: bool
) -> None:
    conditions = 6 if name in {"FD002", "FD004"} else 1
    for part, count in (("train", 6), ("test", 3)):
        rows = engines(count=count, conditions=conditions, exact=False, seed=count)
        write_engines(tmp_path, f"{part}_{name}", rows, is_archive=is_archive)
    np.savetxt(tmp_path / f"RUL_{name}.txt", np.array([12, 150, 40]), fmt="%d")
    found = read_set(tmp_path, name)
    assert (len(found.fleet.machines), len(found.stopped), found.truth.max()) == (6, 3, 150.0)
    regimes = find_regimes(found.fleet)
    assert len(regimes.centres) == conditions
    first = np.vstack([regimes.normalised(machine)[:20] for machine in found.fleet.machines])
    assert first.std() < 1.5


def test_that_conditions_without_scatter_are_told_apart_too() -> None:
    rows = engines(count=10, conditions=6, exact=True)
    machine = MachineHistory("M", rows[:, 2:5], rows[:, 5:])
    assert len(find_regimes(Fleet(CONDITIONS, SIGNALS, (machine,))).centres) == 6


def test_that_all_folders_of_skab_are_read_and_its_long_healthy_recording_is_apart(tmp_path: Path) -> None:
    names = [
        *(f"valve1/{n}" for n in range(16)),
        *(f"valve2/{n}" for n in range(4)),
        *(f"other/{n}" for n in range(14)),
    ]
    for name in [*names, "other/quiet", "anomaly-free/anomaly-free"]:
        path = tmp_path / "data" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        is_free, is_quiet = "free" in name, name == "other/quiet"
        labels = "" if is_free else ";anomaly;changepoint"
        lines = [
            f"2020-03-09 10:{second // 60:02}:{second % 60:02};" + ";".join(["0.5"] * 8)
            + ("" if is_free else f";{float(second > 20 and not is_quiet)};0.0")
            for second in range(60 if is_free else 30)
        ]  # fmt: skip
        path.write_text("\n".join([f"datetime;{SKAB_TAGS}{labels}", *lines]) + "\n", encoding="utf-8")
    labelled, free = read_skab(tmp_path, free_rows=60)
    assert (len(labelled), [each.name for each in free]) == (35, ["anomaly-free/anomaly-free.csv"])
    assert {each.rows.shape[1] for each in (*labelled, *free)} == {8}


def test_that_all_faults_of_the_tennessee_eastman_process_are_read(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    for number in range(22):
        learned = chance.normal(size=(60, TEP_TAGS))
        np.savetxt(tmp_path / f"d{number:02}.dat", learned.T if number == 0 else learned)
        np.savetxt(tmp_path / f"d{number:02}_te.dat", chance.normal(size=(70, TEP_TAGS)))
    process, runs = read_tep(tmp_path), read_tep_faults(tmp_path)
    assert [*process.faults] == [*runs.learned_from] == list(range(1, 22))
    assert {rows.shape[1] for rows in (process.learned_from, process.normal, *process.faults.values())} == {TEP_TAGS}


def test_that_series_of_nab_without_a_window_count_by_their_false_alarms_alone(tmp_path: Path) -> None:
    windows = {
        "artificialNoAnomaly/art_noisy.csv": [],
        "realTweets/Twitter_volume_AAPL.csv": [["2015-02-26 21:45:00.000000", "2015-02-26 22:15:00.000000"]],
    }
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "combined_windows.json").write_text(json.dumps(windows), encoding="utf-8")
    for name in windows:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True)
        rows = [f"2015-02-26 {minute // 60:02}:{minute % 60:02}:00,{minute}.0" for minute in range(1_200, 1_440, 5)]
        path.write_text("\n".join(["timestamp,value", *rows]) + "\n", encoding="utf-8")
    files = read_corpus(tmp_path)
    assert sorted(len(file.windows) for file in files) == [0, 1]
    silent = {file.name: np.zeros(48) for file in files}
    wrong = {
        file.name: (np.arange(48) == 40).astype(np.float64) if not file.windows else np.zeros(48) for file in files
    }
    assert curve_of(files, silent).at(0.5) == -1.0
    assert curve_of(files, wrong).at(0.5) == pytest.approx(-1.11)
    assert curve_of([file for file in files if not file.windows], wrong).best() == (0.0, np.inf)
