"""The window's connection for events and commands: made off the GUI thread, and again whenever it breaks."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance

from app.model import clock
from app.plant.folder import PlantFolder
from app.pubsub.channel import ChannelClosed, EventClient, RendezvousError, address_of, read_token
from app.pubsub.frame import Command, Event
from widgets.operation import Operation

RETRY_NS = 300 * clock.NS_PER_MS

log = logging.getLogger(__name__)


def connect(folder: PlantFolder, on_event: Callable[[], None] = lambda: None) -> EventClient:
    """Return a connection to the plant's collector; raise ChannelClosed or RendezvousError where there is none.

    `on_event`: is called, in another thread, when there is something to poll.
    """
    return EventClient.connect(address_of(folder.path), read_token(folder.token), on_event=on_event)


class EventLink:
    """Events of one plant's collector, while it is there; `owner` is the object whose life it shares.

    `news`: a signal of it, emitted in another thread when something has come, once until the next pull.
    """

    def __init__(self, folder: PlantFolder, owner: QObject, news: SignalInstance) -> None:
        self._news = news
        self._is_told = False
        self._folder = folder
        self._owner = owner
        self._client: EventClient | None = None
        self._attempt: Operation[EventClient] | None = None
        self._due = 0
        self._is_closed = False
        self.has_dropped = False

    @property
    def is_connected(self) -> bool:
        """Whether commands can be sent."""
        return self._client is not None

    def pull(self) -> list[Event]:
        """Return what the collector told since the last pull; `has_dropped`: whether the connection broke just now."""
        self.has_dropped = False
        self._is_told = False  # before the poll: what comes after it is told anew
        if self._client is None:
            self._reconnect()
            return []
        try:
            return self._client.poll()
        except ChannelClosed as error:
            self._drop(error)
            return []

    def send(self, command: Command) -> bool:
        """Send a command; return False where the collector cannot be reached."""
        if self._client is None:
            return False
        try:
            self._client.send(command)
        except ChannelClosed as error:
            self._drop(error)
            return False
        return True

    def close(self) -> None:
        """Let go of the connection for good."""
        self._is_closed = True
        if self._client is not None:
            self._client.close()
            self._client = None

    def _tell(self) -> None:
        if not self._is_told and not self._is_closed:
            self._is_told = True
            self._news.emit()

    def _drop(self, error: Exception) -> None:
        log.info("events.lost reason=%s", error)
        self.has_dropped = True
        if self._client is not None:
            self._client.close()
        self._client = None
        self._due = 0

    def _reconnect(self) -> None:
        if self._attempt is not None or clock.monotonic_ns() < self._due:
            return
        attempt = Operation(self._owner, lambda: connect(self._folder, self._tell))
        self._attempt = attempt.success(self._connected).failure(self._refused).start()

    def _connected(self, client: EventClient) -> None:
        self._attempt = None
        if self._is_closed:
            client.close()
            return
        self._client = client
        log.info("events.connected")

    def _refused(self, error: Exception) -> None:
        self._attempt = None
        self._due = clock.monotonic_ns() + RETRY_NS
        if not isinstance(error, (ChannelClosed, RendezvousError)):
            raise error
