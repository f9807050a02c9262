"""What the command line does to work orders: through the collector where one runs, else straight into the file."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from app.collector.lock import AlreadyCollecting, collector_lock
from app.command.failure import UsageFailure
from app.command.plant_argument import plant_in
from app.command.user import asked_secret
from app.model import clock
from app.model.actor import Actor
from app.model.role import Role
from app.model.work_order import WorkCommand, WorkRefusal, WorkRequest, WorkStep

if TYPE_CHECKING:
    from app.maintenance.desk import WorkChange, WorkDesk
    from app.plant.folder import PlantFolder
    from app.pubsub.channel import EventClient
    from app.pubsub.frame import CommandDone, Event, RequestWork, StepWork
    from app.security.users import User

PATIENCE_S = 60.0
LOOK_S = 0.02
ResultT = TypeVar("ResultT")


def request(folder: PlantFolder, work: WorkRequest, *, user: str) -> int:
    """Ask for work and return the number of the order; raise UsageFailure with the reason why not."""
    who = _Person(folder, user)
    if (client := _connected(folder)) is not None:
        from app.pubsub.frame import RequestWork

        return _sent(client, who, RequestWork(2, work, who.name, who.window))

    def ask(desk: WorkDesk, actor: Actor) -> Sequence[WorkChange] | WorkRefusal:
        change = desk.request(work, actor, clock.now_ns())
        return change if isinstance(change, WorkRefusal) else [change]

    return _written(folder, who, Role.OPERATOR, ask)


def step(folder: PlantFolder, command: WorkCommand, *, user: str) -> int:
    """Do a step of the present version of an order; return its number, or that of the order that follows it.

    Raise UsageFailure with the reason why not.
    """
    from app.database import open_reader
    from app.maintenance.agenda import meter_of
    from app.maintenance.check import role_for
    from app.maintenance.meter_store import first_and_last_readings
    from app.maintenance.store import order_of

    with closing(open_reader(folder.history)) as connection:
        order = order_of(connection, command.order)
        totals = {tag: last.total for tag, (_, last) in first_and_last_readings(connection).items()}
    if order is None:
        raise UsageFailure(f"there is no order {command.order}: foreshift work list tells which there are")
    plant = plant_in(folder)
    command = replace(command, seen=order.version)
    who = _Person(folder, user)
    if (client := _connected(folder)) is not None:
        from app.pubsub.frame import StepWork

        secret = who.secret if command.step is WorkStep.COMPLETE else ""
        return _sent(client, who, StepWork(2, command, who.name, who.window, secret))

    def do(desk: WorkDesk, actor: Actor) -> Sequence[WorkChange] | WorkRefusal:
        meter = meter_of(plant, order, totals)
        return desk.step(command, actor, clock.now_ns(), is_proven=bool(who.user), meter=meter)

    return _written(folder, who, role_for(command.step, plant.maintenance_rules), do)


class _Person:
    """Who does it: a user of the plant, proven by a PIN, or in a plant without users the owner of this process."""

    def __init__(self, folder: PlantFolder, name: str) -> None:
        self.window = f"command line {os.getpid()}"
        self.name = name or getpass.getuser()
        self.secret = ""
        self.user: User | None = None
        if folder.users.exists():
            if not name:
                raise UsageFailure("say who does it: --user NAME")
            self.secret = asked_secret(name)

    def prove(self, folder: PlantFolder, needed: Role) -> Actor:
        """Return who acts; raise UsageFailure where the PIN is wrong or the role too small."""
        from app.security.users import Users

        if not folder.users.exists():
            return Actor(self.window, self.name)
        self.user = Users(folder.users).verify(self.name, self.secret)
        if self.user is None:
            raise UsageFailure(f"{self.name}: name or PIN is wrong")
        if not self.user.role.includes(needed):
            raise UsageFailure(f"{self.name} is {self.user.role}, and this needs an {needed}")
        return Actor(self.window, self.user.name, self.user.role)


def _connected(folder: PlantFolder) -> EventClient | None:
    """Return the collector of a plant, None where none runs; raise ChannelClosed where it cannot be reached."""
    from app.pubsub.channel import ChannelClosed, EventClient, RendezvousError, address_of, read_token

    try:
        return EventClient.connect(address_of(folder.path), read_token(folder.token))
    except (ChannelClosed, RendezvousError):
        folder.run.mkdir(mode=0o700, exist_ok=True)
        try:
            with collector_lock(folder):
                return None
        except AlreadyCollecting as error:
            raise UsageFailure(f"{error}; it does not answer: try again") from error


def _sent(client: EventClient, who: _Person, command: RequestWork | StepWork) -> int:
    from app.pubsub.frame import CommandDone, SessionChanged, SignIn

    def answered(event: Event) -> CommandDone | None:
        return event if isinstance(event, CommandDone) and event.request == command.request else None

    with closing(client):
        if who.secret:
            client.send(SignIn(1, who.name, who.secret, who.window))
            session = _awaited(client, lambda event: event if isinstance(event, SessionChanged) else None)
            if not session.name:
                raise UsageFailure(f"{who.name}: not signed in: {session.reason}")
        client.send(command)
        answer = _awaited(client, answered)
    if not answer.done:
        raise UsageFailure(answer.reason)
    return answer.work


def _awaited(client: EventClient, found: Callable[[Event], ResultT | None]) -> ResultT:
    import time

    deadline = clock.monotonic_ns() + int(PATIENCE_S * clock.NS_PER_S)
    while clock.monotonic_ns() < deadline:
        for event in client.poll():
            if (result := found(event)) is not None:
                return result
        time.sleep(LOOK_S)
    raise UsageFailure("the collector has not answered: what became of it stands in the audit trail")


def _written(
    folder: PlantFolder,
    who: _Person,
    needed: Role,
    do: Callable[[WorkDesk, Actor], Sequence[WorkChange] | WorkRefusal],
) -> int:
    """Do something in the file itself while no collector runs, with its line in the log, and sign that."""
    from app.audit.checkpoints import CheckpointKeeper
    from app.audit.journal import AuditJournal
    from app.collector.work_log import write_work
    from app.database import open_writer
    from app.maintenance import store
    from app.maintenance.desk import WorkDesk
    from app.maintenance.store import WorkStore

    actor = who.prove(folder, needed)
    with collector_lock(folder), closing(open_writer(folder.history)) as connection:
        WorkStore(connection)
        journal = AuditJournal(connection)
        desk = WorkDesk(plant_in(folder), store.open_orders(connection), last=store.last_number(connection))
        changes = do(desk, actor)
        if isinstance(changes, WorkRefusal):
            raise UsageFailure(changes.text)
        write_work(connection, journal, changes)
        CheckpointKeeper(journal).keep(is_ending=True)
    return changes[-1].order.id
