"""The list of standing alarms keeps its own order and filter, and tells only the cells that changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.text import LocalText
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.model.alarm_column import sort_value, sort_values
from widgets.model.alarm_filter import AlarmSearch
from widgets.model.alarm_table import RECORD, AlarmFilter, AlarmTable, Column, Grouping
from widgets.translation import set_language


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    feed = plant.feed(tmp_path)
    feed.is_linked = True
    return feed


@pytest.fixture
def table(qtbot: QtBot, feed: Feed) -> AlarmTable:
    table = AlarmTable(feed)
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    return table


def tell(feed: Feed, *records: AlarmRecord) -> None:
    feed.receive([AlarmsChanged(records)])


def tags(table: AlarmTable) -> Sequence[str]:
    return [record.tag for record in table.rows]


def text(table: AlarmTable, row: int, column: Column) -> object:
    return table.index(row, column).data()


def test_that_waiting_alarms_come_first_then_the_urgent_then_the_new(table: AlarmTable, feed: Feed) -> None:
    tell(
        feed,
        plant.alarm("AC01.P_D", priority=Priority.CRITICAL, state=AlarmState.ACKNOWLEDGED),
        plant.alarm("AC01.T_D", priority=Priority.HIGH, age_s=60),
        plant.alarm("F01.T", priority=Priority.HIGH, age_s=5),
        plant.alarm("P01.VIB", priority=Priority.MEDIUM, state=AlarmState.RETURNED),
    )
    assert tags(table) == ["F01.T", "AC01.T_D", "P01.VIB", "AC01.P_D"]


def test_that_a_row_says_all_an_operator_needs(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D", limit=103.0))
    plant.fill(feed, [104.84], time=clock.now_ns())
    row = [str(text(table, 0, column)) for column in Column]
    assert row[Column.STATE] == "Unacknowledged"
    assert row[Column.EQUIPMENT] == "Compressor AC01"
    assert row[Column.MESSAGE] == "Discharge temperature high"
    assert row[Column.VALUE] == "104.8 °C"
    assert row[Column.LIMIT] == "> 103.0 °C"


def test_that_ended_alarms_leave_and_new_ones_enter_by_rows(qtbot: QtBot, table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("F01.T"))
    removed: list[tuple[int, int]] = []
    table.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    with qtbot.assertNotEmitted(table.modelReset):
        tell(feed, plant.alarm("AC01.T_D", state=AlarmState.NORMAL), plant.alarm("P01.VIB", priority=Priority.CRITICAL))
    assert len(removed) == 1
    assert tags(table) == ["P01.VIB", "F01.T"]


def test_that_a_selected_row_stays_selected_when_the_order_changes(table: AlarmTable, feed: Feed) -> None:
    from PySide6.QtCore import QPersistentModelIndex

    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM))
    kept = QPersistentModelIndex(table.index(1, Column.MESSAGE))
    tell(feed, plant.alarm("F01.T", priority=Priority.MEDIUM), plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED))
    assert tags(table) == ["F01.T", "AC01.T_D"]
    assert kept.row() == 0
    assert kept.data() == "Furnace temperature high"


def test_that_a_new_value_tells_one_cell_of_one_row(table: AlarmTable, feed: Feed) -> None:
    told: list[tuple[int, int]] = []

    def note(first: QModelIndex, last: QModelIndex) -> None:
        assert first == last
        if first.column() != Column.PRIORITY:
            told.append((first.row(), first.column()))

    with clock.frozen(plant.NOW) as advance:
        tell(feed, plant.alarm("AC01.T_D", age_s=1), plant.alarm("AC01.P_D"))
        plant.fill(feed, [104.8, 7.0])
        table.dataChanged.connect(note)
        advance(clock.NS_PER_S)
        plant.fill(feed, [104.9, 7.0])
        assert told == [(0, Column.VALUE)]
        plant.fill(feed, [105.3, 7.0])
        assert told == [(0, Column.VALUE)], "values are renewed twice a second at most"


def test_that_the_filter_finds_messages_tags_and_equipment_in_both_languages(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM))
    for wanted in ("furnace", "F01", "炉温", "淬火炉"):
        table.set_filter(AlarmFilter(wanted))
        assert tags(table) == ["F01.T"], wanted
    table.set_filter(AlarmFilter(priorities=frozenset({Priority.HIGH})))
    assert tags(table) == ["AC01.T_D"]
    tell(feed, plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED))
    table.set_filter(AlarmFilter(states=frozenset({AlarmState.UNACKNOWLEDGED})))
    assert tags(table) == ["F01.T"]
    table.set_filter(AlarmFilter(equipment=frozenset({"AC01"})))
    assert tags(table) == ["AC01.T_D"]


def test_that_each_choice_of_the_filter_counts_what_it_would_list(table: AlarmTable, feed: Feed) -> None:
    tell(
        feed,
        plant.alarm("AC01.T_D"),
        plant.alarm("AC01.P_D", state=AlarmState.ACKNOWLEDGED),
        plant.alarm("F01.T", priority=Priority.MEDIUM),
    )
    table.set_filter(AlarmFilter(priorities=frozenset({Priority.HIGH}), states=frozenset({AlarmState.UNACKNOWLEDGED})))
    counts = table.counts()
    assert counts.priorities == {Priority.HIGH: 1, Priority.MEDIUM: 1}, "those of the chosen state"
    assert counts.states == {AlarmState.UNACKNOWLEDGED: 1, AlarmState.ACKNOWLEDGED: 1}, "those of the chosen priority"
    assert counts.equipment == {"AC01": 1, "air": 1, "site": 1}


def test_that_groups_come_by_their_worst_alarm_and_close(table: AlarmTable, feed: Feed) -> None:
    tell(
        feed,
        plant.alarm("AC01.T_D", priority=Priority.MEDIUM),
        plant.alarm("AC01.P_D", priority=Priority.MEDIUM, state=AlarmState.ACKNOWLEDGED),
        plant.alarm("F01.T", priority=Priority.CRITICAL),
    )
    table.group_by(Grouping.EQUIPMENT)
    heads = [str(text(table, row, Column.MESSAGE)) for row in (0, 2)]
    assert heads == ["Quench furnace F01: 1 unacknowledged of 1", "Compressor AC01: 1 unacknowledged of 2"]
    assert table.open_group(3, is_open=False) == 2, "closing from within leads to the head"
    assert tags(table) == ["F01.T"]
    assert [record.tag for record in table.members(table.index(2, 0).data(RECORD).key)] == ["AC01.T_D", "AC01.P_D"]
    tell(feed, plant.alarm("F01.T", state=AlarmState.NORMAL))
    assert table.rowCount() == 1
    table.open_group(0, is_open=True)
    assert tags(table) == ["AC01.T_D", "AC01.P_D"]


def test_that_consequences_stand_under_their_first_cause(table: AlarmTable, feed: Feed) -> None:
    first = plant.alarm("P01.DP", priority=Priority.MEDIUM)
    second = structs.replace(plant.alarm("P01.VIB", priority=Priority.HIGH), causes=("P01.DP.H",))
    third = structs.replace(plant.alarm("AC01.T_D", priority=Priority.HIGH), causes=("P01.VIB.H",))
    tell(feed, third, second, first, plant.alarm("F01.T", priority=Priority.CRITICAL))
    table.group_by(Grouping.CAUSE)
    assert text(table, 0, Column.MESSAGE) == "No known cause: 1 unacknowledged of 1"
    assert text(table, 2, Column.MESSAGE) == "Strainer differential pressure high: 3 unacknowledged of 3"
    assert set(tags(table)[1:]) == {"P01.DP", "P01.VIB", "AC01.T_D"}


def test_that_ten_thousand_alarms_come_and_go_without_a_reset(qtbot: QtBot, feed: Feed) -> None:
    table = AlarmTable(feed)  # Qt's own tester asks each of them four hundred times
    one = plant.alarm("AC01.T_D")
    many = [structs.replace(one, alarm=f"a{n}", raised=n, priority=Priority(n % 4 + 1)) for n in range(10_000)]
    told: list[str] = []
    for signal, name in ((table.rowsInserted, "in"), (table.rowsRemoved, "out"), (table.layoutChanged, "order")):
        signal.connect(lambda *_, name=name: told.append(name))
    with qtbot.assertNotEmitted(table.modelReset):
        tell(feed, *many)
        assert len(told) <= 2, "however many there are"
        tell(feed, *(structs.replace(record, state=AlarmState.NORMAL) for record in many[::2]))
        assert len(told) <= 4
    assert [record.alarm for record in table.rows] == [
        record.alarm for record in sorted(many[1::2], key=lambda each: (each.priority, -each.raised))
    ]


def test_that_no_row_moves_under_the_pointer(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("AC01.P_D", age_s=90))
    table.hold(True)
    tell(feed, plant.alarm("F01.T", priority=Priority.CRITICAL), plant.alarm("AC01.T_D", state=AlarmState.NORMAL))
    assert tags(table) == ["AC01.T_D", "AC01.P_D", "F01.T"]
    assert text(table, 0, Column.STATE) == "Normal", "it says what it is by now"
    table.hold(False)
    assert tags(table) == ["F01.T", "AC01.P_D"]


def test_that_hidden_alarms_are_not_listed(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"))
    tell(feed, structs.replace(plant.alarm("AC01.T_D"), state=AlarmState.SHELVED))
    assert tags(table) == []


def test_that_a_column_can_be_sorted_both_ways(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("F01.T"), plant.alarm("P01.VIB"))
    table.sort(Column.EQUIPMENT, Qt.SortOrder.AscendingOrder)
    assert tags(table) == ["AC01.T_D", "P01.VIB", "F01.T"]
    table.sort(Column.EQUIPMENT, Qt.SortOrder.DescendingOrder)
    assert tags(table) == ["F01.T", "P01.VIB", "AC01.T_D"]


def test_that_texts_follow_the_language(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D"))
    set_language("zh")
    table.retranslate()
    assert text(table, 0, Column.STATE) == "未确认"
    assert text(table, 0, Column.EQUIPMENT) == "空压机 AC01"
    assert table.headerData(Column.LIMIT, Qt.Orientation.Horizontal) == "限值"


def test_that_a_change_that_moves_no_row_is_told_without_looking_at_all_rows(
    qtbot: QtBot, table: AlarmTable, feed: Feed
) -> None:
    tell(feed, plant.alarm("AC01.T_D"), plant.alarm("F01.T", age_s=90))
    with qtbot.assertNotEmitted(table.layoutChanged), qtbot.waitSignal(table.dataChanged):
        tell(feed, plant.alarm("AC01.T_D", value=107.0))
    assert [record.value for record in table.rows] == [107.0, 104.8]


def test_that_a_change_in_the_sorted_column_moves_its_row(table: AlarmTable, feed: Feed) -> None:
    tell(feed, plant.alarm("AC01.T_D", limit=90.0), plant.alarm("F01.T", limit=95.0))
    table.sort(Column.LIMIT)
    assert tags(table) == ["AC01.T_D", "F01.T"]
    tell(feed, plant.alarm("AC01.T_D", limit=99.0))
    assert tags(table) == ["F01.T", "AC01.T_D"]
    table.sort(-1)
    tell(feed, plant.alarm("F01.T", priority=Priority.CRITICAL, limit=95.0))
    assert tags(table) == ["F01.T", "AC01.T_D"]


def test_that_many_alarms_are_ordered_and_searched_as_each_alone(table: AlarmTable, feed: Feed) -> None:
    tell(feed, *(plant.alarm(tag) for tag in ("AC01.T_D", "AC01.P_D")))
    for language in ("en", "zh"):
        set_language(language)
        records = list(feed.alarms.values())
        for column in Column:
            one = sort_value(feed, column)
            assert sort_values(feed, column, records) == [one(record) for record in records]
    search = AlarmSearch(feed)
    for wanted in (
        AlarmFilter(text=" Temp "),
        AlarmFilter(text="压"),
        AlarmFilter(priorities=frozenset({Priority.HIGH})),
        AlarmFilter(text="e", states=frozenset({AlarmState.UNACKNOWLEDGED}), equipment=frozenset({"AC01"})),
    ):
        passes = search.predicate(wanted)
        table.set_filter(wanted)
        assert {each.alarm for each in table.rows} == {record.alarm for record in records if passes(record)}


def test_that_what_has_changed_is_found_by_its_new_text_and_stands_at_its_new_place(
    table: AlarmTable, feed: Feed
) -> None:
    table.sort(Column.MESSAGE)
    table.set_filter(AlarmFilter(text="zebra"))
    assert table.rows == []
    tell(feed, *(plant.alarm(tag) for tag in ("AC01.T_D", "AC01.P_D")))
    assert table.rows == []
    record = next(iter(feed.alarms.values()))
    feed.receive([AlarmsChanged((structs.replace(record, message=LocalText("a zebra")),))])
    assert [each.alarm for each in table.rows] == [record.alarm]
    table.set_filter(AlarmFilter())
    assert table.rows[0].alarm == record.alarm
    feed.receive([AlarmsChanged((structs.replace(record, message=LocalText("zzz")),))])
    assert table.rows[-1].alarm == record.alarm
    table.sort(Column.TAG)
    table.sort(Column.MESSAGE)
    assert table.rows[-1].alarm == record.alarm
