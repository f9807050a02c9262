"""Orders and filters that are prepared give what asking each alarm gives, whatever came, changed or ended before."""

from __future__ import annotations

import random
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import structs
from PySide6.QtCore import QPersistentModelIndex, Qt

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.model.text import LocalText
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.model import alarm_index, text_rank
from widgets.model.alarm_column import Column, sort_value, urgency
from widgets.model.alarm_filter import AlarmFilter, AlarmSearch
from widgets.model.alarm_table import AlarmTable
from widgets.translation import set_language

STATES = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.NORMAL)
FILTERS = (
    AlarmFilter(),
    AlarmFilter(text="word 1"),
    AlarmFilter(text="word 12"),
    AlarmFilter(text="词 2"),
    AlarmFilter(text="word", priorities=frozenset({Priority.CRITICAL, Priority.HIGH})),
    AlarmFilter(states=frozenset({AlarmState.RETURNED}), equipment=frozenset({"AC01"})),
)
COLUMNS = (None, *(column for column in Column if column is not Column.CAUSE), Column.CAUSE)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


def random_record(chance: random.Random) -> AlarmRecord:
    word = chance.randrange(40)
    return structs.replace(
        plant.alarm(chance.choice(("AC01.T_D", "F01.T")), priority=Priority(chance.randint(1, 4))),
        alarm=f"A{chance.randrange(120):03}",
        state=chance.choice(STATES),
        raised=chance.randint(0, 20),
        value=float(chance.randrange(9)),
        limit=float(chance.randrange(5)),
        message=LocalText(f"Word {word}", f"词 {50 - word}"),
        comment=chance.choice(("", "a", "B")),
    )


def by_hand(feed: Feed, wanted: AlarmFilter, column: Column | None, *, is_descending: bool) -> list[str]:
    passes = AlarmSearch(feed).predicate(wanted)
    records = sorted((each for each in feed.alarms.values() if passes(each)), key=urgency)
    if column is not None:
        records.sort(key=sort_value(feed, column), reverse=is_descending)
    return [record.alarm for record in records]


@pytest.mark.parametrize("few", [2, 1_000])
@pytest.mark.parametrize("seed", range(3))
def test_that_what_is_prepared_is_what_asking_each_gives(feed: Feed, few: int, seed: int) -> None:
    chance = random.Random(seed)
    table = AlarmTable(feed)
    with patch.object(alarm_index, "FEW", few), patch.object(text_rank, "FEW", few):
        for step in range(60):
            set_language("zh" if step % 20 > 15 else "en")
            wanted, column = chance.choice(FILTERS), chance.choice(COLUMNS)
            table.sort(-1 if column is None else column)
            for _ in range(2):
                records = [random_record(chance) for _ in range(chance.choice((1, 3, 60)))]
                feed.receive([AlarmsChanged(tuple(records))])
            table.set_filter(wanted)
            assert [each.alarm for each in table.rows] == by_hand(feed, wanted, column, is_descending=False)
            table.sort(-1 if column is None else column, Qt.SortOrder.DescendingOrder)
            assert [each.alarm for each in table.rows] == by_hand(feed, wanted, column, is_descending=True)
            assert table.rows == [feed.alarms[each.alarm] for each in table.rows]


def test_that_one_letter_more_finds_among_what_was_found(feed: Feed) -> None:
    table = AlarmTable(feed)
    names = ("pump", "pumice", "damp")
    records = [structs.replace(plant.alarm("F01.T"), alarm=name, message=LocalText(name)) for name in names]
    feed.receive([AlarmsChanged(tuple(records))])
    for text, found in (("p", 3), ("pum", 2), ("pump", 1), ("pum", 2), ("um", 2), ("ump", 1), ("", 3)):
        table.set_filter(AlarmFilter(text=text))
        assert len(table.rows) == found
    table.set_filter(AlarmFilter(text="pum"))
    feed.receive([AlarmsChanged((structs.replace(records[2], message=LocalText("pump 2")),))])
    table.set_filter(AlarmFilter(text="pump"))
    assert {each.alarm for each in table.rows} == {"pump", "damp"}


@pytest.mark.parametrize("seed", range(4))
def test_that_what_is_held_follows_its_alarm_and_is_let_go_with_a_row_that_leaves(feed: Feed, seed: int) -> None:
    chance = random.Random(seed)
    table = AlarmTable(feed)
    feed.receive([AlarmsChanged(tuple(random_record(chance) for _ in range(200)))])
    for _ in range(20):
        table.sort(chance.choice((-1, Column.MESSAGE, Column.TAG)))
        table.set_filter(chance.choice((AlarmFilter(), AlarmFilter(text="word"))))
        rows = chance.sample(range(table.rowCount()), 3)
        held = {table.rows[row].alarm: QPersistentModelIndex(table.index(row, 0)) for row in rows}
        table.set_filter(chance.choice(FILTERS))
        listed = [each.alarm for each in table.rows]
        for alarm, index in held.items():
            assert index.isValid() == (alarm in listed)
            assert not index.isValid() or listed[index.row()] == alarm
