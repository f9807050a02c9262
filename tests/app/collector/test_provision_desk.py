"""Planned stops and spare parts at a desk whose recorder and file are real: who may, what stands, and what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.audit.journal import AuditJournal, page
from app.audit.verification import verify
from app.collector.provision_desk import ProvisionDesk
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.station_watch import StationWatch
from app.collector.work_log import write_work
from app.database import open_reader, open_writer, transaction
from app.maintenance.desk import WorkChange
from app.maintenance.provision_store import bookings
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.audit import AuditAction
from app.model.maintenance import PlannedStop, SparePart
from app.model.plant import Plant
from app.model.provision import PartStock, ProvisionCommand, ProvisionDeed
from app.model.provision import ProvisionRefusalCode as Code
from app.model.role import Role
from app.model.text import LocalText
from app.model.work_order import PartUse, WorkOrder, WorkSource, WorkState, WorkStep
from app.plant.folder import PlantFolder
from app.pubsub.frame import CommandDone, Event, Provide, ProvisionChanged, SignIn
from app.security.users import Users
from tests.app.collector.bench import small_plant, until

HOUR = 3_600 * clock.NS_PER_S
T0 = 1_795_000_000 * clock.NS_PER_S
AUTUMN = PlannedStop("autumn", LocalText("Autumn stop"), T0, 8.0)
SPRING = PlannedStop("spring", LocalText("Spring stop"), T0 + 1_000 * HOUR, 24.0, every_days=365.0)
BELT = SparePart("belt", LocalText("Belt"), "B-07")


def plant() -> Plant:
    return replace(small_plant(1), stops=(AUTUMN,), spare_parts=(BELT, SparePart("oil", LocalText("Oil"))))


class Desk:
    """The desk with one window: `told` is what all windows hear, `done` what the commands are answered by."""

    def __init__(self, folder: PlantFolder, plant: Plant) -> None:
        self.recorder = Recorder(folder.history, plant.tags, on_stored=lambda _: None, interval_s=0.01)
        self.recorder.start()
        self.told: list[ProvisionChanged] = []
        self.done: dict[int, CommandDone] = {}
        self.people = SignInDesk(folder, lambda _: None)
        self.desk = ProvisionDesk(folder.history, plant, people=self.people, recorder=self.recorder, tell=self._hear)

    def window(self, event: Event) -> None:
        if isinstance(event, CommandDone):
            self.done[event.request] = event

    async def obey(self, command: ProvisionCommand, name: str = "Li") -> Code | None:
        request = len(self.done) + 1
        self.desk.obey(Provide(request, command, name, f"window {name}"), self.window)
        await until(lambda: request in self.done, timeout_s=30.0)
        refusal = self.done[request].provision_refusal
        assert (refusal is None) == self.done[request].done
        return refusal.code if refusal is not None else None

    def standing(self) -> ProvisionChanged:
        (event,) = self.desk.snapshot()
        assert isinstance(event, ProvisionChanged)
        return event

    def stock(self, part: str = "belt") -> PartStock:
        return next(each for each in self.standing().stock if each.part == part)

    def _hear(self, event: Event) -> None:
        if isinstance(event, ProvisionChanged):
            self.told.append(event)


@asynccontextmanager
async def open_desk(path: Path, plant: Plant) -> AsyncIterator[Desk]:
    await asyncio.to_thread(path.mkdir, exist_ok=True)
    bench = Desk(PlantFolder(path), plant)
    try:
        yield bench
    finally:
        await asyncio.to_thread(bench.recorder.stop)


def set_stop(stop: PlannedStop, seen: PlannedStop | None = None) -> ProvisionCommand:
    return ProvisionCommand(ProvisionDeed.SET_STOP, stop, seen)


async def test_that_a_stop_is_added_moved_and_removed_and_all_of_it_is_known_after_a_restart(tmp_path: Path) -> None:
    moved = replace(AUTUMN, start=T0 - 100 * HOUR)
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert bench.standing().stops == (AUTUMN,)
        assert await bench.obey(set_stop(SPRING)) is None
        assert await bench.obey(set_stop(moved, AUTUMN)) is None
        assert bench.told[-1].stops == (moved, SPRING)
        assert await bench.obey(set_stop(replace(AUTUMN, hours=9.0), AUTUMN), "Chen") is Code.CHANGED
        assert await bench.obey(ProvisionCommand(ProvisionDeed.REMOVE_STOP, seen=SPRING, reason="sold out")) is None
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert bench.standing().stops == (moved,)
        with closing(open_reader(tmp_path / "p" / "history.sqlite")) as connection:
            lines = [line.record for line in reversed(page(connection)) if line.action.startswith("work.")]
            assert verify(connection).faults == []
    told = [(line.action, line.user, line.subject, line.operation) for line in lines if line is not None]
    assert told == [
        (AuditAction.STOP_CHANGED, "Li", "spring", "set_stop"),
        (AuditAction.STOP_CHANGED, "Li", "autumn", "set_stop"),
        (AuditAction.WORK_REFUSED, "Chen", "autumn", "set_stop"),
        (AuditAction.STOP_CHANGED, "Li", "spring", "remove_stop"),
    ]


async def test_that_what_is_written_into_the_plant_file_afterwards_counts_more(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert await bench.obey(set_stop(replace(AUTUMN, hours=12.0), AUTUMN)) is None
    later = replace(AUTUMN, start=T0 + 500 * HOUR)
    async with open_desk(tmp_path / "p", replace(plant(), stops=(later,))) as bench:
        assert bench.standing().stops == (later,)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (set_stop(replace(SPRING, name=LocalText(" "))), Code.NO_STOP_NAME),
        (set_stop(replace(SPRING, hours=0.0)), Code.NO_LENGTH),
        (set_stop(replace(SPRING, hours=float("nan"))), Code.NO_LENGTH),
        (set_stop(replace(SPRING, every_days=0.5)), Code.TOO_OFTEN),
        (set_stop(replace(SPRING, equipment=("X9",))), Code.NO_EQUIPMENT),
        (set_stop(AUTUMN), Code.TAKEN),
        (ProvisionCommand(ProvisionDeed.REMOVE_STOP, seen=SPRING), Code.CHANGED),
        (ProvisionCommand(ProvisionDeed.COUNT, part="gear", quantity=1.0), Code.NO_PART),
        (ProvisionCommand(ProvisionDeed.RECEIVE, part="belt"), Code.NO_QUANTITY),
        (ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=-1.0), Code.NO_QUANTITY),
        (ProvisionCommand(ProvisionDeed.SET_RULE, part="belt", minimum=float("inf")), Code.NO_QUANTITY),
    ],
    ids=["name", "length", "nan", "too-often", "equipment", "taken", "gone", "part", "nothing", "negative", "infinite"],
)
async def test_that_what_cannot_be_meant_is_refused(tmp_path: Path, command: ProvisionCommand, code: Code) -> None:
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert await bench.obey(command) is code
        assert bench.standing().stops == (AUTUMN,)


async def test_that_the_books_of_a_part_tell_what_is_there_and_that_it_is_short(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert bench.stock() == PartStock("belt", None, 0.0, "B-07")
        rule = ProvisionCommand(ProvisionDeed.SET_RULE, part="belt", minimum=3.0, place="B-08")
        assert await bench.obey(rule) is None
        assert await bench.obey(ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=4.0)) is None
        assert bench.stock() == PartStock("belt", 4.0, 3.0, "B-08")
        assert not bench.stock().is_short
        assert await bench.obey(ProvisionCommand(ProvisionDeed.WITHDRAW, part="belt", quantity=2.0)) is None
        assert bench.told[-1].stock[0].is_short
        watch = StationWatch(plant())
        assert [part for part in ("belt", "oil") if _is_alarmed(watch, bench.desk.short_parts, part)] == ["belt"]
        assert await bench.obey(ProvisionCommand(ProvisionDeed.RECEIVE, part="belt", quantity=5.0)) is None
        assert await bench.obey(ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=6.0)) is None
        assert bench.stock().on_hand == 6.0
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert bench.stock() == PartStock("belt", 6.0, 3.0, "B-08")


def _is_alarmed(watch: StationWatch, short: frozenset[str], part: str) -> bool:
    found = watch.present((), lost_workers=0, disk_problem="", history_problem="", short_parts=short)
    return found[f"station/part/{part}"]


def completed(version: int = 6) -> WorkChange:
    order = WorkOrder(
        12, version, "P", LocalText("Change the belt"), WorkState.DONE, WorkSource.HAND, "", "", Priority.HIGH,
        T0, "Li", T0 + HOUR, "Li", WorkStep.COMPLETE, completed=T0 + HOUR,
        parts=(PartUse("belt", 2.0), PartUse("rope", 1.0), PartUse("belt", 1.0)),
    )  # fmt: skip
    return WorkChange(order, Actor("window Li", "Li"), "done")


async def test_that_completed_work_uses_its_parts_up_once_also_where_it_is_written_twice(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert await bench.obey(ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=2.0)) is None
        change = completed()
        await asyncio.wrap_future(
            bench.recorder.keep(lambda connection, audit: write_work(connection, audit, [change]))
        )
        for _ in range(2):
            bench.desk.hear_work([change.order])
        bench.desk.hear_work([replace(change.order, step=WorkStep.CONFIRM_FIXED)])
        assert bench.stock().on_hand == -1.0
        assert bench.stock().is_short
        assert bench.stock("rope") == PartStock("rope", None), "what no catalogue names is on the books, not known"
    path = tmp_path / "p" / "history.sqlite"
    with closing(open_writer(path)) as connection, transaction(connection):
        write_work(connection, AuditJournal(connection), [completed()])
    with closing(open_reader(path)) as connection:
        assert [(each.source, each.change) for each in bookings(connection, "belt")] == [
            ("WO-00012 belt", -3.0), ("booking 1", 2.0),
        ]  # fmt: skip
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert bench.stock().on_hand == -1.0


async def test_that_stops_are_set_by_who_releases_work_and_parts_are_booked_by_operators(tmp_path: Path) -> None:
    await asyncio.to_thread((tmp_path / "p").mkdir)
    users = Users(PlantFolder(tmp_path / "p").users)
    users.add("otto", Role.OPERATOR, "71940582")
    async with open_desk(tmp_path / "p", plant()) as bench:
        count = ProvisionCommand(ProvisionDeed.COUNT, part="belt", quantity=4.0)
        assert await bench.obey(count) is Code.NOT_SIGNED_IN
        await bench.people.sign_in(SignIn(1, "otto", "71940582", "window 1"), bench.window)
        assert await bench.obey(count) is None
        assert await bench.obey(set_stop(SPRING)) is Code.ROLE
        assert await bench.obey(ProvisionCommand(ProvisionDeed.SET_RULE, part="belt", minimum=1.0)) is Code.ROLE


async def test_that_a_name_is_asked_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "p", plant()) as bench:
        assert await bench.obey(set_stop(SPRING), " ") is Code.NO_NAME
