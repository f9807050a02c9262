"""What the window is opened on, and the collector that it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from app.command.failure import UsageFailure
from app.command.keeper import keeper_lock
from app.command.line import parser
from app.command.services import start_collector, window_services
from app.command.window import _is_idle_demo
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantCatalogue:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path))
    return PlantCatalogue()


@pytest.fixture
def demo(catalogue: PlantCatalogue) -> PlantFolder:
    demo = catalogue.new_folder("demo")
    demo.run.mkdir(parents=True)
    demo.configuration.write_text("", encoding="utf-8")
    return demo


def test_that_the_demo_plant_is_played_again_where_nothing_plays_it(
    catalogue: PlantCatalogue, demo: PlantFolder
) -> None:
    assert not _is_idle_demo(None), "another plant is to be shown, or none"
    catalogue.remember(demo)
    assert _is_idle_demo(None)
    assert _is_idle_demo(demo)
    assert not _is_idle_demo(catalogue.new_folder("press"))
    for lock in (keeper_lock(demo), demo.lock):
        with FileLock(lock):
            assert not _is_idle_demo(None)


def test_that_a_collector_that_cannot_work_says_why(catalogue: PlantCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.command.services.PROOF_S", 40.0)  # it is not waited for: a busy computer takes its time
    folder = catalogue.new_folder("press")
    folder.path.mkdir(parents=True)
    folder.configuration.write_text("[plant]\nid = 5\n", encoding="utf-8")
    with pytest.raises(UsageFailure, match=r"^plant.toml:1: .*\nplant.toml:2: "):
        start_collector(folder)


def test_that_no_second_keeper_is_started_beside_one_that_is_just_starting(
    catalogue: PlantCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = catalogue.new_folder("press")
    folder.run.mkdir(parents=True)
    started: list[PlantFolder] = []
    monkeypatch.setattr("app.command.services.start_collector", started.append)
    with window_services(is_kept=False) as services:
        with FileLock(keeper_lock(folder)):
            services.ensure_collector(folder)
        assert started == []
        services.ensure_collector(folder)
    assert started == [folder]


@pytest.mark.parametrize(
    ("text", "told"),
    [("yesterday", "is no time"), ("2026-13-01", "is no time"), ("2999-01-01T00:00", "has not been yet")],
)
def test_that_only_the_past_can_be_replayed(text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["open", "demo", "--at", text])
    assert told in capsys.readouterr().err


def test_that_an_instant_is_that_of_the_time_zone_it_names() -> None:
    options = parser().parse_args(["open", "demo", "--at", "2026-11-24T10:30+08:00", "--speed", "10"])
    assert options.at == 1_795_487_400 * 1_000_000_000
    assert options.speed == 10
