"""The whole window under random hands: no exception, no warning of Qt, no error in the log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.system.monkey import Faults, Monkey
from tests.system.window import live_window, running_plant, wait_until
from widgets import theme
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.translation import set_language

SHORT, LONG_S = 200, 600.0
LONG_SEED = int(os.environ.get("SEED", "1"))
pytestmark = pytest.mark.qt_no_exception_capture


@pytest.fixture
def faults(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """What the monkey finds; what it saves by chance lands in the test's folder."""
    monkeypatch.chdir(tmp_path)
    theme.apply(qapp, theme.load("dark"))
    found = Faults()
    with found.watching():
        yield found
    set_language("en")


@pytest.fixture
def quiet_window(tmp_path: Path) -> Iterator[MainWindow]:
    """The window on a plant whose collector does not run: the same deeds meet the same screens."""
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    plant = demo_plant()
    write_plant(folder.configuration, plant)
    preferences = Preferences(tmp_path / "window.ini")
    preferences.language = "en"
    window = MainWindow(Feed(plant, folder), preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    window.show()
    yield window
    window.close()
    window.feed.close()
    window.deleteLater()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2])
def test_that_random_hands_find_no_fault_in_a_window(faults: Faults, quiet_window: MainWindow, seed: int) -> None:
    monkey = Monkey(quiet_window, faults, seed=seed)
    monkey.start()
    assert wait_until(lambda: monkey.deeds >= SHORT, timeout_s=90)
    monkey.stop()
    settle(shortest_ms=50)
    assert not faults.found, "\n\n".join(faults.found)


def test_that_random_hands_find_a_fault_that_is_there(
    faults: Faults, quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise LookupError("nothing is found")

    monkeypatch.setattr(quiet_window.writing, "ask_sign_in", broken)
    monkeypatch.setattr(quiet_window.acknowledgement, "ask_operator", broken)
    monkey = Monkey(quiet_window, faults, seed=3)
    monkey.start()
    assert wait_until(lambda: bool(faults.found), timeout_s=60)
    monkey.stop()
    assert "LookupError: nothing is found" in faults.found[0]
    assert "after " in faults.found[0], "the way to the fault is told"


@pytest.mark.slow
@pytest.mark.timeout(LONG_S + 180)
def test_that_random_hands_find_no_fault_in_ten_minutes_on_a_running_plant(faults: Faults, tmp_path: Path) -> None:
    with running_plant(tmp_path) as folder, live_window(folder, tmp_path / "window.ini") as window:
        feed = window.feed
        assert wait_until(lambda: bool(feed.alarms and feed.cases), timeout_s=60), "the plant was to fail"
        monkey = Monkey(window, faults, seed=LONG_SEED)
        monkey.start()
        wait_until(lambda: len(faults.found) > 0, timeout_s=LONG_S)
        monkey.stop()
        settle(shortest_ms=50)
    assert not faults.found, "\n\n".join(faults.found)
