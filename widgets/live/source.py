"""The live source of a feed: values from the collector's mapped file, events and commands over its socket."""

from __future__ import annotations

from PySide6.QtCore import QObject, SignalInstance

from app.model import clock
from app.plant.folder import PlantFolder
from app.pubsub.frame import Command, Event
from widgets.live.event_link import EventLink
from widgets.live.value_link import LiveLink
from widgets.source import ValuesChanged
from widgets.translation import tr

SILENCE_NS = 2 * clock.NS_PER_S


class LiveSource:
    """The collector of the plant in `folder`, which has `tags` tags; it may come, go and come again."""

    is_replay = False

    def __init__(self, folder: PlantFolder, *, tags: int) -> None:
        self._folder = folder
        self._live = LiveLink(folder.live, tags=tags)
        self._events: EventLink | None = None

    @property
    def is_linked(self) -> bool:
        """Whether the collector gives signs of life."""
        return self._live.silence_ns < SILENCE_NS

    @property
    def problem(self) -> str:
        """Return what is wrong with the collector's file, "" where there is none."""
        return self._live.problem

    @property
    def refusal(self) -> str:
        """Return that the collector was not reached."""
        return tr("The collector was not reached; try again when it is connected")

    @property
    def has_dropped(self) -> bool:
        """Whether the connection for commands broke at the last pull."""
        return self._events is not None and self._events.has_dropped

    def begin(self, owner: QObject, news: SignalInstance) -> None:
        """Connect for the feed `owner`."""
        self._events = EventLink(self._folder, owner, news)

    def values(self) -> ValuesChanged | None:
        """Return what came since the last pull."""
        live = self._live.pull()
        return None if live is None else ValuesChanged(live.block, self._live.latest(), live.lost)

    def events(self) -> list[Event]:
        """Return what the collector told since the last pull."""
        return [] if self._events is None else self._events.pull()

    def send(self, command: Command) -> bool:
        """Send a command; return False where the collector cannot be reached."""
        return self._events is not None and self._events.send(command)

    def close(self) -> None:
        """Let go of the collector, which goes on alone."""
        self._live.close()
        if self._events is not None:
            self._events.close()
