"""Work orders in a real SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.database import PlantConnection, open_reader, open_writer, transaction
from app.maintenance import meter_store, store
from app.maintenance.desk import WorkChange, WorkDesk
from app.maintenance.meter import MeterReading
from app.maintenance.store import WorkStore
from app.model.work_order import (
    CheckEntry,
    MaintenanceEvent,
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkSource,
    WorkState,
    WorkStep,
)
from tests.app.maintenance.plants import DAY, FROM_SERVICE, HOUR, LI, NOW, SERVICE, WANG, plant, wanted


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as opened:
        yield opened


def asked(desk: WorkDesk) -> WorkChange:
    change = desk.request(FROM_SERVICE, LI, NOW)
    assert isinstance(change, WorkChange)
    return change


def whole_way(desk: WorkDesk) -> list[WorkChange]:
    """Every change of one order up to its answer."""
    changes = [asked(desk)]
    steps: tuple[tuple[WorkStep, dict[str, Any]], ...] = (
        (WorkStep.PLAN, {"planned_start": NOW + DAY}),
        (WorkStep.RELEASE, {}),
        (WorkStep.START, {}),
        (WorkStep.COMPLETE, {"checks": (CheckEntry(0), CheckEntry(1, value=3.0, remark="as ever"))}),
        (WorkStep.CONFIRM_FIXED, {}),
    )
    for hour, (step, given) in enumerate(steps, 1):
        order = changes[-1].order
        command = WorkCommand(order.id, order.version, step, **given)
        answer = desk.step(command, WANG, NOW + hour * HOUR, meter=1_500.0)
        assert not isinstance(answer, WorkRefusal)
        changes += answer
    return changes


def test_that_every_step_is_kept_and_the_newest_is_the_order(connection: PlantConnection) -> None:
    changes = whole_way(WorkDesk(plant(), (), last=0))
    keeper = WorkStore(connection)
    for change in changes[:-1]:
        keeper.record([change])
    assert store.open_orders(connection) == [changes[-2].order]
    assert store.closed_orders(connection) == []
    keeper.record(changes[-1:])
    assert store.open_orders(connection) == []
    assert store.closed_orders(connection) == [changes[-1].order]
    lines = store.steps_of(connection, 1)
    assert [line.order for line in lines] == [change.order for change in changes]
    assert [(line.by, line.role) for line in lines[:2]] == [("Li", "operator"), ("Wang", "engineer")]
    assert store.order_of(connection, 1) == changes[-1].order
    assert store.order_of(connection, 2) is None


def test_that_a_desk_goes_on_where_the_file_ends(connection: PlantConnection) -> None:
    WorkStore(connection).record([asked(WorkDesk(plant(), (), last=0))])
    desk = WorkDesk(plant(), store.open_orders(connection), last=store.last_number(connection))
    again = desk.request(FROM_SERVICE, WANG, NOW)
    assert isinstance(again, WorkRefusal)
    assert again.other == 1
    other = desk.request(wanted(), WANG, NOW)
    assert isinstance(other, WorkChange)
    assert other.order.id == 2


def test_that_a_batch_that_is_written_again_changes_nothing(connection: PlantConnection) -> None:
    changes = whole_way(WorkDesk(plant(), (), last=0))
    keeper = WorkStore(connection)
    first = keeper.record(changes)
    before = connection.execute("SELECT * FROM work_step").fetchall(), store.closed_orders(connection)
    assert keeper.record(changes[:3]) == first[:3]
    assert (connection.execute("SELECT * FROM work_step").fetchall(), store.closed_orders(connection)) == before


def test_that_nothing_of_a_transaction_stays_that_does_not_end(connection: PlantConnection) -> None:
    keeper = WorkStore(connection)
    change = asked(WorkDesk(plant(), (), last=0))

    def fail_midway() -> None:
        with transaction(connection):
            keeper.record([change])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert (store.open_orders(connection), store.last_number(connection)) == ([], 0)


def test_that_steps_can_neither_be_altered_nor_deleted(connection: PlantConnection) -> None:
    WorkStore(connection).record(whole_way(WorkDesk(plant(), (), last=0)))
    for statement in ("UPDATE work_step SET user = 'X'", "DELETE FROM work_step", "DELETE FROM work_order"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)


def test_that_renewals_and_what_was_done_last_are_found(connection: PlantConnection) -> None:
    changes = whole_way(WorkDesk(plant(), (), last=0))
    WorkStore(connection).record(changes[:-2])
    assert (store.renewals(connection), store.last_done(connection)) == ({}, {})
    WorkStore(connection).record(changes)
    assert store.renewals(connection) == {"AC01": MaintenanceEvent(NOW + 4 * HOUR, "AC01", 1)}
    assert store.last_done(connection) == {SERVICE.id: changes[-1].order}
    assert changes[-1].order.meter == 1_500.0


def test_that_of_a_meter_the_newest_reading_of_each_hour_is_kept(connection: PlantConnection) -> None:
    keeper = WorkStore(connection)
    start = NOW - NOW % HOUR
    readings = [MeterReading(start + minute * HOUR // 60, float(minute), None) for minute in (5, 30, 65)]
    for reading in readings:
        keeper.note_meters([("AC01.H", reading)])
    keeper.note_meters([("AC01.H", readings[0])])
    assert meter_store.meter_readings(connection) == {"AC01.H": readings}
    assert meter_store.first_and_last_readings(connection) == {"AC01.H": (readings[0], readings[2])}
    assert meter_store.meter_readings(connection, since=start + HOUR) == {"AC01.H": readings[2:]}


def test_that_a_simulated_plant_has_readings_of_its_own_hours(connection: PlantConnection) -> None:
    start = NOW - NOW % HOUR
    readings = [MeterReading(start + minute * HOUR // 60, float(minute), None) for minute in range(0, 60, 10)]
    WorkStore(connection).note_meters([("AC01.H", reading) for reading in readings], time_scale=6.0)
    assert meter_store.meter_readings(connection)["AC01.H"][1:] == readings


def test_that_recurring_work_is_known_since_it_was_first_seen(connection: PlantConnection) -> None:
    keeper = WorkStore(connection)
    keeper.note_seen(["a"], NOW)
    keeper.note_seen(["a", "b"], NOW + HOUR)
    assert meter_store.seen_since(connection) == {"a": NOW, "b": NOW + HOUR}


def test_that_a_file_without_work_orders_has_none(tmp_path: Path) -> None:
    open_writer(tmp_path / "history.sqlite").close()
    with closing(open_reader(tmp_path / "history.sqlite")) as reader:
        assert (store.open_orders(reader), store.last_number(reader), store.steps_of(reader, 1)) == ([], 0, [])
        assert (store.renewals(reader), meter_store.meter_readings(reader)) == ({}, {})
        assert meter_store.seen_since(reader) == {}
        assert (meter_store.first_and_last_readings(reader), list(store.all_orders(reader))) == ({}, [])


def test_that_closed_orders_come_newest_first_page_by_page(connection: PlantConnection) -> None:
    desk = WorkDesk(plant(), (), last=0)
    closed: list[WorkOrder] = []
    for day in range(5):
        change = desk.request(wanted(WorkSource.HAND), LI, NOW)
        assert isinstance(change, WorkChange)
        command = WorkCommand(change.order.id, 1, WorkStep.CANCEL, reason="no")
        answer = desk.step(command, WANG, NOW + day * DAY)
        assert not isinstance(answer, WorkRefusal)
        WorkStore(connection).record([change, *answer])
        closed.append(answer[0].order)
    first = store.closed_orders(connection, limit=2)
    rest = store.closed_orders(connection, before=first[-1].changed)
    assert [order.id for order in first + rest] == [5, 4, 3, 2, 1]
    assert all(order.state is WorkState.CANCELLED for order in closed)
