"""A window's end of the channel: events to take, commands to send, and nothing that waits."""

from __future__ import annotations

import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from typing import Self

from app.pubsub.codec import decode_event, encode_command
from app.pubsub.frame import PROTOCOL, Command, Event, Hello
from app.pubsub.frame_link import CLOSED_BY_PEER, NOT_TRUSTED, FrameLink

MAX_WAITING_EVENTS = 10_000

_REASONS = {
    CLOSED_BY_PEER: "the collector is gone, or refused this window (its log says which)",
    NOT_TRUSTED: "the collector has another token: read the token file again",
}


class ChannelClosed(Exception):
    """The collector cannot be reached, or no longer; the message says why."""


class EventClient:
    """A connection to the collector; made by `connect`."""

    def __init__(self, address: str, token: str, connection: Connection, on_event: Callable[[], None]) -> None:
        """Take over a connection that has not been greeted yet."""
        self._on_event = on_event
        self._address = address
        self._token = token
        self._events: deque[Event] = deque()
        self._reason = ""
        self._greeted = threading.Event()
        self._link = FrameLink(connection, "channel-client", greet=self._greet, on_frame=self._take, on_gone=self._end)
        self._link.start()

    @classmethod
    def connect(
        cls, address: str, token: str, *, timeout_s: float = 3.0, on_event: Callable[[], None] = lambda: None
    ) -> Self:
        """Connect and show the token within `timeout_s`; raise ChannelClosed where nobody listens or trusts us.

        `on_event`: is called in a thread of the connection after each event that `poll` has for its caller.
        """
        try:
            connection = _connection_to(address, timeout_s)
        except OSError as error:
            raise ChannelClosed(
                f"{address}: no collector answers ({error.strerror or error}): start the collector of this plant"
            ) from error
        client = cls(address, token, connection, on_event)
        if not client._greeted.wait(timeout_s) or client._reason:
            reason = client._reason or f"no answer within {timeout_s:g} s"
            client.close()
            raise ChannelClosed(f"{address}: {reason}")
        return client

    @property
    def is_open(self) -> bool:
        """Whether the collector is still there."""
        return not self._reason

    def poll(self) -> list[Event]:
        """Return what has come since the last call, oldest first, without waiting.

        Raise ChannelClosed once the collector is gone and all that it sent before has been returned.
        """
        reason = self._reason
        events = [self._events.popleft() for _ in range(len(self._events))]
        if not events and reason:
            raise ChannelClosed(f"{self._address}: {reason}")
        return events

    def send(self, command: Command) -> None:
        """Send a command without waiting; raise ChannelClosed where the collector is gone."""
        if self._reason:
            raise ChannelClosed(f"{self._address}: {self._reason}")
        self._link.send(encode_command(command))

    def close(self) -> None:
        """Leave, and wait for the threads; may be called twice."""
        self._link.close()

    def _greet(self, connection: Connection) -> None:
        key = self._token.encode()
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
        self._link.send(encode_command(Hello(PROTOCOL, self._token)))
        self._greeted.set()

    def _take(self, frame: bytes) -> None:
        self._events.append(decode_event(frame))
        self._on_event()
        if len(self._events) > MAX_WAITING_EVENTS:
            self._link.end("this window does not take its events")

    def _end(self, reason: str) -> None:
        self._reason = _REASONS.get(reason, reason)
        self._greeted.set()


def _connection_to(address: str, timeout_s: float) -> Connection:
    if os.name == "nt":
        return Client(address, "AF_PIPE")
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(timeout_s)
        link.connect(address)
        link.settimeout(None)
    except OSError:
        link.close()
        raise
    return Connection(link.detach())
