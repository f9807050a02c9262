"""An operator goes up and down between the display levels with a press or a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.picture import DisplayLevel, Picture, Symbol
from app.model.text import LocalText
from tests.widgets.trend.air_station import PICTURE, Station, build_station
from widgets.operation import wait_for_all
from widgets.picture.panel import PicturePanel
from widgets.trend.live_samples import LiveSamples

TOP = Picture("all", LocalText("Plant", "全厂"), "", (1000, 600), level=DisplayLevel.OVERVIEW)
DETAIL = replace(PICTURE, id="C-201", title=LocalText("C-201"), equipment="C-201", level=DisplayLevel.DETAIL)
OTHER = replace(DETAIL, id="C-202", title=LocalText("C-202"), equipment="C-202")


@pytest.fixture
def panel(tmp_path: Path, qtbot: QtBot) -> Iterator[PicturePanel]:
    station: Station = build_station(tmp_path, now=clock.now_ns(), hours=0.1, step_s=10.0, stored=False)
    station.feed.plant = replace(station.plant, pictures=(TOP, PICTURE, DETAIL))
    panel = PicturePanel(station.feed, LiveSamples(station.feed, station.feed))
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.show()
    panel.show_equipment("C-201")
    yield panel
    wait_for_all()


def shown(panel: PicturePanel) -> str:
    return panel.picture.id if panel.picture is not None else ""


def test_that_equipment_is_shown_in_its_unit_and_keys_lead_down_and_up(panel: PicturePanel) -> None:
    assert shown(panel) == "air"
    panel.view.setFocus()
    for key, expected in (
        (Qt.Key.Key_Down, "C-201"),
        (Qt.Key.Key_Down, "C-201"),
        (Qt.Key.Key_Up, "air"),
        (Qt.Key.Key_Up, "all"),
        (Qt.Key.Key_Down, "air"),
    ):
        QTest.keyClick(panel.view, key, Qt.KeyboardModifier.AltModifier)
        assert shown(panel) == expected


def test_that_a_picture_that_was_changed_is_shown_at_once(panel: PicturePanel) -> None:
    feed = panel._feed
    changed = replace(PICTURE, readouts=())
    feed.take_pictures(replace(feed.plant, pictures=(TOP, changed, DETAIL)))
    assert panel.picture == changed
    feed.take_pictures(replace(feed.plant, pictures=(TOP,)))
    assert panel.picture == TOP


def test_that_a_part_follows_the_picture_of_its_class_at_once(panel: PicturePanel) -> None:
    feed = panel._feed
    kind = next(each.kind for each in feed.plant.equipment if each.id == "C-201")
    template = replace(OTHER, id="set", equipment="", equipment_class=kind, symbols=(), readouts=(), is_part=True)
    template = replace(template, symbols=(Symbol("motor", (10, 10), (8, 8), "{id}"),))
    around = replace(PICTURE, symbols=(Symbol("part", (100, 100), (90, 90), "C-201", part="set"),))
    feed.take_pictures(replace(feed.plant, pictures=(TOP, around), faceplates=(template,)))

    def drawn() -> list[tuple[str, str]]:
        picture = panel.view._picture
        return [(each.kind, each.equipment) for each in picture.symbols] if picture is not None else []

    assert drawn() == [("motor", "C-201")]
    changed = replace(template, symbols=(replace(template.symbols[0], kind="fan"),))
    feed.take_pictures(replace(feed.plant, faceplates=(changed,)))
    assert drawn() == [("fan", "C-201")]


def test_that_buttons_stand_only_where_they_lead_somewhere(panel: PicturePanel) -> None:
    bar = panel.levels
    assert (bar.up.isVisible(), bar.down.isVisible()) == (True, True)
    assert bar.up.toolTip() == "Up to Plant (Alt+Up)"
    QTest.mouseClick(bar.up, Qt.MouseButton.LeftButton)
    assert (bar.up.isVisible(), bar.down.isVisible()) == (False, True)


def test_that_of_several_pictures_below_one_is_chosen(panel: PicturePanel) -> None:
    panel._feed.plant = replace(panel._feed.plant, pictures=(TOP, PICTURE, DETAIL, OTHER))
    panel.show_picture(TOP)
    panel.show_picture(PICTURE)
    actions = panel.levels.choices().actions()
    assert [action.text() for action in actions] == ["C-201", "C-202"]
    actions[1].trigger()
    assert shown(panel) == "C-202"
