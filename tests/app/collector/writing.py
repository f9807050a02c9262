"""A plant that may be written, behind real Modbus and OPC UA servers, its collector, and windows that write."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Self

from app.audit.journal import page
from app.audit.verification import verify
from app.collector.service import Collector
from app.database import open_reader
from app.model.audit import AuditRecord
from app.model.comparison import Comparison
from app.model.connection import ConnectionDefinition
from app.model.content import Content
from app.model.control import ControlRecord, ControlState
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.role import Role
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.write_rule import StateRule, WriteRule
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.channel import ChannelClosed, EventClient, RendezvousError, address_of, read_token
from app.pubsub.frame import (
    Call,
    CollectorChanged,
    ControlChanged,
    Event,
    Execute,
    Select,
    SelectMethod,
    SessionChanged,
    SignIn,
)
from app.security.users import Users
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher

HOST = "127.0.0.1"
NAMESPACE = "urn:foreshift:written"
PIN = "2468"
START = {"P.SP": 6.0, "P.RUN": 0.0, "P.STEP": 1.0, "P.ENG": 1.0, "P.RO": 1.0}
RULE = WriteRule(
    5.5,
    7.0,
    step=0.05,
    tolerance=0.01,
    interlocks=(Comparison("P.RUN", "==", 0.0),),
    state=StateRule("P.STEP", (1.0, 2.0)),
    read_back_s=0.6,
    expiry_s=2.0,
    select_s=30.0,
)


def writable_plant(modbus_port: int, opcua_url: str = "", *, rule: WriteRule = RULE) -> Plant:
    """Return a plant of a press (Modbus) and, where a URL is given, a furnace (OPC UA)."""

    def tag(
        handle: int, name: str, address: str, connection: str = "plc", write: WriteRule | None = None
    ) -> TagDefinition:
        return TagDefinition(handle, name, name[0], LocalText(name), connection, address, scan_ms=50, write=write)

    furnace = [ConnectionDefinition("furnace", "opcua", opcua_url)] if opcua_url else []
    plain = WriteRule(0.0, 100.0, step=1.0, tolerance=0.5, read_back_s=0.6)
    return Plant(
        id="written",
        name=LocalText("Written plant"),
        equipment=(Equipment("P", LocalText("Press")), Equipment("F", LocalText("Furnace"))),
        connections=(
            ConnectionDefinition("plc", "modbus", f"modbus://{HOST}:{modbus_port}?unit=1&timeout_ms=300"),
            *furnace,
        ),
        tags=(
            tag(0, "P.SP", "HR0:F32", write=rule),
            tag(1, "P.RUN", "HR2:F32"),
            tag(2, "P.STEP", "HR4:F32"),
            tag(3, "P.ENG", "HR6:F32", write=replace(plain, role=Role.ENGINEER)),
            tag(4, "P.RO", "HR8:F32"),
            *(tag(5, "F.SP", f"nsu={NAMESPACE};s=F.SP", each.id, replace(plain, high=1000.0)) for each in furnace),
        ),
        is_read_only=False,
    )


class Swallowed(Enum):
    """What a WriteRelay does with writes."""

    NOTHING = "passes all"
    ANSWERS = "the device takes the value, its answer is lost"
    REQUESTS = "the device never hears of it"


class WriteRelay:
    """A Modbus TCP relay that loses what belongs to writes; `writes` counts those that were sent by the client."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self.swallowed = Swallowed.NOTHING
        self.on_write: Callable[[], None] = lambda: None
        self.writes = 0
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(HOST, self._target)
        self._writers += [writer, far_writer]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass_on(reader, far_writer, Swallowed.REQUESTS))
            group.create_task(self._pass_on(far_reader, writer, Swallowed.ANSWERS))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, side: Swallowed) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readexactly(7)
                frame = head + await reader.readexactly(struct.unpack_from(">H", head, 4)[0] - 1)
                is_write = frame[7] in {5, 6, 15, 16, 22}
                if is_write and side is Swallowed.REQUESTS:
                    self.writes += 1
                    self.on_write()
                if not (is_write and self.swallowed is side):
                    writer.write(frame)
        writer.close()


class Servers:
    """The devices; `held` is what they hold, `opcua_url` is "" where the furnace is left out."""

    def __init__(self, modbus: ModbusPublisher, opcua: OpcUaPublisher | None, relay: WriteRelay) -> None:
        self.relay = relay
        self.opcua_url = opcua.url if opcua is not None else ""
        self.held = dict(START) | {"F.SP": 900.0}
        self.taken: list[tuple[str, float]] = []
        self.distort: Callable[[float], float] = lambda value: value
        self._publishers: list[ModbusPublisher | OpcUaPublisher] = [modbus, *([opcua] if opcua is not None else [])]
        for publisher in self._publishers:
            publisher.on_write = self._take
        self.offer()

    def offer(self, **values: float) -> None:
        """Let the devices hold other values: `P_RUN=1` stands for P.RUN."""
        self.held |= {name.replace("_", "."): value for name, value in values.items()}
        for publisher in self._publishers:
            publisher.publish(self.held, 0)

    def _take(self, name: str, value: float) -> None:
        self.taken.append((name, value))
        self.held[name] = self.distort(value)
        self.offer()


@asynccontextmanager
async def serving(*, with_furnace: bool = False) -> AsyncIterator[Servers]:
    """Serve the press and, where asked for, the furnace."""
    points = [ModbusPoint(name, 1, f"HR{2 * n}:F32", writable=name != "P.RO") for n, name in enumerate(START)]
    async with AsyncExitStack() as stack:
        modbus = ModbusPublisher(HOST, 0, points)
        await modbus.start()
        stack.push_async_callback(modbus.stop)
        relay = WriteRelay(modbus.port)
        await relay.start()
        stack.push_async_callback(relay.stop)
        opcua = OpcUaPublisher(HOST, 0, NAMESPACE, [OpcUaPoint("F.SP", writable=True)]) if with_furnace else None
        if opcua is not None:
            await opcua.start()
            stack.push_async_callback(opcua.stop)
        yield Servers(modbus, opcua, relay)


def made_folder(path: Path, plant: Plant) -> PlantFolder:
    """Return a folder with the plant and its three users: look, operate, build."""
    folder = PlantFolder(path)
    write_plant(folder.configuration, plant)
    for name, role in (("look", Role.VIEWER), ("operate", Role.OPERATOR), ("build", Role.ENGINEER)):
        Users(folder.users).add(name, role, PIN)
    return folder


@asynccontextmanager
async def collecting(folder: PlantFolder, plant: Plant) -> AsyncIterator[Collector]:
    """Collect a plant within this process."""
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    collector = Collector(folder, plant)
    running = asyncio.create_task(collector.run())
    try:
        yield collector
    finally:
        collector.stop()
        await running


def trail(folder: PlantFolder) -> list[AuditRecord]:
    """Return the audit trail, oldest first, after having verified it; without what the log says of itself."""
    with closing(open_reader(folder.history)) as connection:
        assert verify(connection).faults == []
        records = [line.record for line in reversed(page(connection, limit=1000))]
    return [record for record in records if record is not None and record.action.kind != "log"]


class Window:
    """What a window does and sees."""

    names = itertools.count(1)

    def __init__(self, client: EventClient) -> None:
        self.client = client
        self.label = f"window {next(self.names)}"
        self.events: list[Event] = []

    @classmethod
    async def on(cls, folder: PlantFolder, *, user: str = "", timeout_s: float = 20.0) -> Self:
        """Connect once the collector listens and all its tags are good, and sign in where a user is given."""
        async with asyncio.timeout(timeout_s):
            while True:
                with suppress(ChannelClosed, RendezvousError):
                    client = await asyncio.to_thread(
                        EventClient.connect, address_of(folder.path), read_token(folder.token)
                    )
                    break
                await asyncio.sleep(0.05)
        window = cls(client)
        await window.until(lambda: window.is_plant_good)
        if user:
            assert (await window.sign_in(user)).name == user
        return window

    @property
    def is_plant_good(self) -> bool:
        """Whether the newest report tells only good tags."""
        reports = [event.report for event in self.events if isinstance(event, CollectorChanged)]
        return bool(reports) and all(link.tags_good == link.tags for link in reports[-1].connections)

    async def sign_in(self, user: str, secret: str = PIN) -> SessionChanged:
        """Sign in and return the answer."""
        before = len(self.events)
        self.client.send(SignIn(len(self.events), user, secret, self.label))
        await self.until(lambda: bool(self.sessions(before)))
        return self.sessions(before)[-1]

    def sessions(self, start: int = 0) -> list[SessionChanged]:
        return [event for event in self.events[start:] if isinstance(event, SessionChanged)]

    def records(self, operation: str) -> list[ControlRecord]:
        """Return all that was told of a write."""
        self.events += self.client.poll()
        told = [event.record for event in self.events if isinstance(event, ControlChanged)]
        return [record for record in told if record.operation == operation]

    async def select(self, operation: str, tag: str, value: Content) -> ControlRecord:
        """Select a tag for a value and return the answer."""
        return await self._selected(operation, Select(operation, tag, value))

    async def select_method(
        self, operation: str, method: str, arguments: tuple[Content, ...] | None = None
    ) -> ControlRecord:
        """Select a method, for arguments where they are given, and return the answer."""
        return await self._selected(operation, SelectMethod(operation, method, arguments))

    async def _selected(self, operation: str, command: Select | SelectMethod) -> ControlRecord:
        before = len(self.records(operation))
        self.client.send(command)
        await self.until(lambda: len(self.records(operation)) > before)
        return self.records(operation)[-1]

    async def call(self, operation: str, method: str, *arguments: Content) -> ControlRecord:
        """Select a method, and call it where the checks allow it; return the end."""
        record = await self.select_method(operation, method, arguments)
        if record.state is ControlState.CHECKED:
            self.client.send(Call(operation, arguments))
            return await self.end_of(operation)
        return record

    async def execute(self, operation: str, value: Content) -> ControlRecord:
        """Carry out a write and return its end."""
        before = len(self.records(operation))
        self.client.send(Execute(operation, value))
        await self.until(lambda: any(record.state.is_final for record in self.records(operation)[before:]))
        return self.records(operation)[-1]

    async def end_of(self, operation: str) -> ControlRecord:
        """Wait for the end of a write."""
        await self.until(lambda: any(record.state.is_final for record in self.records(operation)))
        return self.records(operation)[-1]

    async def write(self, operation: str, tag: str, value: Content) -> ControlRecord:
        """Select, and carry out where the checks allow it; return the end."""
        record = await self.select(operation, tag, value)
        return await self.execute(operation, value) if record.state is ControlState.CHECKED else record

    async def until(self, fact: Callable[[], bool], *, timeout_s: float = 15.0) -> None:
        """Wait until `fact` holds of what came."""
        async with asyncio.timeout(timeout_s):
            while True:
                self.events += self.client.poll()
                if fact():
                    return
                await asyncio.sleep(0.02)

    def close(self) -> None:
        self.client.close()
