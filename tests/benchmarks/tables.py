"""A list of 100,000 alarms in its view: what a thousand changes a second cost, and how quickly it sorts and filters.

Beside it stands what most programs do: a QSortFilterProxyModel over a model that Python answers. Its cells are
ready-made texts here, which is to its advantage. Processor time counts; beside the peer that of the order and of the
filter alone, without the paint of the rows in view, on both sides.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import structs
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.clock import NS_PER_S
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged
from tests.benchmarks.figure import Figure
from tests.benchmarks.screen_time import application, costs, processor_s, shown, timed
from widgets.alarm.list_view import AlarmListView
from widgets.feed import Feed
from widgets.model.alarm_column import ELASTIC, NUMERIC, cell_text
from widgets.model.alarm_table import AlarmFilter, AlarmTable, Column

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

Index = QModelIndex | QPersistentModelIndex
CHANGES_PER_S, HERTZ = 1_000, 10
SORTED = (Column.MESSAGE, Column.TAG)
WORDS = ("bearing 17", "pump")
ALARMS, FEWER = 100_000, 10_000
RATIO = "ratio <= 0.00333"


def measure(options: Options) -> Iterator[Figure]:
    """Yield the share of a core that changes take, and how long the list is busy with a new order or filter."""
    application()
    turns, compared = (5, FEWER) if options.quick else (15, ALARMS)
    with tempfile.TemporaryDirectory(prefix="foreshift-tables-") as name:
        plant = AlarmPlant(Path(name), ALARMS)
        yield from _changes(plant, turns)
        yield from _alone(plant, turns)
        plant.close()
        small = AlarmPlant(Path(name), compared)
        yield from _compared(small, compared, turns=3 if options.quick else 1)
        small.close()


def _changes(plant: AlarmPlant, turns: int) -> Iterator[Figure]:
    (busy,) = costs([timed(plant.change, times=10)], turns=turns, budget_s=8.0)
    text = f"{ALARMS:,} rows, {CHANGES_PER_S:,} changes a second, share of a core"
    yield Figure(text, "%", busy * HERTZ * 100, goal="ours <= 2")
    (busy,) = costs([timed(plant.change_states, times=2)], turns=turns, budget_s=8.0)
    yield Figure("the same where 100 of them move their rows", "%", busy * HERTZ * 100)


def _alone(plant: AlarmPlant, turns: int) -> Iterator[Figure]:
    (sort,) = costs([timed(plant.sort)], turns=turns, budget_s=8.0)
    (search,) = costs([timed(plant.search)], turns=turns, budget_s=8.0)
    plant.find("")
    yield Figure(f"sorting {ALARMS:,} rows by a text", "ms", sort * 1_000, goal="ours <= 100")
    yield Figure(f"filtering {ALARMS:,} rows by a text", "ms", search * 1_000, goal="ours <= 100")


def _compared(plant: AlarmPlant, rows: int, *, turns: int) -> Iterator[Figure]:
    """Yield a round of both: another order, a word, another word, and all again; and each of the steps."""
    proxy = ProxyList(plant)
    proxy.order(1)
    for name, step in (("order", partial(plant.order, 0)), ("filter", partial(plant.find, WORDS[0]))):
        first = processor_s(step)
        yield Figure(f"the first {name} by a text of {rows:,} rows, which prepares the next", "ms", first * 1_000)
    plant.find("")
    plant.order(1)
    steps = {
        "sorting by a text": (plant.order, proxy.order),
        "filtering by a text": (lambda _: plant.find(WORDS[0]), lambda _: proxy.find(WORDS[0])),
        "filtering by another text": (lambda _: plant.find(WORDS[1]), lambda _: proxy.find(WORDS[1])),
        "listing all again": (lambda _: plant.find(""), lambda _: proxy.find("")),
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for turn in range(turns):
        for name, (ours, theirs) in steps.items():
            plant.change_states(turn)  # nothing that was remembered as a whole is of use
            spent[name].append((processor_s(partial(ours, turn)), processor_s(partial(theirs, turn))))
    middle = {name: np.median(pairs, axis=0) for name, pairs in spent.items()}
    text = f"of {rows:,} rows, without paint"
    for name, (own, peer) in {"sorting and filtering": np.sum(list(middle.values()), axis=0), **middle}.items():
        goal = RATIO if rows == ALARMS and name.startswith("sorting") else ""
        yield Figure(f"{name} {text}", "ms", own * 1_000, peer * 1_000, "QSortFilterProxyModel", goal)


class AlarmPlant:
    """A plant with many standing alarms, its list and the view on it."""

    def __init__(self, folder: Path, alarms: int) -> None:
        tags = tuple(
            TagDefinition(handle, f"P{handle:05}.T", "E", LocalText("temperature"), "c", "a") for handle in range(100)
        )
        self.feed = Feed(Plant("alarms", LocalText("alarms"), (), (), tags), PlantFolder(folder))
        self._chance = np.random.default_rng(20_262)
        self._now = clock.now_ns()
        records = tuple(self._record(number) for number in range(alarms))
        self.feed.receive([AlarmsChanged(records, is_snapshot=True)])
        self._names = [record.alarm for record in records]
        self.table = AlarmTable(self.feed)
        self.view = AlarmListView(self.table, right=NUMERIC, elastic=ELASTIC)
        self.table.visible = self.view.visible_rows
        shown(self.view, 1_600, 1_000)

    def change(self, number: int) -> None:
        """Let a tenth of a second's alarms change their values, all over the list."""
        self._change(number, state_every=0)

    def change_states(self, number: int) -> None:
        """Let them change, and one in ten be acknowledged or come back, which moves its row."""
        self._change(number, state_every=10)

    def _change(self, number: int, *, state_every: int) -> None:
        chosen = self._chance.choice(len(self._names), CHANGES_PER_S // HERTZ, replace=False)
        changed = []
        other = AlarmState.ACKNOWLEDGED if number % 2 else AlarmState.UNACKNOWLEDGED
        for place, at in enumerate(chosen):
            record = self.feed.alarms[self._names[at]]
            state = other if state_every and place % state_every == 0 else record.state
            changed.append(structs.replace(record, value=record.value + 1, state=state, changed=self._now))
        self.feed.receive([AlarmsChanged(tuple(changed))])
        QApplication.processEvents()

    def order(self, number: int) -> None:
        """Order the list by another column."""
        self.table.sort(SORTED[number % 2])

    def find(self, word: str) -> None:
        """List what a word is found in; all with ""."""
        self.table.set_filter(AlarmFilter(text=word))

    def sort(self, number: int) -> None:
        """Order the list by another column, and paint it."""
        self.order(number)
        self.view.viewport().repaint()

    def search(self, number: int) -> None:
        """Look for another word, and paint what is found."""
        self.find(WORDS[number % 2])
        self.view.viewport().repaint()

    def close(self) -> None:
        """Let go of the list."""
        self.view.close()
        self.feed.close()

    def _record(self, number: int) -> AlarmRecord:
        at = int(self._chance.integers(0, 100_000))
        kind = ("pump", "compressor", "dryer", "tower")[at % 4]
        return AlarmRecord(
            alarm=f"A{number:06}",
            tag=f"P{at % 100:05}.T",
            equipment=f"E{at % 500}",
            state=AlarmState.UNACKNOWLEDGED if at % 3 else AlarmState.RETURNED,
            priority=tuple(Priority)[at % 4],
            condition=ConditionKind.HIGH,
            message=LocalText(f"Temperature of {kind} {number % 997}, bearing {at % 50}, high"),
            raised=self._now - at * NS_PER_S,
            value=float(at),
            limit=100.0,
        )


class PlainModel(QAbstractTableModel):
    """Ready-made texts, answered by Python."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


class ProxyList:
    """The same alarms behind a QSortFilterProxyModel, in the same view."""

    def __init__(self, plant: AlarmPlant) -> None:
        feed = plant.feed
        self._model = PlainModel([[cell_text(feed, one, column) for column in Column] for one in feed.alarms.values()])
        self._proxy = QSortFilterProxyModel()
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(Column.MESSAGE)
        self._view = QTableView()
        self._view.setModel(self._proxy)
        self._view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        shown(self._view, 1_600, 1_000)

    def order(self, number: int) -> None:
        """Order the list by another column."""
        self._proxy.sort(SORTED[number % 2])

    def find(self, word: str) -> None:
        """List what a word is found in; all with ""."""
        self._proxy.setFilterFixedString(word)
