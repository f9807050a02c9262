"""Rows that come, go and change places: a view that hears of it shows what the model has, and selections stay."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.model.alarm_table import AlarmTable, Column
from widgets.model.row_change import stretches
from widgets.model.urgency_order import FEW, Shift, UrgencyOrder

STATES = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.NORMAL)
VISIBLE = (3, 9)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


def record_of(number: int, chance: random.Random) -> AlarmRecord:
    record = plant.alarm("AC01.T_D", priority=Priority(chance.randint(1, 4)), state=chance.choice(STATES))
    return structs.replace(record, alarm=f"A{number:03}", raised=chance.randint(0, 20))


class Watcher:
    """Shows the rows in view as a table does that hears nothing but the model's signals."""

    def __init__(self, table: AlarmTable) -> None:
        self._table = table
        self.shown = self._rows()
        self.told = 0
        table.dataChanged.connect(self._renew)
        table.layoutChanged.connect(self._read)
        table.rowsInserted.connect(self._read)
        table.rowsRemoved.connect(self._read)

    def _rows(self) -> list[str]:
        return [record.alarm for record in self._table.rows]

    def _renew(self, first: QModelIndex, last: QModelIndex) -> None:
        rows = self._rows()
        self.shown[first.row() : last.row() + 1] = rows[first.row() : last.row() + 1]
        self.told += last.row() - first.row() + 1

    def _read(self) -> None:
        """Read all rows in view again, as a QTableView does for rows that come or go, wherever they stand."""
        self.shown = self._rows()
        self.told += VISIBLE[1] - VISIBLE[0] + 1

    def sees(self) -> list[str]:
        return self.shown[VISIBLE[0] : VISIBLE[1] + 1]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("changes", "selected"), [(3, 0), (3, 1), (3, 4), (20, 1)])
def test_that_a_view_shows_the_rows_in_their_order(
    qtbot: QtBot, feed: Feed, seed: int, changes: int, selected: int
) -> None:
    chance = random.Random(seed)
    table = AlarmTable(feed)
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    table.visible = lambda: VISIBLE
    feed.receive([AlarmsChanged(tuple(record_of(number, chance) for number in range(26)))])
    watcher = Watcher(table)
    kept = {
        record.alarm: QPersistentModelIndex(table.index(row, Column.TAG))
        for row, record in enumerate(table.rows)
        if row % 5 == 2
    }
    kept = dict(list(kept.items())[:selected])
    for _ in range(12):
        feed.receive([AlarmsChanged(tuple(record_of(chance.randrange(26), chance) for _ in range(changes)))])
        rows = [record.alarm for record in table.rows]
        assert rows == [record.alarm for record in sorted(feed.alarms.values(), key=_by_hand)]
        assert watcher.sees() == rows[VISIBLE[0] : VISIBLE[1] + 1]
        for alarm, index in list(kept.items()):
            if not index.isValid():
                del kept[alarm]
            else:
                assert rows[index.row()] == alarm


def _by_hand(record: AlarmRecord) -> tuple[bool, int, int, str]:
    return (not record.state.needs_acknowledge, record.priority, -record.raised, record.alarm)


def test_that_rows_beyond_the_view_move_without_a_word(qtbot: QtBot, feed: Feed) -> None:
    table = AlarmTable(feed)
    table.visible = lambda: VISIBLE
    chance = random.Random(1)
    records = [structs.replace(record_of(n, chance), raised=n, priority=Priority.HIGH) for n in range(300)]
    standing = [structs.replace(each, state=AlarmState.UNACKNOWLEDGED) for each in records]
    feed.receive([AlarmsChanged(tuple(standing))])
    watcher = Watcher(table)
    feed.receive([AlarmsChanged((structs.replace(standing[10], state=AlarmState.ACKNOWLEDGED),))])
    assert table.rows[-1].alarm == "A010"
    assert watcher.told == 0
    feed.receive([AlarmsChanged((structs.replace(standing[295], state=AlarmState.ACKNOWLEDGED),))])
    assert table.rows[-2].alarm == "A295"
    assert watcher.told == VISIBLE[1] - 4 + 1


def test_that_many_changes_sort_all_anew() -> None:
    chance = random.Random(2)
    order, listed = UrgencyOrder(), {}
    order.begin([])
    for number in range(FEW + 1):
        record = record_of(number, chance)
        order.enter(record.alarm)
        listed[record.alarm] = record
    assert order.shift(listed) is None
    order.begin([each.alarm for each in sorted(listed.values(), key=_by_hand)])
    assert order.shift(listed) == Shift((), (), 0, -1)


def test_that_places_in_a_row_are_one_stretch() -> None:
    assert stretches([]) == []
    assert stretches([2, 3, 4, 7, 9, 10]) == [(2, 4), (7, 7), (9, 10)]
