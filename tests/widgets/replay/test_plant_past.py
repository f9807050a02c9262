"""A replay shows the names, limits and pictures of its day, and says so where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.audit.configuration import log_configuration
from app.audit.journal import AuditJournal
from app.audit.pictures import log_pictures
from app.database import open_writer
from app.model import clock
from app.model.text import LocalText
from app.plant.catalogue import PlantCatalogue
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets import plant as screens
from tests.widgets import screen
from tests.widgets.replay.recorded_day import at, record_day
from widgets.desktop import Services
from widgets.replay.desktop import ReplayDesktop, ReplayStart
from widgets.replay.plant_past import EVER, plant_at
from widgets.replay.window import ReplayWindow

PICTURE = """
title = { en = "Pumps", zh = "泵" }
equipment = "cooling"
size = [400, 300]
"""


def record_versions(folder: PlantFolder, *, title: str = "") -> None:
    """Let the plant be called Former until second 300, and have a picture from second 400 on."""
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        for second, name in ((10, "Former"), (300, title or "Present")):
            write_plant(folder.configuration, replace(screens.plant(), name=LocalText(name)))
            with clock.frozen(at(second)):
                log_configuration(journal, folder.configuration, window="collector")
        pictures = folder.path / "pictures"
        pictures.mkdir()
        (pictures / "pumps.toml").write_text(PICTURE, encoding="utf-8")
        with clock.frozen(at(400)):
            log_pictures(journal, pictures, window="collector")


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path / "plant")
    folder.path.mkdir()
    record_versions(folder)
    return folder


def test_that_a_plant_is_read_as_it_was_configured_then(folder: PlantFolder) -> None:
    present = read_plant(folder.configuration)
    told = [
        (past.plant.name.en, [each.id for each in past.plant.pictures], past.since, past.until, past.is_known)
        for past in (plant_at(folder, present, at(second)) for second in (5, 10, 299, 300, 350, 400, 999))
    ]
    none = list[str]()
    first, second = ("Former", none, at(10), at(300), True), ("Present", none, at(300), at(400), True)
    last = ("Present", ["pumps"], at(400), EVER[1], True)
    assert told == [("Former", [], EVER[0], at(300), True), first, first, second, second, last, last]


def test_that_a_plant_whose_file_was_not_kept_is_that_of_today_and_says_so(folder: PlantFolder) -> None:
    present = read_plant(folder.configuration)
    with closing(open_writer(folder.history)) as connection:
        connection.execute("DELETE FROM audit_document WHERE content LIKE '%Former%'")
    past = plant_at(folder, present, at(20))
    assert (past.plant, past.until, past.is_known) == (present, at(300), False)


def test_that_a_plant_without_a_history_is_as_it_is(tmp_path: Path) -> None:
    past = plant_at(PlantFolder(tmp_path), screens.plant(), at(20))
    assert (past.plant, past.is_known) == (screens.plant(), True)


def test_that_the_window_of_a_replay_is_built_anew_where_the_plant_was_changed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = PlantCatalogue(tmp_path)
    folder = home.new_folder("day")
    folder.path.mkdir(parents=True)
    record_day(folder.path)
    record_versions(folder)
    qapp.setQuitOnLastWindowClosed(False)
    desktop = ReplayDesktop(
        qapp,
        Services(lambda _: None, lambda: folder),
        catalogue=home,
        start=ReplayStart(at(95), speed=20, is_playing=False),
        pages=lambda _, acknowledgement: screen.pages(acknowledgement),
    )
    assert desktop.open(folder)

    def shows(name: str, second: float) -> Callable[[], bool]:
        def is_so() -> bool:
            window = desktop.window
            return (
                isinstance(window, ReplayWindow)
                and window.feed.plant.name.en == name
                and window.feed.is_linked
                and clock.now_ns() == at(second)
            )

        return is_so

    for name, second in (("Former", 95.0), ("Present", 450.0), ("Former", 120.0)):
        window = desktop.window
        assert isinstance(window, ReplayWindow)
        assert window.playhead is not None
        window.playhead.jump(at(second))
        qtbot.waitUntil(shows(name, second), timeout=20_000)
    assert isinstance(desktop.window, ReplayWindow)
    assert desktop.window.playhead is not None
    assert (desktop.window.playhead.speed, desktop.window.playhead.is_playing) == (20, False)
    desktop.close()
    assert not clock.is_replaying()
    qapp.setQuitOnLastWindowClosed(True)
