"""A small plant in a folder of its own, whose picture is edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.connection import ConnectionDefinition
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets.picture_editor.saved import Saved
from tests.widgets.trend.air_station import PICTURE, Station, build_station
from widgets.engineering.editing import Editing
from widgets.operation import wait_for_all
from widgets.picture_editor.editor import PictureEditor


@pytest.fixture
def saved() -> Saved:
    return Saved()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    station = build_station(tmp_path, now=clock.now_ns(), hours=0.1, step_s=10.0, stored=False)
    station.feed.is_linked = False
    connections = tuple(
        ConnectionDefinition(name, "modbus", "modbus://127.0.0.1")
        for name in dict.fromkeys(tag.connection for tag in station.plant.tags)
    )
    plant = replace(station.plant, pictures=(PICTURE,), connections=connections)
    station.feed.plant = plant
    write_plant(tmp_path / "plant.toml", plant)
    yield station
    wait_for_all()


@pytest.fixture
def editor(station: Station, qtbot: QtBot, saved: Saved, tmp_path: Path) -> PictureEditor:
    editor = PictureEditor(station.feed, PlantFolder(tmp_path), editing=Editing(draw=saved.draw), user=lambda: "Li Na")
    qtbot.addWidget(editor)
    editor.show()
    editor.canvas.setFocus()
    return editor
