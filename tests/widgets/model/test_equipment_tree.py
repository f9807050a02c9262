"""In the equipment tree a parent shows its worst child, and only nodes that changed are told."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmState, Priority
from app.model.forecast import Health, HealthState
from app.pubsub.frame import AlarmsChanged, HealthChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.model.equipment_tree import EquipmentTree, described
from widgets.translation import set_language


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def tree(qtbot: QtBot, feed: Feed) -> EquipmentTree:
    tree = EquipmentTree(feed)
    QAbstractItemModelTester(tree, QAbstractItemModelTester.FailureReportingMode.Warning, tree)
    return tree


def names(tree: EquipmentTree, parent: QModelIndex | None = None) -> list[object]:
    top = QModelIndex() if parent is None else parent
    found: list[object] = []
    for row in range(tree.rowCount(top)):
        index = tree.index(row, 0, top)
        found += [index.data(EquipmentTree.ID), *names(tree, index)]
    return found


def test_that_the_hierarchy_of_the_plant_is_the_hierarchy_of_the_tree(tree: EquipmentTree) -> None:
    assert names(tree) == [item.id for item in plant.plant().equipment]
    assert tree.index_of("AC01").parent().data() == "Compressed air"


def test_that_a_parent_shows_its_worst_alarm_and_its_lowest_health(tree: EquipmentTree, feed: Feed) -> None:
    feed.receive(
        [
            AlarmsChanged(
                (
                    plant.alarm("AC01.T_D", priority=Priority.HIGH),
                    plant.alarm("P01.VIB", priority=Priority.CRITICAL, state=AlarmState.ACKNOWLEDGED),
                )
            ),
            HealthChanged((plant.health("AC01", 41.0), plant.health("AC02", 92.0), plant.health("P01", 77.0))),
        ]
    )
    assert (tree.status_of("air").priority, tree.status_of("air").health) == (Priority.HIGH, 41.0)
    site = tree.status_of("site")
    assert (site.priority, site.state, site.health) == (Priority.CRITICAL, AlarmState.ACKNOWLEDGED, 41.0)
    assert tree.status_of("quench").priority is None


def test_that_an_unacknowledged_alarm_outweighs_an_acknowledged_one_of_its_priority(
    tree: EquipmentTree, feed: Feed
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED), plant.alarm("AC01.P_D")))])
    assert tree.status_of("air").state is AlarmState.UNACKNOWLEDGED


def test_that_only_changed_nodes_are_told(tree: EquipmentTree, feed: Feed) -> None:
    feed.receive([HealthChanged((plant.health("AC01", 41.0), plant.health("AC02", 92.0)))])
    told: list[object] = []
    tree.dataChanged.connect(lambda first, *_: told.append(first.data(EquipmentTree.ID)))
    feed.receive([HealthChanged((plant.health("AC02", 90.4),))])
    assert told == ["AC02"]
    feed.receive([HealthChanged((plant.health("AC02", 90.3),))])
    assert told == ["AC02"], "the same number is not painted again"


def test_that_a_cleared_alarm_disappears_up_to_the_site(tree: EquipmentTree, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D", state=AlarmState.NORMAL),))])
    assert tree.status_of("site").priority is None


def test_that_learning_is_no_health(tree: EquipmentTree, feed: Feed) -> None:
    feed.receive([HealthChanged((Health("F01", HealthState.LEARNING, plant.NOW, math.nan, progress=0.4),))])
    status = tree.status_of("F01")
    assert math.isnan(status.health)
    assert described(status) == "learning what is healthy: 40 %"
    assert described(tree.status_of("T01")) == "health not known"


def test_that_the_filter_keeps_parents_and_children_of_what_it_finds(tree: EquipmentTree) -> None:
    tree.filter("pump")
    assert names(tree) == ["site", "cooling", "P01", "P02"]
    tree.filter("空压站")
    assert names(tree) == ["site", "air", "AC01", "AC02", "AR01"]
    assert not tree.index_of("P01").isValid()
    tree.filter("")
    assert tree.index_of("P01").isValid()


def test_that_names_follow_the_language(tree: EquipmentTree) -> None:
    set_language("zh")
    assert tree.index_of("AC01").data() == "空压机 AC01"
