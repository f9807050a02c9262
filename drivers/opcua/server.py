"""An OPC UA server that offers values of ours as typed analog and discrete items below the Objects folder."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from asyncua import ua
from asyncua.common.node import Node
from asyncua.server.address_space import AttributeValue
from asyncua.server.server import Server
from asyncua.ua.attribute_ids import AttributeIds

from app.model import status
from app.model.clock import now_ns, to_datetime
from drivers.driver import DriverError
from drivers.loopback import claim_port
from drivers.opcua.quiet import quiet_library
from drivers.opcua.server_method import OpcUaMethod, add_method
from drivers.opcua.unit import UNECE_NAMESPACE, unit_id

log = logging.getLogger(__name__)

_INTEGERS = {"SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"}
_TYPES = _INTEGERS | {"Boolean", "Float", "Double", "String"}
_NO_VALUE = ua.Variant(None, ua.VariantType.Null)


@dataclass(frozen=True, slots=True)
class OpcUaPoint:
    """One variable: `folder` is its path below Objects ("air/AC01"), `name` the text of its NodeId (s=name).

    `data_type` is the name of an OPC UA built-in type; `low`, `high` become its EURange, `unit` (UCUM) its
    EngineeringUnits.
    """

    name: str
    folder: str = ""
    data_type: str = "Double"
    title: str = ""
    description: str = ""
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    writable: bool = False


@dataclass(frozen=True, slots=True)
class OpcUaArray:
    """A variable of one dimension (ValueRank 1) of floats, in `unit`; `make()` gives its values at each read."""

    name: str
    make: Callable[[], Sequence[float]]
    folder: str = ""
    title: str = ""
    description: str = ""
    unit: str = ""


class _Sample(ua.DataValue):
    """A DataValue that is never changed once made, so that asyncua need not copy it for each monitored item."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object]) -> _Sample:
        return self


@dataclass(slots=True)
class _Variable:
    """A point in the address space: asyncua's holder of its value, and how a number becomes it."""

    point: OpcUaPoint
    holder: AttributeValue
    variant_type: ua.VariantType
    convert: Callable[[Any], float | int | bool | str]
    statuses: dict[int, ua.StatusCode] = field(default_factory=dict)


class OpcUaPublisher:
    """Values of a plant behind an OPC UA port; `port` is the one in use once started, `url` its endpoint.

    `on_write(name, value)` is called for each value that a client has written.
    """

    def __init__(
        self,
        host: str,
        port: int,
        namespace_uri: str,
        points: Sequence[OpcUaPoint],
        methods: Sequence[OpcUaMethod] = (),
        *,
        arrays: Sequence[OpcUaArray] = (),
    ) -> None:
        """Prepare what is offered; raise DriverError for a type that is none of a value, or a name given twice."""
        self.host = host
        self.port = port
        self.namespace_uri = namespace_uri
        self.on_write: Callable[[str, float], None] = _forget
        self._points = tuple(points)
        self._methods = tuple(methods)
        self._arrays = tuple(arrays)
        self._variables: list[_Variable] = []
        self._server: Server | None = None
        self._changes: deque[tuple[AttributeValue, _Sample]] = deque()
        self._has_changes = asyncio.Event()
        self._notifying: asyncio.Task[None] | None = None
        _check(self._points)

    @property
    def url(self) -> str:
        """Return the endpoint's URL."""
        return f"opc.tcp://{self.host}:{self.port}/foreshift/"

    async def start(self) -> None:
        """Build the address space and listen; raise DriverError, naming the remedy, where the port cannot be opened."""
        quiet_library()
        self.port = claim_port(self.host, self.port)
        with _collection_paused():
            server = await self._build()
        try:
            await server.start()
        except OSError as error:
            raise DriverError(f"port {self.port} on {self.host} was taken meanwhile: give another port") from error
        self._server = server
        self._notifying = asyncio.create_task(self._notify(), name=f"opcua-notify-{self.port}")
        log.info("opcua.server.started", extra={"url": self.url, "points": len(self._points)})

    async def _build(self) -> Server:
        server = Server()
        await server.init()
        server.set_endpoint(self.url)
        server.set_server_name("Foreshift")
        await server.set_application_uri(f"{self.namespace_uri}:server")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        server.set_identity_tokens([ua.AnonymousIdentityToken])
        namespace = await server.register_namespace(self.namespace_uri)
        builder = _Builder(server, namespace)
        self._variables = await builder.build(self._points, self._accept)
        await builder.add_methods(self._methods)
        for array in self._arrays:
            await builder.array(array)
        return server

    async def stop(self) -> None:
        """Close the port and all sessions; may be called twice."""
        server, self._server = self._server, None
        notifying, self._notifying = self._notifying, None
        if server is None or notifying is None:
            return
        notifying.cancel()
        await asyncio.gather(notifying, return_exceptions=True)
        await _stop_clock(server)
        await server.stop()
        log.info("opcua.server.stopped", extra={"url": self.url})

    def publish(
        self, values: Mapping[str, float | str], time_ns: int, statuses: Mapping[str, int] | None = None
    ) -> None:
        """Offer new values of the source time `time_ns`; names that are no points here are passed over.

        Every call is a sample of its own for each subscriber, so several time steps may be published in a row.
        """
        source_time = to_datetime(time_ns)
        server_time = to_datetime(now_ns())
        for variable in self._variables:
            value = values.get(variable.point.name)
            if value is None:
                continue
            code = statuses.get(variable.point.name, status.GOOD) if statuses else status.GOOD
            sample = _sample(variable, value, code=code, source_time=source_time, server_time=server_time)
            variable.holder.value = sample
            if variable.holder.datachange_callbacks:
                self._changes.append((variable.holder, sample))
        if self._changes:
            self._has_changes.set()

    async def _notify(self) -> None:
        """Hand changes to asyncua's monitored items, which is asynchronous, outside of `publish`, which is not."""
        while True:
            await self._has_changes.wait()
            self._has_changes.clear()
            while self._changes:
                holder, sample = self._changes.popleft()
                for handle, tell in list(holder.datachange_callbacks.items()):
                    await tell(handle, sample)

    def _accept(self, name: str, value: ua.DataValue) -> None:
        written = value.Value.Value if value.Value is not None else None
        if isinstance(written, int | float):
            self.on_write(name, float(written))


def _forget(name: str, value: float) -> None:
    log.debug("opcua.server.write", extra={"tag": name, "value": value})


def _check(points: Sequence[OpcUaPoint]) -> None:
    seen: set[str] = set()
    for point in points:
        if point.data_type not in _TYPES:
            raise DriverError(f"{point.name}: {point.data_type} is no number or text of OPC UA: use {sorted(_TYPES)}")
        if point.name in seen:
            raise DriverError(f"{point.name} is given twice: names of points must differ")
        seen.add(point.name)


def _sample(
    variable: _Variable, value: float | str, *, code: int, source_time: datetime, server_time: datetime
) -> _Sample:
    status_code = variable.statuses.get(code)
    if status_code is None:
        status_code = variable.statuses[code] = _status(code)
    is_usable = code < status.BAD
    if (
        is_usable
        and isinstance(value, float)
        and math.isnan(value)
        and variable.point.data_type not in {"Float", "Double"}
    ):
        is_usable, status_code = False, _status(status.BAD_NO_DATA)
    variant = ua.Variant(variable.convert(value), variable.variant_type) if is_usable else _NO_VALUE
    return _Sample(variant, status_code, cast(ua.DateTime, source_time), cast(ua.DateTime, server_time))


def _status(code: int) -> ua.StatusCode:
    return ua.StatusCode(ua.UInt32(code))


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Hold back the garbage collector: it takes 40 % of building an address space in which nothing is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


async def _stop_clock(server: Server) -> None:
    """End the task that writes the server's time; asyncua's own stop would wait for its next second."""
    task, server.iserver.time_task = server.iserver.time_task, None
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Builder:
    """Makes folders and variables in a server that has not started yet."""

    def __init__(self, server: Server, namespace: int) -> None:
        self._server = server
        self._namespace = namespace
        self._folders: dict[str, Node] = {"": server.nodes.objects}

    async def build(self, points: Sequence[OpcUaPoint], accept: Callable[[str, ua.DataValue], None]) -> list[_Variable]:
        return [await self._variable(point, accept) for point in points]

    async def add_methods(self, methods: Sequence[OpcUaMethod]) -> None:
        for method in methods:
            await add_method(await self._folder(method.folder.strip("/")), self._namespace, method)

    async def array(self, array: OpcUaArray) -> None:
        """Add an array, whose value is made anew whenever it is read."""
        folder = await self._folder(array.folder.strip("/"))
        name = ua.QualifiedName(array.name, self._namespace)
        node = await folder.add_variable(self._id(array.name), name, ua.Variant([0.0], ua.VariantType.Float))
        await node.write_value_rank(ua.ValueRank.OneDimension)
        point = OpcUaPoint(array.name, title=array.title, description=array.description, unit=array.unit)
        await self._describe(node, point)
        holder = self._server.iserver.aspace[node.nodeid].attributes[AttributeIds.Value]

        def read(*_: object) -> ua.DataValue:
            now = cast(ua.DateTime, to_datetime(now_ns()))
            variant = ua.Variant(list(array.make()), ua.VariantType.Float)
            return ua.DataValue(variant, _status(status.GOOD), now, now)

        holder.value = None
        holder.value_callback = read

    def _id(self, text: str) -> ua.NodeId:
        return ua.NodeId(ua.String(text), ua.Int16(self._namespace))

    async def _folder(self, path: str) -> Node:
        if path not in self._folders:
            parent, _, name = path.rpartition("/")
            above = await self._folder(parent)
            node_id = self._id(f"/{path}")
            self._folders[path] = await above.add_folder(node_id, ua.QualifiedName(name, self._namespace))
        return self._folders[path]

    async def _variable(self, point: OpcUaPoint, accept: Callable[[str, ua.DataValue], None]) -> _Variable:
        folder = await self._folder(point.folder.strip("/"))
        variant_type = ua.VariantType[point.data_type]
        convert = _converter(point.data_type)
        node = await folder.add_variable(
            self._id(point.name),
            ua.QualifiedName(point.name, self._namespace),
            ua.Variant(convert(0.0), variant_type),
        )
        holder = self._server.iserver.aspace[node.nodeid].attributes[AttributeIds.Value]
        await self._describe(node, point)
        if point.writable:
            await node.set_writable()
            holder.value_setter = _setter(point.name, accept)
        holder.value = ua.DataValue(_NO_VALUE, _status(status.BAD_WAITING_FOR_INITIAL_DATA))
        return _Variable(point, holder, variant_type, convert)

    async def _describe(self, node: Node, point: OpcUaPoint) -> None:
        for attribute, text in (
            (AttributeIds.DisplayName, point.title or point.name),
            (AttributeIds.Description, point.description or point.title),
        ):
            await node.write_attribute(attribute, ua.DataValue(ua.Variant(ua.LocalizedText(text))))
        if not (math.isnan(point.low) or math.isnan(point.high)):
            extent = ua.Range(point.low, point.high)
            await node.add_property(self._id(f"{point.name}/EURange"), "0:EURange", extent)
        if point.unit:
            unit = ua.EUInformation(
                UNECE_NAMESPACE, unit_id(point.unit), ua.LocalizedText(point.unit), ua.LocalizedText(point.unit)
            )
            node_id = self._id(f"{point.name}/EngineeringUnits")
            await node.add_property(node_id, "0:EngineeringUnits", unit)


def _converter(data_type: str) -> Callable[[Any], float | int | bool | str]:
    if data_type in {"Boolean", "String"}:
        return bool if data_type == "Boolean" else str
    return float if data_type in {"Float", "Double"} else round


def _setter(name: str, accept: Callable[[str, ua.DataValue], None]) -> Callable[..., None]:
    def write(node: Any, attribute: AttributeIds, value: ua.DataValue) -> None:  # noqa: ANN401 - asyncua's node
        holder = node.attributes[attribute]
        holder.value = value
        holder.value_callback = None
        accept(name, value)

    return write
