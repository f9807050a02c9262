"""A session with an OPC UA server: every request has a deadline, and a server that hangs is noticed.

asyncua's own reconnection and health check stay off: a Driver lives for one connection only. See README.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Sized
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaStatusCodeError, UaStructParsingError

from app.model import clock
from drivers.driver import ConnectionLost, DriverError
from drivers.opcua.access import Access
from drivers.opcua.limits import TOO_LARGE, OperationLimits, Service
from drivers.opcua.quiet import quiet_library
from drivers.opcua.refusal import reason_of, status_name, why_not
from drivers.opcua.secure_client import SecureClient, abort, let_go
from drivers.opcua.server_clock import ServerClock
from drivers.opcua.settings import OpcUaSettings
from drivers.opcua.transport import ColumnClient
from drivers.typed_value import number

Item = TypeVar("Item")
Result = TypeVar("Result")
Answers = TypeVar("Answers", bound=Sized)

_SILENT_S = 0.6
"""With `hang_ms` of 1,300 a server that hangs is known after the sum of both, which is less than two seconds."""
_ENDED = {"BadSession", "BadSecureChannel", "BadConnection", "BadServerHalted", "BadShutdown", "BadCommunicationError"}


class Unanswered(ConnectionLost):
    """A request has had no answer in time."""


class ServiceRefused(DriverError):
    """The server has refused a whole request; `code` is its StatusCode."""

    def __init__(self, code: int, message: str) -> None:
        """Keep the StatusCode beside the message."""
        super().__init__(message)
        self.code = code


class Session:
    """The connection; `on_lost(reason)` is called once when it ends from the other side."""

    def __init__(self, settings: OpcUaSettings, on_lost: Callable[[str], None]) -> None:
        """Prepare a session that is not open yet."""
        self.requests = 0
        self.failures = 0
        self.round_trip_ms = float("nan")
        self.namespaces: list[str] = []
        self.limits = OperationLimits(settings.url, settings.max_items)
        self.clock = ServerClock(settings.url, settings.max_skew_s)
        self.access = Access(settings)
        self._settings = settings
        self._on_lost = on_lost
        self._client: Client | None = None
        self._look: asyncio.TimerHandle | None = None
        self._probing: asyncio.Task[None] | None = None
        self._heard = 0
        self._patient_until = 0
        self._is_lost = False

    @property
    def skew_ns(self) -> int:
        """Return what is taken off the server's times, since its clock is ahead by that."""
        return self.clock.skew_ns

    @property
    def url(self) -> str:
        """Return where the server is, for messages."""
        return self._settings.url

    def require_open(self) -> Client:
        """Return asyncua's client; raise ConnectionLost where there is no session."""
        if self._client is None or self._is_lost:
            raise ConnectionLost(f"{self.url}: not connected")
        return self._client

    async def open(self) -> None:
        """Connect and learn the server's namespaces, limits and clock; raise ConnectionLost with reason and remedy."""
        quiet_library()
        try:
            async with asyncio.timeout(self._settings.timeout_ms * 3 / 1000):
                self._client = client = await self.access.connect(self._prepare)
                await self._learn(client)
        except BaseException as error:
            await self.close()
            if isinstance(error, Exception):
                raise why_not(self.url, error) from error
            raise
        self.heard()
        self._look_for_silence()

    def _prepare(self, client: SecureClient) -> None:
        client.name = client.description = "Foreshift"
        client.session_timeout = self._settings.session_s * 1000
        client.connection_lost_callback = self._transport_lost
        client.publishing.on_failed = self._publish_failed
        client.publishing.most_requests = self._settings.publish_requests

    async def close(self) -> None:
        """End the session, by force where the server does not answer; takes at most two seconds."""
        probing, self._probing = self._probing, None
        client, self._client = self._client, None
        if self._look is not None:
            self._look.cancel()
        if probing is not None and probing is not asyncio.current_task():
            probing.cancel()
            await asyncio.gather(probing, return_exceptions=True)
        if client is not None:
            await let_go(client)

    def drop(self) -> None:
        """Cut the connection, so that requests in flight and `close` need not wait for a server that hangs."""
        if self._client is not None:
            abort(self._client)

    def heard(self) -> None:
        """Note that the server has just spoken."""
        self._heard = clock.monotonic_ns()

    async def request(self, call: Callable[[Client], Awaitable[Result]]) -> Result:
        """Make one request; raise Unanswered, ServiceRefused, or ConnectionLost."""
        return await self._ask(call, self._settings.timeout_ms / 1000)

    async def request_patiently(self, call: Callable[[Client], Awaitable[Result]], timeout_s: float | None) -> Result:
        """Make one request whose answer may take `timeout_s`, None: as long as any; raise what `request` raises.

        Many servers do nothing else for a session until a method has ended: meanwhile silence is no hang.
        """
        if timeout_s is None:
            return await self.request(call)
        self._patient_until = clock.monotonic_ns() + int((timeout_s + 0.5) * clock.NS_PER_S)
        try:
            return await self._ask(call, timeout_s)
        finally:
            self._patient_until = 0

    async def _ask(self, call: Callable[[Client], Awaitable[Result]], wait_s: float) -> Result:
        client = self.require_open()
        began = clock.monotonic_ns()
        self.requests += 1
        try:
            async with asyncio.timeout(wait_s + 0.5):
                result = await call(client)
        except TimeoutError as error:
            self.failures += 1
            raise Unanswered(f"{self.url}: no answer within {wait_s * 1000:.0f} ms") from error
        except UaStatusCodeError as error:
            self.failures += 1
            raise self._refusal(error) from error
        except Exception as error:
            self.failures += 1
            raise ConnectionLost(f"{self.url}: {reason_of(error)}") from error
        self.heard()
        self.round_trip_ms = (clock.monotonic_ns() - began) / clock.NS_PER_MS
        return result

    async def in_batches(
        self,
        items: Sequence[Item],
        call: Callable[[Client, list[Item]], Awaitable[list[Result]]],
        *,
        refused: Callable[[int], Result],
        service: Service = Service.READ,
    ) -> list[Result]:
        """Make requests of at most `max_items` items, fewer where the server finds them too large.

        Return one result per item; `refused(code)` stands for those whose whole request was refused.
        """
        results: list[Result] = []
        each = self.each_batch(items, call, refused=lambda batch, code: [refused(code)] * len(batch), service=service)
        async for answers in each:
            results += answers
        return results

    async def each_batch(
        self,
        items: Sequence[Item],
        call: Callable[[Client, list[Item]], Awaitable[Answers]],
        *,
        refused: Callable[[list[Item], int], Answers],
        service: Service = Service.READ,
    ) -> AsyncIterator[Answers]:
        """Yield the answers to each batch in turn, as long as the batch; `refused(batch, code)` stands for none."""
        most = self.limits.most(service)
        waiting = [list(items[at : at + most]) for at in range(0, len(items), most)][::-1]
        while waiting:
            batch = waiting.pop()
            try:
                answers = await self.request(lambda client, batch=batch: call(client, batch))  # type: ignore[misc]
            except ServiceRefused as error:
                if len(batch) > 1 and status_name(error.code) in TOO_LARGE:
                    middle = len(batch) // 2
                    self.limits.lower(service, middle)
                    waiting += [batch[middle:], batch[:middle]]
                    continue
                answers = refused(batch, error.code)
            if len(answers) != len(batch):
                raise ConnectionLost(f"{self.url}: the server answered {len(answers)} of {len(batch)} items")
            yield answers

    async def _learn(self, client: Client) -> None:
        asked = self.clock.ask()
        wanted = [
            ObjectIds.Server_NamespaceArray,
            ObjectIds.Server_ServerStatus_CurrentTime,
            *(service.value for service in Service),
        ]
        nodes = [ua.NodeId(ua.Int32(number)) for number in wanted]
        values = await client.uaclient.read_attributes(nodes, AttributeIds.Value)
        found = [None if value.Value is None else value.Value.Value for value in values]
        self.namespaces = [str(uri) for uri in found[0]] if isinstance(found[0], list) else []
        for service, limit in zip(Service, map(number, found[2:]), strict=True):
            if limit is not None and limit >= 1:
                self.limits.lower(service, int(limit))
        if found[1] is not None:
            self.clock.compare(clock.from_datetime(found[1]), asked)

    async def compare_clocks(self) -> None:
        """Ask the server for its time; raise ConnectionLost. A server that tells none keeps what was known of it."""
        asked = self.clock.ask()
        node = ua.NodeId(ua.Int32(ObjectIds.Server_ServerStatus_CurrentTime))
        (value,) = await self.request(lambda client: client.uaclient.read_attributes([node], AttributeIds.Value))
        if value.Value is not None and isinstance(value.Value.Value, datetime):
            self.clock.compare(clock.from_datetime(value.Value.Value), asked)

    def _look_for_silence(self) -> None:
        """Ask for the server's state once nothing was heard for a while.

        A timer alone, that is set for when the silence would be long enough: as a task that sleeps, and looks more
        often, it took a tenth of what 1,000 values each 100 ms cost.
        """
        if self._is_lost:
            return
        quiet_until = max(self._heard + int(_SILENT_S * clock.NS_PER_S), self._patient_until)
        rest_ns = quiet_until - clock.monotonic_ns()
        if rest_ns > 0:
            self._look = asyncio.get_running_loop().call_later(rest_ns / clock.NS_PER_S, self._look_for_silence)
        else:
            self._probing = asyncio.create_task(self._probe(), name="opcua-watchdog")

    async def _probe(self) -> None:
        """Ask for the server's state; no answer is a hang."""
        asked = clock.monotonic_ns()
        node = ua.NodeId(ua.Int32(ObjectIds.Server_ServerStatus_State))
        probe = asyncio.create_task(self.require_open().uaclient.read_attributes([node], AttributeIds.Value))
        await asyncio.wait({probe}, timeout=self._settings.hang_ms / 1000)
        await asyncio.sleep(0)  # an answer that waited in the socket while we were held up counts
        if probe.done() and probe.exception() is None:
            self.heard()
        else:
            probe.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await probe
        if self._heard < asked:
            self._lose(f"the server has been silent for {self._settings.hang_ms} ms: is it running? (hang_ms)")
        else:
            self._look_for_silence()

    async def _transport_lost(self, error: Exception) -> None:
        client = self._client
        told = client.refusal if isinstance(client, ColumnClient) else ""
        self.limits.connection_ended(told)
        self._lose(told or reason_of(error))

    def _publish_failed(self, error: Exception) -> None:
        if isinstance(error, UaStructParsingError):
            self._lose(f"a notification could not be read: {error}")
        else:
            self._lose(f"the publish loop ended: {reason_of(error)}")

    def _lose(self, reason: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.drop()
            self._on_lost(f"{self.url}: {reason}")

    def _refusal(self, error: UaStatusCodeError) -> DriverError:
        name = status_name(error.code)
        if any(name.startswith(ended) for ended in _ENDED):
            return ConnectionLost(f"{self.url}: the server ended the session ({name})")
        return ServiceRefused(error.code, f"{self.url}: refused: {error}")
