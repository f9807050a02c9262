"""`foreshift demo` without a display does the whole main job and leaves pictures of it."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from app.alarm.journal import JournalEntry, page
from app.database import open_reader
from app.model.alarm import AlarmState
from app.model.clock import NS_PER_S
from app.plant.folder import PlantFolder
from app.supervisor import own_command
from tests.widgets.screen import PAGES

LOOKS = ("dark-en", "light-zh")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def demo(folder: Path, *options: str, timeout_s: float) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end as one would in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        own_command(["demo", *options]),
        cwd=folder,
        env=kept | {"FORESHIFT_HOME": str(folder / "home"), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def pictures(moment: str) -> set[str]:
    return {f"{moment}-{page}-{look}.png" for page in PAGES for look in LOOKS}


def journal(folder: Path) -> list[JournalEntry]:
    """Return the alarms of the demo, the oldest first."""
    with closing(open_reader(PlantFolder(folder / "home" / "plants" / "demo").history)) as connection:
        return list(reversed(page(connection, 0, limit=1_000)))


@pytest.mark.timeout(400)
def test_that_a_demo_without_a_display_says_so_and_where_its_pictures_are(tmp_path: Path) -> None:
    run = demo(tmp_path, "--seconds=6", "--off-screen", "--faults=healthy", timeout_s=360)
    assert run.returncode == 0, run.stderr
    assert f"It ends after 6 s and leaves pictures in {tmp_path / 'demo-pictures'}" in run.stdout
    assert f"pictures of the screens: {tmp_path / 'demo-pictures'}" in run.stdout
    assert "{" not in run.stdout, "it speaks to people"
    assert {path.name for path in (tmp_path / "demo-pictures").iterdir()} == pictures("end")


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_that_the_clogging_strainer_is_alarmed_and_foreseen_before_the_pump_trips(tmp_path: Path) -> None:
    run = demo(tmp_path, timeout_s=140)
    assert run.returncode == 0, run.stderr
    assert "no display" in run.stdout
    assert {path.name for path in (tmp_path / "demo-pictures").iterdir()} == pictures("foreseen") | pictures("end")
    raised = {
        entry.record.alarm: entry.record.raised
        for entry in journal(tmp_path)
        if entry.record.state is AlarmState.UNACKNOWLEDGED
    }
    # the forecast is made once a second, so that on a busy computer the second of the two may be the first
    assert set(list(raised)[:2]) == {"PU02.STRAINER.SOON", "PU02.DP_STR.H"}, "a healthy plant raises no alarm"
    assert raised["PU02.STRAINER.SOON"] < raised["PU02.DP_STR.HH"], "foretold before there is hardly any time left"
    assert raised["PU02.DP_STR.H"] < raised["PU02.DP_STR.HH"] < raised["PU02.TRIP.H"]
    assert raised["PU02.TRIP.H"] - raised["PU02.DP_STR.H"] > 10 * NS_PER_S
    lines = [line for line in run.stdout.splitlines() if "forecasts" in line]
    foretold = next(place for place, line in enumerate(lines) if "PU02 Suction strainer clogging in" in line)
    tripped = next(place for place, line in enumerate(lines) if "due now" in line or "at its limit" in line)
    assert tripped - foretold >= 4, "foretold 20 s of the clock, 1.7 h of the plant, before"
