"""Planned stops and spare parts of a running plant: what windows change, and what completed work uses up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from app import database
from app.audit.journal import AuditJournal
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.stored import NotStored, stored
from app.database import PlantConnection
from app.maintenance import provision_store
from app.maintenance.provision import (
    ProvisionRefused,
    booking_of,
    check_stop,
    is_of_stops,
    rule_of,
    stock_of,
    stops_of,
    used_by,
)
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.maintenance import PlannedStop
from app.model.plant import Plant
from app.model.provision import PartBooking, PartStock, ProvisionCommand, ProvisionDeed, StopChange
from app.model.provision import ProvisionRefusalCode as Code
from app.model.role import Role
from app.model.work_order import WorkOrder
from app.pubsub.channel import Reply
from app.pubsub.frame import CommandDone, Event, Provide, ProvisionChanged

log = logging.getLogger(__name__)

Deed = Callable[[WorkStore], None]
"""What is written together with its line of the trail."""


class ProvisionDesk:
    """Takes commands of all windows, one after the other, from the collector's event loop; `tell` hears what stands.

    `short_parts`: those of which there is less than their minimum.
    """

    def __init__(
        self,
        history: Path,
        plant: Plant,
        *,
        people: SignInDesk,
        recorder: Recorder,
        tell: Callable[[Event], None],
    ) -> None:
        """Go on from what the file holds; raise DatabaseError."""
        self._plant, self._people, self._recorder, self._tell = plant, people, recorder, tell
        with closing(database.open_reader(history)) as connection:
            self._changes = provision_store.stop_changes(connection)
            self._bookings = provision_store.bookings(connection)
            self._rules = provision_store.part_rules(connection)
        self.short_parts: frozenset[str] = frozenset()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._standing()

    def snapshot(self) -> list[Event]:
        """Return what a new window must know."""
        return [self._standing()]

    def obey(self, order: Provide, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or order.window, actor.name or order.operator.strip(), actor.role)
        task = asyncio.get_running_loop().create_task(self._obey(order, who, window))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hear_work(self, orders: Sequence[WorkOrder]) -> None:
        """Take what completed work has used; its bookings are on disk already, with the step."""
        known = {booking.source for booking in self._bookings}
        used = [booking for order in orders for booking in used_by(order) if booking.source not in known]
        if used:
            self._bookings += used
            self._tell(self._standing())

    async def _obey(self, order: Provide, who: Actor, window: Reply) -> None:
        try:
            self._check_right(order.command, who)
            async with self._turn:
                await self._do(order.command, who)
        except ProvisionRefused as refused:
            log.info("provision.refused deed=%s who=%s code=%s", order.command.deed, who.name, refused.refusal.code)
            stop = order.command.stop or order.command.seen
            what = order.command.part or (stop.id if stop is not None else "")
            line = _line(AuditAction.WORK_REFUSED, who, what, str(order.command.deed), reason=str(refused))
            with suppress(NotStored):  # it is written once anything can be
                await stored(self._recorder.audit([line]), self._problem)
            window(CommandDone(order.request, done=False, reason=str(refused), provision_refusal=refused.refusal))
            return
        self._tell(self._standing())
        window(CommandDone(order.request, done=True))

    async def _do(self, command: ProvisionCommand, who: Actor) -> None:
        """Let a deed count and put it on disk with its line of the trail; what cannot be stored yet is stored later."""
        now = clock.now_ns()
        stock = stock_of(self._plant, self._bookings, self._rules)
        if is_of_stops(command.deed):
            change = self._stop_change(command, who, now)
            detail = f"{_stop_text(command.seen)} -> {_stop_text(change.stop)}"
            line = _line(
                AuditAction.STOP_CHANGED, who, change.id, str(command.deed), reason=command.reason, detail=detail
            )
            self._changes.append(change)
            await self._kept(lambda works: works.change_stop(change), line)
        elif command.deed is ProvisionDeed.SET_RULE:
            rule = rule_of(command, stock, by=who.name, now=now)
            before = stock[rule.part]
            detail = f"minimum {before.minimum:g} -> {rule.minimum:g}, place {before.place} -> {rule.place}"
            line = _line(AuditAction.PART_RULE_SET, who, rule.part, "set", reason=command.reason, detail=detail)
            self._rules.append(rule)
            await self._kept(lambda works: works.set_rule(rule), line)
        else:
            booking = self._booking(command, stock, who, now)
            on_hand = self._sum(command.part) + booking.change
            detail = f"{booking.change:+g}, {on_hand:g} on hand"
            line = _line(AuditAction.PART_BOOKED, who, booking.part, booking.kind, reason=command.reason, detail=detail)
            self._bookings.append(booking)
            await self._kept(lambda works: works.book([booking]), line)

    def _stop_change(self, command: ProvisionCommand, who: Actor, now: int) -> StopChange:
        name = check_stop(command, stops_of(self._plant, self._changes), self._plant)
        base = next((stop for stop in self._plant.stops if stop.id == name), None)
        stop = command.stop if command.deed is ProvisionDeed.SET_STOP else None
        number = max((change.number for change in self._changes), default=0) + 1
        return StopChange(number, now, name, stop, base, who.name, command.reason.strip())

    def _booking(self, command: ProvisionCommand, stock: Mapping[str, PartStock], who: Actor, now: int) -> PartBooking:
        number = sum(booking.source.startswith("booking ") for booking in self._bookings) + 1
        on_books = self._sum(command.part)
        return booking_of(command, stock, number=number, by=who.name, now=now, on_books=on_books)

    def _sum(self, part: str) -> float:
        return sum(booking.change for booking in self._bookings if booking.part == part)

    async def _kept(self, deed: Deed, line: AuditRecord) -> None:
        def keep(connection: PlantConnection, audit: AuditJournal) -> None:
            deed(WorkStore(connection, is_migrated=True))
            audit.append([line])

        try:
            await stored(self._recorder.keep(keep), self._problem)
        except NotStored as error:
            text = f"not known whether it is on disk: {error}"
            raise ProvisionRefused(Code.NOT_STORED, text, reason=error) from error

    def _check_right(self, command: ProvisionCommand, who: Actor) -> None:
        """Raise ProvisionRefused where somebody may not do this; in a plant without users a name is enough.

        Who releases work decides on stops and minima; parts are booked by whoever takes them.
        """
        is_booking = command.deed in {ProvisionDeed.COUNT, ProvisionDeed.RECEIVE, ProvisionDeed.WITHDRAW}
        needed = Role.OPERATOR if is_booking else self._plant.maintenance_rules.release_role
        if self._people.has_users and who.role is None:
            raise ProvisionRefused(Code.NOT_SIGNED_IN, "not done: sign in first")
        if self._people.has_users and who.role is not None and not who.role.includes(needed):
            text = f"not done: {who.name} is {who.role}, and this needs an {needed}"
            raise ProvisionRefused(Code.ROLE, text, name=who.name, role=needed)
        if not who.name:
            raise ProvisionRefused(Code.NO_NAME, "not done: say who operates")

    def _standing(self) -> ProvisionChanged:
        stock = stock_of(self._plant, self._bookings, self._rules)
        self.short_parts = frozenset(part for part, each in stock.items() if each.is_short)
        return ProvisionChanged(stops_of(self._plant, self._changes), tuple(stock.values()))

    def _problem(self) -> str:
        return self._recorder.problem


def _stop_text(stop: PlannedStop | None) -> str:
    if stop is None:
        return "none"
    again = f", again every {stop.every_days:g} d" if stop.every_days else ""
    of = f" of {', '.join(stop.equipment)}" if stop.equipment else ""
    return f"{stop.name.en}{of} at {clock.to_datetime(stop.start).isoformat()} for {stop.hours:g} h{again}"


def _line(
    action: AuditAction, who: Actor, subject: str, operation: str, *, reason: str = "", detail: str = ""
) -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        action,
        operation=operation,
        subject=subject,
        reason=reason.strip(),
        detail=detail,
    ).by(who)
