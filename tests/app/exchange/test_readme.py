"""The example of the README runs on a computer that has nothing but a clone."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.command.line import parser
from app.plant.file import examine_plant
from app.plant.recording.plant import Endpoints, Through, plant_of_recording
from app.plant.recording.signal import signals_of
from app.plant.writer import write_plant
from drivers.replay.reader import read_recording

EXAMPLE = re.compile(r"^```\npython3 -c '(.*?)' > bearing\.csv\n(.*?)^```", re.MULTILINE | re.DOTALL)
README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def example() -> tuple[str, list[str]]:
    """The program that makes a recording, and the commands that replay and show it."""
    found = re.search(
        r"^```\npython3 -c '(.*?)' > bearing\.csv\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return found[1], found[2].splitlines()


def test_that_the_recording_of_the_readme_gives_a_plant_with_a_forecast(
    tmp_path: Path, example: tuple[str, list[str]]
) -> None:
    program, (replay, _) = example
    made = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, check=True).stdout
    (tmp_path / "bearing.csv").write_bytes(made)
    speed = parser(("replay",)).parse_args(shlex.split(replay)[1:]).speed
    recording = read_recording(tmp_path / "bearing.csv")
    assert (len(recording.time), recording.duration_ns / speed) == (1440, pytest.approx(60e9, rel=0.01))
    endpoints = Endpoints("opc.tcp://127.0.0.1:4840", "modbus://127.0.0.1:1502", "urn:foreshift:replay")
    signals = signals_of(recording, speed=speed)
    plant = plant_of_recording(recording, signals, endpoints, speed=speed, through=Through.BOTH)
    assert [signal.unit for signal in signals] == ["Cel"]
    assert plant.forecasts
    write_plant(tmp_path / "plant.toml", plant)
    assert examine_plant(tmp_path / "plant.toml", drivers=("modbus", "opcua")).problems == ()


def test_that_the_commands_of_the_readme_are_commands_and_meet_in_one_plant(example: tuple[str, list[str]]) -> None:
    _, lines = example
    replay, shown = (parser().parse_args(shlex.split(line)[1:]) for line in lines)
    assert shown.plant == f"replay-{Path(replay.file).stem}"
