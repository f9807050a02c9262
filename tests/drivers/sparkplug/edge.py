"""An edge node for tests: it publishes births, data and deaths as Sparkplug 3.0 asks, and follows commands."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import cast

from aiomqtt import Client, Message, MqttError, Will

from app.model import clock
from drivers.sparkplug.broker import Inbox
from drivers.sparkplug.edge_node import BD_SEQ, REBIRTH
from drivers.sparkplug.payload import Metric, MetricType, decode, encode

UPTIME = "Uptime"


class Edge:
    """One node with one device; it can be told to leave out a message, or to die."""

    def __init__(self, port: int, node: str = "Edge1", device: str = "Pump1", bd_seq: int = 0) -> None:
        self.births = 0
        self.commands: list[Metric] = []
        self.is_mute = False
        self._port = port
        self._node = node
        self._device = device
        self._seq = 0
        self._bd_seq = Metric(BD_SEQ, bd_seq, MetricType.INT64)
        self._own = [
            Metric(REBIRTH, value=False, data_type=MetricType.BOOLEAN),
            self._bd_seq,
            Metric(UPTIME, 0, MetricType.INT64),
        ]
        self._metrics: dict[str, Metric] = {}
        self._client: Client | None = None
        self._listening: asyncio.Task[None] | None = None
        self._running: set[asyncio.Future[None]] = set()

    def offer(self, *metrics: Metric) -> None:
        """Hold metrics of the device; aliases are given out."""
        for metric in metrics:
            self._metrics[metric.name] = replace(metric, alias=len(self._metrics) + 10)

    def topic(self, kind: str, *, is_node: bool = False) -> str:
        return f"spBv1.0/Plant1/{kind}/{self._node}" + ("" if is_node else f"/{self._device}")

    async def start(self) -> None:
        death = encode([self._bd_seq], time=clock.now_ns())
        self._client = Client(
            "127.0.0.1",
            self._port,
            will=Will(self.topic("NDEATH", is_node=True), death),
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            queue_type=cast("type[asyncio.Queue[Message]]", partial(Inbox, self._obey)),
        )
        await self._client.__aenter__()
        await self._client.subscribe([(self.topic("NCMD", is_node=True), 0), (self.topic("DCMD"), 0)])
        self._listening = asyncio.create_task(self._follow())
        await self.bear()

    async def stop(self) -> None:
        """Leave as a node that says good-bye."""
        if self._client is None:
            return
        death = encode([self._bd_seq], time=clock.now_ns())
        with suppress(MqttError):
            await self._client.publish(self.topic("NDEATH", is_node=True), death)
        await self._leave()

    async def die(self) -> None:
        """Vanish: the broker tells the will."""
        assert self._client is not None
        sock = self._client._client.socket()
        assert isinstance(sock, socket.socket)
        sock.shutdown(socket.SHUT_RDWR)
        await self._leave()

    async def _leave(self) -> None:
        client, self._client = self._client, None
        assert client is not None
        assert self._listening is not None
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        with suppress(MqttError):
            await client.__aexit__(None, None, None)

    async def bear(self) -> None:
        """Tell the births."""
        self.births += 1
        await self.send("NBIRTH", self._own, is_node=True, seq=0)
        await self.send("DBIRTH", list(self._metrics.values()))

    async def tell(self, values: Mapping[str, float | str | bool | None], *, time: int = 0, **changes: object) -> None:
        """Tell new values by alias alone, as most nodes do."""
        told = []
        for name, value in values.items():
            kept = self._metrics[name] = replace(self._metrics[name], value=value)
            told.append(replace(kept, name="", data_type=0, time=time, properties={}, **changes))  # type: ignore[arg-type]
        full = [replace(each, data_type=self._metrics[name].data_type) for each, name in zip(told, values, strict=True)]
        await self.send("DDATA", full)

    async def send(self, kind: str, metrics: list[Metric], *, is_node: bool = False, seq: int | None = None) -> None:
        """Send one message with the next sequence number."""
        self._seq = (self._seq + 1) % 256 if seq is None else seq
        assert self._client is not None
        payload = encode(metrics, time=clock.now_ns(), seq=self._seq)
        await self._client.publish(self.topic(kind, is_node=is_node), payload)

    @asynccontextmanager
    async def chattering(self) -> AsyncIterator[None]:
        """Tell meanwhile every 0.2 s that the node is up, as nodes of a running plant do."""

        async def chatter() -> None:
            for uptime in itertools.count():
                await self.send("NDATA", [Metric(UPTIME, uptime, MetricType.INT64)], is_node=True)
                await asyncio.sleep(0.2)

        chatting = asyncio.create_task(chatter())
        try:
            yield
        finally:
            chatting.cancel()

    def skip(self) -> None:
        """Leave out a number, as if a message had been lost on the way."""
        self._seq = (self._seq + 1) % 256

    async def _follow(self) -> None:
        """Wait for the end; commands come through the inbox."""
        assert self._client is not None
        with suppress(MqttError):
            async for _ in self._client.messages:
                pass

    def _obey(self, message: Message) -> None:
        assert isinstance(message.payload, bytes)
        types = {metric.alias: metric.data_type for metric in self._metrics.values()}
        for metric in decode(message.payload, lambda _, alias: types.get(alias, 0)).metrics:
            self.commands.append(metric)
            if not self.is_mute:
                following = asyncio.ensure_future(self._follow_command(metric))
                self._running.add(following)
                following.add_done_callback(self._running.discard)

    async def _follow_command(self, metric: Metric) -> None:
        if metric.name == REBIRTH:
            await self.bear()
            return
        name = metric.name or next(each.name for each in self._metrics.values() if each.alias == metric.alias)
        await self.tell({name: metric.value})
