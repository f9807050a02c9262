"""Zones of the log: who did what in 256 records in a row, so that a search looks into those alone that it is after.

A zone is noted once, when its last record is there. An index would have a page of its own written with every record:
three of them cost a transaction of one record a third of its time. What came after the newest zone is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import msgspec

from app.audit.merkle import TILE_LEVELS
from app.database import PlantConnection, has_table

ZONE = 1 << TILE_LEVELS
STRETCH = 50_000
"""So many records are looked through at once where all are asked for."""
_PAGE = 64

TABLE = """
CREATE TABLE audit_zone (
    zone INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    actions TEXT NOT NULL,
    action_of BLOB NOT NULL,
    users TEXT NOT NULL,
    user_of BLOB NOT NULL
) STRICT
"""
"""`first`, `last`: of the instants. `actions`, `users`: the different ones, as JSON; `..._of`: which one each has."""

_names_of = msgspec.json.Decoder(list[str]).decode

Noted: TypeAlias = tuple[int, int, str, bytes, str, bytes]
"""What is noted of a zone: a row of the table but for its number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: of one of `actions`, by `user`, start <= time < end (int64 ns UTC); empty or 0: whichever."""

    actions: tuple[str, ...] = ()
    user: str = ""
    start: int = 0
    end: int = 0

    @property
    def is_all(self) -> bool:
        """Whether nothing is asked for that a zone knows."""
        return self == Wanted()

    def where(self) -> tuple[str, list[int | str]]:
        """Return the condition on a row, as it goes on after another one."""
        where, parameters = "", list[int | str]()
        if self.actions:
            where += f" AND action IN ({', '.join('?' * len(self.actions))})"
            parameters += self.actions
        for condition, value in (("user = ?", self.user), ("time >= ?", self.start), ("time < ?", self.end)):
            if value:
                where += f" AND {condition}"
                parameters.append(value)
        return where, parameters


class Part(NamedTuple):
    """Records `first` to `last`; of these only `numbers` can be wanted, descending, None: any."""

    first: int
    last: int
    numbers: list[int] | None = None

    def where(self, wanted: Wanted) -> tuple[str, list[int | str]]:
        """Return the condition on the rows here that are wanted."""
        where, parameters = wanted.where()
        if self.numbers is None:
            return f"seq BETWEEN ? AND ?{where}", [self.first, self.last, *parameters]
        numbers = "(SELECT value FROM json_each(?))"
        return f"seq IN {numbers}{where}", [json.dumps(self.numbers), *parameters]


def noted(rows: Sequence[tuple[int, bytes, bytes]]) -> Noted:
    """Return what is noted of a zone whose records have these times, actions and users."""
    times, actions, users = zip(*rows, strict=True)
    return (min(times), max(times), *_coded(actions), *_coded(users))


def note_zones(connection: PlantConnection, zones: Iterable[int]) -> None:
    """Note zones whose records are all there, in the caller's transaction."""
    if not has_table(connection, "audit_zone"):
        return  # a tree is grown from a file of an older version: the zones come after it
    connection.executemany(
        "INSERT INTO audit_zone VALUES (?, ?, ?, ?, ?, ?, ?)", [(zone, *_as_stored(connection, zone)) for zone in zones]
    )


def note_again(connection: PlantConnection, last: int) -> None:
    """Note the zones anew that there are up to record `last`, since names were dropped from them."""
    connection.executemany(
        "UPDATE audit_zone SET first = ?, last = ?, actions = ?, action_of = ?, users = ?, user_of = ? WHERE zone = ?",
        [
            (*_as_stored(connection, zone), zone)
            for zone in range(min(last // ZONE + 1, _noted_records(connection) // ZONE))
        ],
    )


def parts(connection: PlantConnection, wanted: Wanted, *, before: int = 0) -> Iterator[Part]:
    """Yield where the wanted records below the number `before` (0: all) can be, newest first.

    They are of one of the actions and by the user; whether each is of that time, its row says.
    """
    (size,) = connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()
    last = min(size, before - 1) if before else size
    covered = _noted_records(connection)
    if wanted.is_all or not covered:
        yield from _stretches(1, last)
        return
    yield from _stretches(covered + 1, last)
    where, parameters = _conditions(wanted)
    zone = min(covered, last + ZONE - 1) // ZONE
    while rows := connection.execute(
        "SELECT zone, actions, action_of, users, user_of FROM audit_zone "  # noqa: S608 - conditions of ours
        f"WHERE zone < ?{where} ORDER BY zone DESC LIMIT {_PAGE}",
        (zone, *parameters),
    ).fetchall():
        for zone, *row in rows:
            start = zone * ZONE + 1
            end = min(start + ZONE - 1, last)
            if not wanted.actions and not wanted.user:
                yield Part(start, end)
            elif numbers := [start + place for place in reversed(_places(wanted, *row)) if start + place <= last]:
                yield Part(start, end, numbers)


def users_of(connection: PlantConnection) -> tuple[str, ...]:
    """Return everybody whose deeds are in the log, in order."""
    covered, found = _noted_records(connection), set[str]()
    if covered:
        for (users,) in connection.execute("SELECT DISTINCT users FROM audit_zone").fetchall():
            found.update(_names_of(users))
    rows = connection.execute("SELECT DISTINCT user FROM audit WHERE seq > ?", (covered,)).fetchall()
    return tuple(sorted((found | {name for (name,) in rows}) - {""}))


def _stretches(first: int, last: int) -> Iterator[Part]:
    while last >= first:
        start = max(first, last - STRETCH + 1)
        yield Part(start, last)
        last = start - 1


def _noted_records(connection: PlantConnection) -> int:
    """Return how many records have their zone: none in a file that an older version wrote."""
    if not has_table(connection, "audit_zone"):
        return 0
    return int(connection.execute("SELECT coalesce(max(zone) + 1, 0) FROM audit_zone").fetchone()[0]) * ZONE


def _as_stored(connection: PlantConnection, zone: int) -> Noted:
    return noted(
        connection.fetch(
            "SELECT time, CAST(action AS BLOB), CAST(user AS BLOB) FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq",
            (zone * ZONE, (zone + 1) * ZONE),
        )
    )


def _coded(names: Sequence[bytes]) -> tuple[str, bytes]:
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return _text([name.decode("utf-8", "replace") for name in places]), bytes([places[name] for name in names])


def _conditions(wanted: Wanted) -> tuple[str, list[int | str]]:
    where, parameters = "", list[int | str]()
    if wanted.actions:
        where += f" AND ({' OR '.join(['instr(actions, ?)'] * len(wanted.actions))})"
        parameters += [_text(action) for action in wanted.actions]
    for condition, value in (
        ("instr(users, ?)", wanted.user and _text(wanted.user)),
        ("last >= ?", wanted.start),
        ("first < ?", wanted.end),
    ):
        if value:
            where += f" AND {condition}"
            parameters.append(value)
    return where, parameters


def _places(wanted: Wanted, actions: str, action_of: bytes, users: str, user_of: bytes) -> list[int]:
    """Return the places in a zone, from 0, of the records of one of the actions and by the user."""
    good_actions = {n for n, name in enumerate(_names_of(actions)) if not wanted.actions or name in wanted.actions}
    good_users = {n for n, name in enumerate(_names_of(users)) if wanted.user in ("", name)}
    return [
        place
        for place, (action, user) in enumerate(zip(action_of, user_of, strict=True))
        if action in good_actions and user in good_users
    ]


def _text(names: object) -> str:
    return msgspec.json.encode(names).decode()
