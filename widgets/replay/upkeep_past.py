"""Work orders, planned stops, spare parts and scores as they stood at a past instant, told where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.model import clock
from app.model.plant import Plant
from app.pubsub.frame import Event, ProvisionChanged, ScoresChanged, WorkChanged

if TYPE_CHECKING:
    from app.database import PlantConnection
    from app.past import PastTable

FRESH_NS = 2 * clock.NS_PER_S
"""So long it is believed that nothing has been added to the file."""


class _Part(NamedTuple):
    """One kind of event, the tables that it is made of, and how."""

    tables: Sequence[PastTable]
    tell: Callable[[PlantConnection], Event]


class UpkeepPast:
    """Goes from one instant to another over a reading connection, which stays the caller's.

    When each part changes next is looked up once, so that going on within a stretch without changes costs nothing.
    """

    def __init__(self, connection: PlantConnection, plant: Plant) -> None:
        """Begin at no instant."""
        self._connection = connection
        self._parts = _parts(plant)
        self._known: list[tuple[int, int]] = [(0, 0)] * len(self._parts)
        self._looked = 0
        self._at = 0

    def go_to(self, at: int) -> list[Event]:
        """Return what is different at an instant (int64 ns UTC) from what was told; all of it after a step back."""
        now = clock.monotonic_ns()
        if at < self._at:
            self._known = [(0, 0)] * len(self._parts)
        self._at = at
        is_fresh = now - self._looked < FRESH_NS
        if not is_fresh:
            self._looked = now
        return [event for place in range(len(self._parts)) for event in self._told(place, at, is_fresh=is_fresh)]

    def _told(self, place: int, at: int, *, is_fresh: bool) -> list[Event]:
        from app.past import NEVER, look_ahead, look_back, unchanged_around  # noqa: PLC0415 - as in station_past

        part, (since, until) = self._parts[place], self._known[place]
        if since <= at < until and (is_fresh or until < NEVER):
            return []
        begun, ended = unchanged_around(self._connection, at, part.tables)
        self._known[place] = (begun, ended)
        if until and begun == since:
            return []
        look_back(self._connection, at, part.tables)
        try:
            return [part.tell(self._connection)]
        finally:
            look_ahead(self._connection, part.tables)


def _parts(plant: Plant) -> list[_Part]:
    # SQLite's libraries take a third of a second to import: the window does not wait for them
    from app.maintenance import provision_store  # noqa: PLC0415
    from app.maintenance import store as work  # noqa: PLC0415
    from app.maintenance.provision import stock_of, stops_of  # noqa: PLC0415
    from app.prediction.claim_book import ClaimBook  # noqa: PLC0415
    from app.prediction.store import PAST_CLAIMS, past_of  # noqa: PLC0415

    def orders(connection: PlantConnection) -> Event:
        return WorkChanged(tuple(work.open_orders(connection)), is_snapshot=True)

    def provision(connection: PlantConnection) -> Event:
        stock = stock_of(plant, provision_store.bookings(connection), provision_store.part_rules(connection))
        return ProvisionChanged(stops_of(plant, provision_store.stop_changes(connection)), tuple(stock.values()))

    def scores(connection: PlantConnection) -> Event:
        return ScoresChanged(tuple(ClaimBook(past_of(connection)).scores()))

    return [_Part(work.PAST_WORK, orders), _Part(provision_store.PAST_PROVISION, provision), _Part(PAST_CLAIMS, scores)]
