import json
from pathlib import Path

import numpy as np
import pytest

from app.model.clock import NS_PER_S
from tests.benchmarks.history_store import Absent
from tests.benchmarks.nab import PROFILES, NabFile, curve_of, read_corpus, windowed_gaussian

ROWS = 1_000
FILE = NabFile("a.csv", np.arange(ROWS) * NS_PER_S, np.zeros(ROWS), ((400, 499), (800, 899)))
# The published scores of Windowed Gaussian in these files of NAB 1.1, and the deviations at which its precision ended.
PUBLISHED = {
    "cpu_utilization_asg_misconfiguration": (8.5, -1.11),
    "rogue_agent_key_hold": (8.9, -2.44),
    "rogue_agent_key_updown": (13.3, -1.3964908955014117),
    "nyc_taxi": (8.3, -5.0),
    "ambient_temperature_system_failure": (8.3, -2.0),
    "machine_temperature_system_failure": (8.3, -4.0),
}


def told(*rows: int) -> dict[str, np.ndarray]:
    scores = np.zeros(ROWS)
    scores[list(rows)] = 1.0
    return {FILE.name: scores}


def test_that_silence_scores_0_and_perfection_100() -> None:
    for profile in PROFILES:
        curve = curve_of([FILE], told(), profile)
        assert curve.normalised(curve.at(0.5)) == 0.0
        assert curve_of([FILE], told(400, 800), profile).best()[0] == pytest.approx(100.0, abs=0.01)


def test_that_a_late_detection_is_worth_less_and_only_the_first_in_a_window_counts() -> None:
    early, late = (curve_of([FILE], told(row)).at(0.5) for row in (410, 490))
    assert early > late > -2.0
    assert curve_of([FILE], told(410, 450, 490)).at(0.5) == early


def test_that_a_false_detection_costs_its_weight_and_less_just_after_a_window() -> None:
    assert curve_of([FILE], told(300)).at(0.5) == pytest.approx(-2.0 - 0.11)
    assert -2.0 - 0.11 < curve_of([FILE], told(505)).at(0.5) < -2.0
    assert curve_of([FILE], told(300), PROFILES[1]).at(0.5) == pytest.approx(-2.0 - 0.22)


def test_that_the_first_rows_are_not_scored() -> None:
    assert curve_of([FILE], told(100)).at(0.5) == -2.0


def test_that_a_missing_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="combined_windows"):
        read_corpus(tmp_path)


def test_that_a_folder_is_read_with_its_windows(tmp_path: Path) -> None:
    (tmp_path / "data" / "kind").mkdir(parents=True)
    (tmp_path / "labels").mkdir()
    lines = [f"2014-01-01 00:{minute:02}:00,{minute}" for minute in range(60)]
    (tmp_path / "data" / "kind" / "a.csv").write_text("timestamp,value\n" + "\n".join(lines), encoding="utf-8")
    windows = {"kind/a.csv": [["2014-01-01 00:10:00.000000", "2014-01-01 00:19:00.000000"]], "kind/b.csv": []}
    (tmp_path / "labels" / "combined_windows.json").write_text(json.dumps(windows), encoding="utf-8")
    (file,) = read_corpus(tmp_path)
    assert file.windows == ((10, 19),)
    assert file.values[-1] == 59.0


@pytest.mark.peer
@pytest.mark.parametrize("name", PUBLISHED)
def test_that_the_published_scores_of_windowed_gaussian_are_reproduced(recorded_data: Path, name: str) -> None:
    files = {Path(file.name).stem: file for file in read_corpus(recorded_data / "nab")}
    if name not in files:
        pytest.skip(f"not run: {name} is absent")
    threshold, published = PUBLISHED[name]
    file = files[name]
    scores = {file.name: windowed_gaussian(file.values, most=np.inf)}
    assert curve_of([file], scores).at(threshold) == pytest.approx(published, abs=1e-9)
