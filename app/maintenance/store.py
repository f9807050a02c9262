"""Work orders in the plant's SQLite file: every step for good, and the present state of each order.

`work_step` only grows, one row for each version of an order; `work_order` holds the newest version of each.
`maintenance_event` tells when equipment was renewed. Meters are in `meter_store`, stops and parts in `provision_store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import PlantConnection, has_table, transaction
from app.maintenance.desk import WorkChange
from app.maintenance.meter_store import MeterWriter
from app.maintenance.provision_store import ProvisionWriter
from app.migration import migrate
from app.model.work_order import MaintenanceEvent, WorkOrder, WorkStep
from app.past import PastTable, grown_by_time

MOST_ROWS = 10_000
_FINAL = "('fixed', 'not_fixed', 'cancelled')"

_MIGRATIONS = Migrations("foreshift.maintenance")
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(WorkOrder)

PAST_WORK = (
    grown_by_time("work_step"),
    PastTable(
        "work_order",
        """
        SELECT work AS id, version, json_extract(body, '$.equipment') AS equipment, state,
               json_extract(body, '$.source') AS source, json_extract(body, '$.changed') AS changed, body
        FROM main.work_step AS step WHERE version =
            (SELECT max(version) FROM main.work_step AS newest WHERE newest.work = step.work AND newest.time <= :at)
        """,
        times=(),  # those of its steps
    ),
    grown_by_time("maintenance_event"),
    grown_by_time("maintenance_seen"),
)
"""An order as it was is its newest step up to then."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One step of an order as it is kept: the `order` after it, by whom, from where and why."""

    order: WorkOrder
    by: str
    role: str
    window: str
    reason: str


class WorkStore(MeterWriter, ProvisionWriter):
    """Writes over the one writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the tables up to date on `connection`, which stays the caller's; raise DatabaseError.

        `is_migrated`: whether that was done since the process began.
        """
        self._connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS)

    def record(self, changes: Sequence[WorkChange]) -> list[str]:
        """Store steps in their order, in one transaction (the caller's, where one is open); return their digests.

        A step that is there already, since its batch is written again after a failure, is passed over.
        """
        bodies = [_encoder.encode(change.order).decode() for change in changes]
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO work_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_step_row(change, body) for change, body in zip(changes, bodies, strict=True)],
            )
            self._connection.executemany(
                "INSERT INTO work_order VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "version = excluded.version, state = excluded.state, changed = excluded.changed, body = excluded.body "
                "WHERE excluded.version > work_order.version",
                [_order_row(change.order, body) for change, body in zip(changes, bodies, strict=True)],
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO maintenance_event VALUES (?, ?, ?)",
                [(event.order, event.time, event.equipment) for change in changes if (event := change.renewal)],
            )
        return [sha256(body.encode()).hexdigest() for body in bodies]


def open_orders(connection: PlantConnection) -> list[WorkOrder]:
    """Return the orders that are not closed, oldest first."""
    return list(_orders(connection, f"WHERE state NOT IN {_FINAL} ORDER BY id", ()))


def closed_orders(connection: PlantConnection, *, before: int = 0, limit: int = 500) -> list[WorkOrder]:
    """Return closed orders, those closed last first; `before`: only those closed before it (ns UTC), 0 for all."""
    where = f"WHERE state IN {_FINAL} AND (? = 0 OR changed < ?) ORDER BY changed DESC, id DESC LIMIT ?"
    return list(_orders(connection, where, (before, before, max(0, min(limit, MOST_ROWS)))))


def all_orders(connection: PlantConnection) -> Iterator[WorkOrder]:
    """Yield every order, oldest first."""
    yield from _orders(connection, "ORDER BY id", ())


def order_of(connection: PlantConnection, number: int) -> WorkOrder | None:
    """Return one order, None where there is none of that number."""
    return next(_orders(connection, "WHERE id = ?", (number,)), None)


def renewal_count(connection: PlantConnection) -> int:
    """Return how often equipment was renewed."""
    if not has_table(connection, "maintenance_event"):
        return 0
    return int(connection.execute("SELECT count(*) FROM maintenance_event").fetchone()[0])


def last_number(connection: PlantConnection) -> int:
    """Return the highest number of an order, 0 where there is none."""
    if not has_table(connection, "work_order"):
        return 0
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM work_order").fetchone()[0])


def has_step(connection: PlantConnection, number: int, version: int) -> bool:
    """Return whether a step of an order is stored."""
    found = connection.execute("SELECT 1 FROM work_step WHERE work = ? AND version = ?", (number, version))
    return found.fetchone() is not None


def steps_of(connection: PlantConnection, number: int) -> list[WorkLine]:
    """Return the steps of one order, oldest first."""
    if not has_table(connection, "work_step"):
        return []
    rows = connection.execute(
        "SELECT body, user, role, window, reason FROM work_step WHERE work = ? ORDER BY version", (number,)
    )
    return [WorkLine(_decoder.decode(body), *rest) for body, *rest in rows.fetchall()]


def last_done(connection: PlantConnection) -> dict[str, WorkOrder]:
    """Return of each recurring work (by its id) the order that did it last, or was cancelled instead."""
    found: dict[str, WorkOrder] = {}
    where = "WHERE source IN ('meter', 'calendar') AND state IN ('done', 'fixed', 'not_fixed', 'cancelled') ORDER BY id"
    for order in _orders(connection, where, ()):
        if order.reference not in found or found[order.reference].ended <= order.ended:
            found[order.reference] = order
    return found


def renewals(connection: PlantConnection) -> dict[str, MaintenanceEvent]:
    """Return of each equipment that was ever renewed when that was last."""
    if not has_table(connection, "maintenance_event"):
        return {}
    rows = connection.execute("SELECT time, equipment, work FROM maintenance_event ORDER BY time").fetchall()
    return {row[1]: MaintenanceEvent(*row) for row in rows}


def _orders(connection: PlantConnection, where: str, parameters: tuple[int, ...]) -> Iterator[WorkOrder]:
    if not has_table(connection, "work_order"):
        return
    for (body,) in connection.execute(f"SELECT body FROM work_order {where}", parameters).fetchall():  # noqa: S608 - constants of ours
        yield _decoder.decode(body)


def _step_row(change: WorkChange, body: str) -> tuple[object, ...]:
    order, who = change.order, change.who
    return (
        order.id,
        order.version,
        change.time,
        WorkStep(order.step).value,
        order.state.value,
        who.name.strip(),
        who.role or "",
        who.window,
        change.reason,
        body,
    )


def _order_row(order: WorkOrder, body: str) -> tuple[object, ...]:
    return (order.id, order.version, order.equipment, order.state.value, order.source.value, order.changed, body)


@_MIGRATIONS()
def create_work_orders(database: Database) -> None:
    """Create the steps, which only grow, the orders as they stand, renewals, meters and what is known since when."""
    database.executescript(
        """
        CREATE TABLE work_step (
            work INTEGER NOT NULL,
            version INTEGER NOT NULL,
            time INTEGER NOT NULL,
            step TEXT NOT NULL,
            state TEXT NOT NULL,
            user TEXT NOT NULL,
            role TEXT NOT NULL,
            window TEXT NOT NULL,
            reason TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (work, version)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE work_order (
            id INTEGER PRIMARY KEY,
            version INTEGER NOT NULL,
            equipment TEXT NOT NULL,
            state TEXT NOT NULL,
            source TEXT NOT NULL,
            changed INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE INDEX work_order_by_state ON work_order (state, changed);
        CREATE TABLE maintenance_event (
            work INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            equipment TEXT NOT NULL
        ) STRICT;
        CREATE TABLE meter_reading (
            tag TEXT NOT NULL,
            hour INTEGER NOT NULL,
            time INTEGER NOT NULL,
            total REAL NOT NULL,
            raw REAL,
            PRIMARY KEY (tag, hour)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE maintenance_seen (
            definition TEXT PRIMARY KEY,
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER work_step_is_not_altered BEFORE UPDATE ON work_step
        BEGIN SELECT RAISE(ABORT, 'a step of a work order is never altered'); END;
        CREATE TRIGGER work_step_is_not_deleted BEFORE DELETE ON work_step
        BEGIN SELECT RAISE(ABORT, 'a step of a work order is never deleted'); END;
        CREATE TRIGGER work_order_is_not_deleted BEFORE DELETE ON work_order
        BEGIN SELECT RAISE(ABORT, 'a work order is never deleted'); END;
        """
    )


@_MIGRATIONS()
def create_provision(database: Database) -> None:
    """Create what windows have changed of planned stops, and the books of spare parts; rows are only added."""
    tables = ("planned_stop_change", "part_booking", "part_rule")
    database.executescript(
        """
        CREATE TABLE planned_stop_change (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TABLE part_booking (
            source TEXT PRIMARY KEY,
            time INTEGER NOT NULL,
            part TEXT NOT NULL,
            change REAL NOT NULL,
            kind TEXT NOT NULL,
            by TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX part_booking_by_part ON part_booking (part, time);
        CREATE TABLE part_rule (
            part TEXT NOT NULL,
            time INTEGER NOT NULL,
            minimum REAL NOT NULL,
            place TEXT NOT NULL,
            by TEXT NOT NULL,
            PRIMARY KEY (part, time)
        ) STRICT, WITHOUT ROWID;
        """
        + "".join(
            f"CREATE TRIGGER {table}_is_not_{deed.lower()}d BEFORE {deed} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'what was planned and booked is never altered'); END;\n"
            for table in tables
            for deed in ("UPDATE", "DELETE")
        )
    )
