"""The equipment panel: choosing a row makes that equipment the present one, wherever the choice comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from app.model.forecast import HealthState
from app.pubsub.frame import AlarmsChanged, HealthChanged
from tests.widgets import plant
from widgets import theme
from widgets.equipment.tree import EquipmentPanel, EquipmentView
from widgets.feed import Feed
from widgets.navigation import Navigation


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def navigation(feed: Feed) -> Navigation:
    return Navigation(feed.plant)


@pytest.fixture
def panel(qtbot: QtBot, feed: Feed, navigation: Navigation) -> EquipmentPanel:
    panel = EquipmentPanel(feed, navigation)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    return panel


def colors(view: EquipmentView, equipment: str, panel: EquipmentPanel) -> set[str]:
    row = view.visualRect(panel.model.index_of(equipment))
    image = view.viewport().grab(row).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_that_a_row_makes_its_equipment_the_present_one(panel: EquipmentPanel, navigation: Navigation) -> None:
    panel.view.setCurrentIndex(panel.model.index_of("P01"))
    assert navigation.equipment == "P01"
    assert navigation.page == "", "keys move through the tree without leaving the page"
    panel.view.clicked.emit(panel.model.index_of("P01"))
    assert navigation.page == "equipment"


def test_that_the_tree_follows_a_choice_made_elsewhere(panel: EquipmentPanel, navigation: Navigation) -> None:
    navigation.open_tag("F01.T")
    assert panel.view.currentIndex() == panel.model.index_of("F01")


def test_that_the_choice_survives_a_filter(panel: EquipmentPanel, navigation: Navigation) -> None:
    navigation.select_equipment("P01")
    panel.filter.setText("compressor")
    assert navigation.equipment == "P01"
    panel.filter.setText("")
    assert panel.view.currentIndex() == panel.model.index_of("P01")


def test_that_alarm_colours_mean_alarms_and_prediction_has_its_own(panel: EquipmentPanel, feed: Feed) -> None:
    look = theme.theme()
    feed.receive(
        [
            AlarmsChanged((plant.alarm("AC01.T_D", priority=Priority.CRITICAL),)),
            HealthChanged(
                (
                    plant.health("AC01", 50.0),
                    plant.health("AC02", 50.0, state=HealthState.DEGRADED),
                    plant.health("AR01", 95.0),
                )
            ),
        ]
    )
    alarm, forecast = look.priority(Priority.CRITICAL).name(), look.color("forecast").name()
    assert alarm in colors(panel.view, "AC01", panel)
    assert forecast in colors(panel.view, "AC02", panel)
    assert alarm not in colors(panel.view, "AC02", panel)
    assert not {alarm, forecast} & colors(panel.view, "AR01", panel)


def test_that_the_selected_row_has_an_accent_at_its_left_edge(panel: EquipmentPanel, navigation: Navigation) -> None:
    navigation.select_equipment("P01")
    row = panel.view.visualRect(panel.model.index_of("P01"))
    image = panel.view.viewport().grab().toImage()
    assert QColor(image.pixel(1, row.center().y())) == theme.theme().color("accent")
    for x in (8, row.left() + 2, image.width() - 3):
        assert QColor(image.pixel(x, row.top() + 3)) == theme.theme().color("selection"), x
