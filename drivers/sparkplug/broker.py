"""The connection to an MQTT broker: opened within a time, noticed when it hangs, never waited for when it is closed."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, cast

from aiomqtt import Client, Message, MqttError, Will
from aiomqtt.exceptions import MqttConnectError

from app.model import clock
from drivers.driver import ConnectionLost
from drivers.sparkplug.host import NAMESPACE
from drivers.sparkplug.settings import SparkplugSettings

log = logging.getLogger(__name__)
logging.getLogger("mqtt").setLevel(logging.CRITICAL)  # aiomqtt logs each error of a socket that is told here

_PROBE_EVERY_S = 0.4
_PROBE = "foreshift/probe"
"""Nobody subscribes to it: that its cancellation is answered shows that the broker lives."""
_CLOSE_S = 1.0
_GIVEN_UP_S = 0.3
_KEEPALIVE_S = 5


class Inbox(asyncio.Queue[Message]):
    """Hands each message over as it comes; nothing ever waits in it, so nothing can be dropped from it."""

    def __init__(self, take: Callable[[Message], None], maxsize: int = 0) -> None:
        """Call `take` with each message; `maxsize` is the library's."""
        super().__init__(maxsize)
        self._take = take

    def put_nowait(self, item: Message) -> None:
        """Take a message, which is the only thing that the library does with its queue."""
        self._take(item)


class Broker:
    """One connection; `take(topic, payload)` gets every message, `on_lost(reason)` hears once that it has ended."""

    def __init__(
        self, settings: SparkplugSettings, take: Callable[[str, bytes], None], on_lost: Callable[[str], None]
    ) -> None:
        """Prepare a connection that is not open yet."""
        self.requests = 0
        self.failures = 0
        self.round_trip_ms = float("nan")
        self._settings = settings
        self._take = take
        self._on_lost = on_lost
        self._client: Client | None = None
        self._tls: ssl.SSLContext | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._is_lost = False

    @property
    def is_open(self) -> bool:
        """Return whether messages can come and go."""
        return self._client is not None and not self._is_lost

    async def open(self) -> None:
        """Connect and listen to the group; raise ConnectionLost with a reason and a remedy."""
        settings = self._settings
        self._tls = self._context() if settings.is_encrypted else None
        client = self._made()
        try:
            async with asyncio.timeout(settings.timeout_ms / 1000):
                await self._knock()
                await _enter(client)
                self._client = client
                await client.subscribe(f"{NAMESPACE}/{settings.group or '+'}/#")
                await self._tell_state(is_online=True)
        except (MqttError, OSError, ValueError) as error:
            await self.close()
            raise ConnectionLost(f"{settings.url}: {_reason(error)}") from error
        self._tasks = [
            asyncio.create_task(self._listen(client), name="sparkplug-listen"),
            asyncio.create_task(self._probe(client), name="sparkplug-probe"),
        ]

    async def close(self) -> None:
        """End the connection, by force where the broker does not answer."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is None:
            return
        if not self._is_lost:
            with suppress(MqttError, TimeoutError):
                async with asyncio.timeout(_CLOSE_S / 2):
                    await self._tell_state(is_online=False)
        client, self._client = self._client, None
        client.timeout = _CLOSE_S / 2
        with suppress(MqttError, OSError):
            await client.__aexit__(None, None, None)
        _cut(client)

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send one message, once; raise ConnectionLost."""
        if self._client is None or self._is_lost:
            raise ConnectionLost(f"{self._settings.url}: not connected")
        self.requests += 1
        try:
            await self._client.publish(topic, payload, qos=0, timeout=self._settings.timeout_ms / 1000)
        except MqttError as error:
            self.failures += 1
            raise ConnectionLost(f"{self._settings.url}: {_reason(error)}") from error

    def _made(self) -> Client:
        settings = self._settings
        if isinstance(asyncio.get_running_loop(), getattr(asyncio, "ProactorEventLoop", ())):
            raise ConnectionLost(f"{settings.url}: MQTT needs a SelectorEventLoop on Windows")
        return Client(
            settings.host,
            settings.port,
            username=settings.user or None,
            password=settings.password() or None,
            identifier=settings.client_id or None,
            queue_type=cast("type[asyncio.Queue[Message]]", partial(Inbox, self._received)),
            timeout=settings.timeout_ms / 1000,
            keepalive=_KEEPALIVE_S,
            tls_context=self._tls,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            will=Will(self._state_topic, self._state(is_online=False), qos=1, retain=True)
            if settings.host_id
            else None,
        )

    def _context(self) -> ssl.SSLContext:
        settings = self._settings
        try:
            context = ssl.create_default_context(
                cafile=settings.path_of(settings.ca_file) if settings.ca_file else None
            )
            if settings.certificate_file:
                passphrase = settings.key_password()
                context.load_cert_chain(
                    settings.path_of(settings.certificate_file),
                    settings.path_of(settings.key_file),
                    password=lambda: passphrase,  # else it would be asked for on a terminal that nobody sees
                )
        except (OSError, ssl.SSLError) as error:
            files = ", ".join(filter(None, (settings.ca_file, settings.certificate_file, settings.key_file)))
            raise ConnectionLost(f"{settings.url}: TLS cannot use {files}: {error}") from error
        return context

    async def _knock(self) -> None:
        """Connect and let go.

        The library connects in a thread, which a host that does not answer would hold, and leaves a socket open when
        TLS fails.
        """
        _, writer = await asyncio.open_connection(self._settings.host, self._settings.port, ssl=self._tls)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def _received(self, message: Message) -> None:
        payload = message.payload
        if isinstance(payload, bytes | bytearray):
            self._take(message.topic.value, bytes(payload))

    async def _listen(self, client: Client) -> None:
        """Wait for the end; the messages themselves go through the inbox."""
        try:
            async for _ in client.messages:
                pass
        except MqttError:
            self._lose("the broker closed the connection")

    async def _probe(self, client: Client) -> None:
        while True:
            await asyncio.sleep(_PROBE_EVERY_S)
            began = clock.monotonic_ns()
            try:
                await client.unsubscribe(_PROBE, timeout=self._settings.hang_ms / 1000)
            except MqttError:
                self._lose(f"no answer within {self._settings.hang_ms} ms: does the broker hang?")
                return
            self.round_trip_ms = (clock.monotonic_ns() - began) / clock.NS_PER_MS

    def _lose(self, reason: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._on_lost(f"{self._settings.url}: {reason}")

    @property
    def _state_topic(self) -> str:
        return f"{NAMESPACE}/STATE/{self._settings.host_id}"

    @staticmethod
    def _state(*, is_online: bool) -> str:
        return json.dumps({"online": is_online, "timestamp": clock.now_ns() // clock.NS_PER_MS})

    async def _tell_state(self, *, is_online: bool) -> None:
        """Tell the edge nodes that wait for this host application (section 5.2) that it is there, or gone."""
        if self._settings.host_id and self._client is not None:
            await self._client.publish(self._state_topic, self._state(is_online=is_online), qos=1, retain=True)


async def _enter(client: Client) -> None:
    """Log in; where that is given up or fails, nothing stays open.

    The library connects in a thread, which cannot be cancelled, and forgets the socket of a broker that says nothing.
    """
    entering = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(entering)
    except BaseException:
        if not entering.done() and not client._connected.done():  # noqa: SLF001 - the library has no way to end it
            client._connected.set_exception(MqttError("given up"))  # noqa: SLF001 - as above
        entering.add_done_callback(lambda done: done.cancelled() or done.exception())
        entering.add_done_callback(lambda _: _cut(client))
        await asyncio.wait({entering}, timeout=_GIVEN_UP_S)  # the loop may be closed next, and would tell of it
        raise


def _cut(client: Client) -> None:
    """End the socket, where there still is one; the library hears that and lets go of it."""
    sock = client._client.socket()  # noqa: SLF001 - as above
    if isinstance(sock, socket.socket):
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    """Return why, with the remedy; the library hides the error of the socket behind its own."""
    cause = error.__context__ if isinstance(error, MqttError) and error.__context__ is not None else error
    if isinstance(error, MqttConnectError):
        return f"the broker refuses the connection ({error}): check user, password and client_id"
    if isinstance(cause, TimeoutError) or "timed out" in str(error):
        return "no answer: is it an MQTT broker that listens there, is it on, and no firewall between?"
    for kind, reason in _REASONS:
        if isinstance(cause, kind):
            return reason(cause)
    return f"{type(error).__name__}: {error}"


_REASONS: tuple[tuple[type[BaseException], Callable[[Any], str]], ...] = (
    (
        ConnectionRefusedError,
        lambda _: "nothing listens there: check host and port, and that the MQTT broker is on",
    ),
    (
        ssl.SSLCertVerificationError,
        lambda cause: f"its certificate is not trusted ({cause.verify_message}): give its CA in ca_file",
    ),
    (ssl.SSLError, lambda cause: f"TLS fails ({cause.reason or cause}): check that the port speaks TLS"),
    (ConnectionError, lambda _: "the broker closed the connection at once: does it want TLS (sparkplug+tls://)?"),
    (OSError, lambda cause: f"cannot be reached ({cause.strerror or cause}): check host, port and network"),
)
