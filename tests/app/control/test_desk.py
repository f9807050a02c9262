"""The desk under arbitrary commands, interlocks, links, devices and a trail that may be slow: what must always hold."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.control import write_execution
from app.control.desk import ControlDesk, Surroundings
from app.model import clock, status
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.comparison import Comparison
from app.model.connection import LinkState
from app.model.content import Content
from app.model.control import ControlRecord, ControlState, ReasonCode
from app.model.datavalue import DataValue
from app.model.method import MethodDefinition
from app.model.plant import Plant
from app.model.role import Role
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.write_rule import WriteRule
from drivers.driver import ConnectionLost, WriteResult
from drivers.method_caller import CallResult

RULE = WriteRule(0.0, 10.0, step=1.0, tolerance=0.25, interlocks=(Comparison("RUN", "==", 0.0),), read_back_s=0.5)
TAGS = tuple(
    TagDefinition(handle, name, "E", LocalText(name), "plc", name, write=write)
    for handle, (name, write) in enumerate([("A", RULE), ("B", replace(RULE, role=Role.ENGINEER)), ("RUN", None)])
)
PLANT = Plant("p", LocalText("P"), (), (), TAGS, is_read_only=False)
ACTORS = {
    "first": Actor("first", "Li Na", Role.OPERATOR),
    "second": Actor("second", "Wang", Role.ENGINEER),
    "third": Actor("third"),
}
BEHAVIOURS = ("good", "late", "deaf", "refusing", "too small", "distorting", "expired", "lost", "silent")


class Plc:
    """A device whose behaviour is set; it looks at what stood when it was written."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.behaviour = "good"
        self.written: list[tuple[str, Content]] = []

    async def call(self, method: MethodDefinition, arguments: tuple[Content, ...], expires: int) -> CallResult:
        raise NotImplementedError

    async def write(self, tag: TagDefinition, value: Content, expires: int) -> WriteResult:
        await asyncio.sleep(0)
        world = self.world
        if self.behaviour == "expired":
            return WriteResult(tag.address, status.BAD_TIMEOUT, "expired", is_sent=False)
        if self.behaviour == "too small":
            return WriteResult(tag.address, status.BAD_OUT_OF_RANGE, "does not fit", is_sent=False)
        self.written.append((tag.name, value))
        assert clock.monotonic_ns() <= expires
        assert world.values["RUN"].value == 0.0
        assert world.link is LinkState.RUNNING
        assert tag.write is not None
        assert tag.write.allows(value)
        (held,) = [record for record in world.desk.standing() if record.tag == tag.name]
        intents = [line for line in world.stored if line.action is AuditAction.WRITE_INTENT]
        assert intents[-1].operation == held.operation or held.operation in {line.operation for line in intents}
        if self.behaviour in {"good", "late"}:
            world.values[tag.name] = DataValue(float(value), status.GOOD, 1)
        if self.behaviour == "distorting":
            world.values[tag.name] = DataValue(float(value) + 1.0, status.GOOD, 1)
        if self.behaviour == "lost":
            raise ConnectionLost("cut")
        if self.behaviour == "refusing":
            return WriteResult(tag.address, status.BAD_NOT_WRITABLE, "no")
        return WriteResult(tag.address, status.GOOD, is_answered=self.behaviour not in {"late", "deaf", "silent"})

    async def read(self, tag: TagDefinition) -> DataValue:
        self.world.advance(0.3)
        await asyncio.sleep(0)
        if self.behaviour in {"lost", "silent"}:
            raise ConnectionLost("cut")
        return self.world.values[tag.name]


class World:
    """A desk and all around it, on an event loop that is run by hand."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.frozen = clock.frozen(10**18)
        self.step = self.frozen.__enter__()
        self.values = {name: DataValue(0.0, status.GOOD, 1) for name in ("A", "B", "RUN")}
        self.link = LinkState.RUNNING
        self.plc = Plc(self)
        self.told: list[ControlRecord] = []
        self.stored: list[AuditRecord] = []
        self.waiting: list[tuple[asyncio.Future[None], AuditRecord]] = []
        self.is_slow = False
        self.desk = ControlDesk(
            PLANT,
            Surroundings(
                read=lambda tag: self.values[tag],
                link=lambda _: self.link,
                device=self.plc,
                audit=self.audit,
                tell=self.told.append,
            ),
        )

    def audit(self, record: AuditRecord) -> asyncio.Future[None]:
        done: asyncio.Future[None] = self.loop.create_future()
        self.waiting.append((done, record))
        if not self.is_slow:
            self.store()
        return done

    def store(self) -> None:
        """Let the trail reach the disk."""
        for done, record in self.waiting:
            self.stored.append(record)
            done.set_result(None)
        self.waiting.clear()

    def advance(self, seconds: float) -> None:
        self.step(int(seconds * clock.NS_PER_S))

    def execute(self, operation: str, value: float, owner: str) -> None:
        async def execute() -> None:
            self.desk.execute(operation, value, owner=owner, actor=ACTORS[owner])

        self.loop.run_until_complete(execute())

    def run(self, turns: int = 60) -> None:
        async def pump() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        self.loop.run_until_complete(pump())

    def close(self) -> None:
        if self.loop.is_closed():
            return
        self.is_slow = False
        self.store()
        self.loop.run_until_complete(self.desk.close())
        self.store()
        self.loop.close()
        self.frozen.__exit__(None, None, None)


class DeskMachine(RuleBasedStateMachine):
    """Arbitrary histories of a desk."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(write_execution, "PAUSE_S", 0.0)
        self.world = World()
        self.number = 0

    @rule(owner=st.sampled_from(list(ACTORS)), tag=st.sampled_from(["A", "B", "RUN", "X"]),
          value=st.sampled_from([0.0, 3.0, 10.0, 11.0, 2.5, math.nan]))  # fmt: skip
    def select(self, owner: str, tag: str, value: float) -> None:
        self.number += 1
        holders = {record.tag: record for record in self.world.desk.standing()}
        record = self.world.desk.select(f"op{self.number}", tag, value=value, owner=owner, actor=ACTORS[owner])
        if tag in holders and holders[tag].window != owner:
            assert record.reason is not None
            assert record.reason.code is ReasonCode.HELD
            assert record.reason.values["window"] == holders[tag].window
        if record.state is ControlState.CHECKED:
            assert value in {0.0, 3.0, 10.0}

    @rule(owner=st.sampled_from(list(ACTORS)), back=st.integers(0, 3), value=st.sampled_from([0.0, 3.0, 10.0]))
    def execute(self, owner: str, back: int, value: float) -> None:
        self.world.execute(f"op{self.number - back}", value, owner)

    @rule(owner=st.sampled_from(list(ACTORS)), back=st.integers(0, 3))
    def cancel(self, owner: str, back: int) -> None:
        self.world.desk.cancel(f"op{self.number - back}", owner=owner)

    @rule(owner=st.sampled_from(list(ACTORS)))
    def leave(self, owner: str) -> None:
        self.world.desk.leave(owner)
        assert not [r for r in self.world.desk.standing() if r.window == owner and not r.state.is_under_way]

    @rule(running=st.booleans())
    def interlock(self, *, running: bool) -> None:
        self.world.values["RUN"] = DataValue(float(running), status.GOOD, 1)

    @rule(
        tag=st.sampled_from(["A", "B"]),
        value=st.sampled_from([1.0, 5.0]),
        code=st.sampled_from([status.GOOD, status.BAD]),
    )
    def move(self, tag: str, value: float, code: int) -> None:
        self.world.values[tag] = DataValue(value, code, 1)

    @rule(link=st.sampled_from([LinkState.RUNNING, LinkState.RUNNING, LinkState.BACKOFF]))
    def relink(self, link: LinkState) -> None:
        self.world.link = link

    @rule(behaviour=st.sampled_from(BEHAVIOURS))
    def behave(self, behaviour: str) -> None:
        self.world.plc.behaviour = behaviour

    @rule(seconds=st.sampled_from([0.1, 4.0, 40.0]))
    def wait(self, seconds: float) -> None:
        self.world.advance(seconds)
        self.world.desk.tick()

    @rule()
    def slow_trail(self) -> None:
        self.world.is_slow = True

    @precondition(lambda self: self.world.is_slow)
    @rule()
    def quick_trail(self) -> None:
        self.world.is_slow = False
        self.world.store()

    @rule()
    def run(self) -> None:
        self.world.run()

    @invariant()
    def one_holder_per_tag(self) -> None:
        tags = [record.tag for record in self.world.desk.standing()]
        assert len(tags) == len(set(tags))

    @invariant()
    def nothing_is_told_after_an_end_nor_against_the_state_machine(self) -> None:
        ended: set[str] = set()
        sent: list[str] = []
        for record in self.world.told:
            if record.state is not ControlState.REFUSED or record.tag:
                assert record.operation not in ended or record.state is ControlState.REFUSED
            if record.state.is_final:
                ended.add(record.operation)
            if record.state is ControlState.EXECUTING:
                sent.append(record.operation)
        assert len(sent) == len(set(sent)) >= len(self.world.plc.written)

    def teardown(self) -> None:
        world = self.world
        world.close()
        self.patch.undo()
        lines = [line for line in world.stored if line.action in {AuditAction.WRITE_INTENT, AuditAction.WRITE_RESULT}]
        intents = [line.operation for line in lines if line.action is AuditAction.WRITE_INTENT]
        results = {line.operation: line for line in lines if line.action is AuditAction.WRITE_RESULT}
        assert len(intents) == len(set(intents))
        assert set(intents) == set(results)
        assert all(ControlState(line.outcome).is_final for line in results.values())
        done = [line for line in results.values() if line.outcome == ControlState.DONE]
        assert all(RULE.is_as_written(line.new, line.read) for line in done)


TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(
    max_examples=120, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(write_execution, "PAUSE_S", 0.0)
    world = World()
    yield world
    world.close()


ENDS = {
    "good": (ControlState.DONE, None),
    "late": (ControlState.DONE, ReasonCode.ANSWER_LATE),
    "deaf": (ControlState.UNKNOWN, ReasonCode.NOT_TAKEN),
    "silent": (ControlState.UNKNOWN, ReasonCode.NOT_ANSWERED),
    "lost": (ControlState.UNKNOWN, ReasonCode.NOT_ANSWERED),
    "refusing": (ControlState.FAILED, ReasonCode.DEVICE_REFUSED),
    "too small": (ControlState.FAILED, ReasonCode.DEVICE_REFUSED),
    "distorting": (ControlState.FAILED, ReasonCode.READS_OTHER),
    "expired": (ControlState.EXPIRED, ReasonCode.NOT_SENT),
}


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_that_each_behaviour_of_a_device_has_its_end_and_is_written_at_most_once(world: World, behaviour: str) -> None:
    world.plc.behaviour = behaviour
    world.desk.select("op", "A", value=3.0, owner="first", actor=ACTORS["first"])
    world.execute("op", 3.0, "first")
    world.run()
    end = world.told[-1]
    assert (end.state, end.reason and end.reason.code) == ENDS[behaviour]
    assert len(world.plc.written) == (behaviour not in {"expired", "too small"})
    assert world.stored[-1].outcome == end.state
    assert world.desk.standing() == []
    world.close()


def test_that_a_trail_that_is_late_lets_a_write_expire_unsent(world: World) -> None:
    world.is_slow = True
    world.desk.select("op", "A", value=3.0, owner="first", actor=ACTORS["first"])
    world.execute("op", 3.0, "first")
    world.run()
    world.advance(RULE.expiry_s + 0.1)
    world.store()
    world.run()
    assert world.told[-1].state is ControlState.EXPIRED
    assert world.plc.written == []
    world.close()


def test_that_an_interlock_that_falls_while_the_trail_is_written_stops_the_write(world: World) -> None:
    world.is_slow = True
    world.desk.select("op", "A", value=3.0, owner="first", actor=ACTORS["first"])
    world.execute("op", 3.0, "first")
    world.run()
    world.values["RUN"] = DataValue(0.0, status.UNCERTAIN_LAST_USABLE_VALUE, 1)
    world.store()
    world.run()
    assert world.told[-1].reason is not None
    assert world.told[-1].reason.code is ReasonCode.INTERLOCK_UNKNOWN
    assert world.plc.written == []
    world.close()


def test_that_a_collector_that_ends_says_of_what_was_sent_that_it_is_not_known(world: World) -> None:
    world.plc.behaviour = "deaf"
    world.desk.select("op", "A", value=3.0, owner="first", actor=ACTORS["first"])
    world.execute("op", 3.0, "first")
    world.run(turns=4)
    assert world.told[-1].state in {ControlState.EXECUTING, ControlState.VERIFYING}
    world.close()
    assert (world.stored[-1].action, world.stored[-1].outcome) == (AuditAction.WRITE_RESULT, "unknown")
