"""Planned stops as they stand, and the books of spare parts: what may be done to them, and what that makes of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from app.model.maintenance import PlannedStop
from app.model.plant import Plant
from app.model.provision import (
    BookingKind,
    PartBooking,
    PartRule,
    PartStock,
    ProvisionCommand,
    ProvisionDeed,
    ProvisionRefusal,
    StopChange,
)
from app.model.provision import ProvisionRefusalCode as Code
from app.model.work_order import WorkOrder, WorkStep

MOST = 1e9
_LONGEST_H = 8_784.0
_KNOWN = {BookingKind.COUNT, BookingKind.RECEIPT}
_OF_STOPS = {ProvisionDeed.SET_STOP, ProvisionDeed.REMOVE_STOP}


class ProvisionRefused(Exception):
    """Something is not done; `refusal` says why."""

    def __init__(self, code: Code, text: str, **values: object) -> None:
        super().__init__(text)
        self.refusal = ProvisionRefusal(code, text, {name: f"{value}" for name, value in values.items()})


def stops_of(plant: Plant, changes: Iterable[StopChange]) -> tuple[PlannedStop, ...]:
    """Return the stops that stand, by their begin: those of the plant file, as windows have changed them since.

    A change no longer counts once the plant file says something else of that stop than it did when it was made.
    """
    stops = {stop.id: stop for stop in plant.stops}
    newest = {change.id: change for change in changes}
    for change in newest.values():
        if change.base != stops.get(change.id):
            continue
        if change.stop is None:
            stops.pop(change.id, None)
        else:
            stops[change.id] = change.stop
    return tuple(sorted(stops.values(), key=lambda stop: (stop.start, stop.id)))


def stock_of(plant: Plant, bookings: Iterable[PartBooking], rules: Iterable[PartRule]) -> dict[str, PartStock]:
    """Return how much there is of each part that the plant file names, and of those that were booked besides."""
    sums: dict[str, float] = {}
    known: set[str] = set()
    for booking in bookings:
        sums[booking.part] = sums.get(booking.part, 0.0) + booking.change
        if booking.kind in _KNOWN:
            known.add(booking.part)
    newest = {rule.part: rule for rule in rules}
    places = {part.id: part.place for part in plant.spare_parts}
    found = {}
    for part in dict.fromkeys((*places, *sums)):
        rule = newest.get(part)
        on_hand = round(sums.get(part, 0.0), 6) if part in known else None
        place = rule.place if rule is not None else places.get(part, "")
        found[part] = PartStock(part, on_hand, rule.minimum if rule is not None else 0.0, place)
    return found


def check_stop(command: ProvisionCommand, stops: Sequence[PlannedStop], plant: Plant) -> str:
    """Return the id of the stop that a command is about; raise ProvisionRefused where it cannot be done."""
    present = {stop.id: stop for stop in stops}
    seen, stop = command.seen, command.stop
    if seen is not None and present.get(seen.id) != seen:
        raise ProvisionRefused(Code.CHANGED, "not done: somebody has changed this stop meanwhile: look at it again")
    if command.deed is ProvisionDeed.REMOVE_STOP:
        if seen is None:
            raise ProvisionRefused(Code.CHANGED, "not done: there is no such stop")
        return seen.id
    if stop is None or not stop.name.en.strip():
        raise ProvisionRefused(Code.NO_STOP_NAME, "not done: give the stop a name")
    _check_times(stop)
    strange = [name for name in stop.equipment if name not in {each.id for each in plant.equipment}]
    if strange:
        text = f"not done: the plant has no equipment {strange[0]}"
        raise ProvisionRefused(Code.NO_EQUIPMENT, text, name=strange[0])
    if seen is None and stop.id in present:
        raise ProvisionRefused(Code.TAKEN, f"not done: there is a stop {stop.id} already", name=stop.id)
    if seen is not None and seen.id != stop.id:
        raise ProvisionRefused(Code.CHANGED, "not done: a stop keeps its id")
    return stop.id


def _check_times(stop: PlannedStop) -> None:
    if not (math.isfinite(stop.hours) and 0.0 < stop.hours <= _LONGEST_H):
        raise ProvisionRefused(Code.NO_LENGTH, "not done: say how many hours it lasts, up to a year")
    if not math.isfinite(stop.every_days) or stop.every_days < 0.0:
        raise ProvisionRefused(Code.TOO_OFTEN, "not done: it comes again after 0 (never) or more days")
    if stop.every_days and stop.every_days * 24.0 <= stop.hours:
        raise ProvisionRefused(Code.TOO_OFTEN, "not done: it would begin again before it is over")


def booking_of(
    command: ProvisionCommand, stock: Mapping[str, PartStock], *, number: int, by: str, now: int, on_books: float
) -> PartBooking:
    """Return what is written into the books; raise ProvisionRefused. `on_books`: their sum for the part so far."""
    _check_part(command, stock)
    quantity = command.quantity
    least = 0.0 if command.deed is ProvisionDeed.COUNT else math.ulp(0.0)
    if not (math.isfinite(quantity) and least <= quantity <= MOST):
        raise ProvisionRefused(Code.NO_QUANTITY, "not done: say how many, more than nothing")
    kinds = {
        ProvisionDeed.COUNT: (BookingKind.COUNT, quantity - on_books),
        ProvisionDeed.RECEIVE: (BookingKind.RECEIPT, quantity),
        ProvisionDeed.WITHDRAW: (BookingKind.WITHDRAWAL, -quantity),
    }
    kind, change = kinds[command.deed]
    return PartBooking(f"booking {number}", now, command.part, change, kind, by, command.reason.strip())


def rule_of(command: ProvisionCommand, stock: Mapping[str, PartStock], *, by: str, now: int) -> PartRule:
    """Return the minimum and the place that a part has from now on; raise ProvisionRefused."""
    _check_part(command, stock)
    if not (math.isfinite(command.minimum) and 0.0 <= command.minimum <= MOST):
        raise ProvisionRefused(Code.NO_QUANTITY, "not done: a minimum is 0 or more")
    return PartRule(command.part, now, command.minimum, command.place.strip(), by)


def used_by(order: WorkOrder) -> list[PartBooking]:
    """Return the bookings of work that has just been completed; none for any other step."""
    if order.step is not WorkStep.COMPLETE:
        return []
    totals: dict[str, float] = {}
    for use in order.parts:
        totals[use.part] = totals.get(use.part, 0.0) + use.quantity
    by = order.signature.name if order.signature is not None else order.changed_by
    return [
        PartBooking(f"WO-{order.id:05d} {part}", order.completed, part, -quantity, BookingKind.WORK, by)
        for part, quantity in totals.items()
        if quantity
    ]


def is_of_stops(deed: ProvisionDeed) -> bool:
    """Return whether a deed is about planned stops, and not about parts."""
    return deed in _OF_STOPS


def _check_part(command: ProvisionCommand, stock: Mapping[str, PartStock]) -> None:
    if command.part not in stock:
        text = f"not done: the plant file has no spare part {command.part}"
        raise ProvisionRefused(Code.NO_PART, text, name=command.part)
