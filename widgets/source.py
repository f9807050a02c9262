"""Where a window's feed gets a plant's state from: the collector, live, or the history, replayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from app.model.block import Block
from app.pubsub.frame import Command, Event
from app.pubsub.live import LatestValues


@dataclass(frozen=True, slots=True)
class ValuesChanged:
    """What came in one frame: `block` holds the new samples, `latest` the newest of every tag (index: its handle).

    `lost` samples could not be shown because the window was too slow; they are in the history. While the collector is
    silent `block` is empty, once a second, so that ages go on; in a replay it always is. `is_rewound`: a replay has
    gone back in time, so that what was told before is not true any more.
    """

    block: Block
    latest: LatestValues
    lost: int = 0
    is_rewound: bool = False


class Source(Protocol):
    """One source of one feed, pulled by its frame clock on the GUI thread; nothing here waits."""

    @property
    def is_replay(self) -> bool:
        """Whether what it tells is past: then nothing can be commanded."""
        ...

    @property
    def is_linked(self) -> bool:
        """Whether what was told last still holds; `problem` says why not, "" where there is nothing more to say."""
        ...

    @property
    def problem(self) -> str:
        """Return what is wrong, in the operator's language."""
        ...

    @property
    def refusal(self) -> str:
        """Return why a command that was sent in vain did not arrive, in the operator's language."""
        ...

    @property
    def has_dropped(self) -> bool:
        """Whether the connection for commands broke at the last pull."""
        ...

    def begin(self, owner: QObject, news: SignalInstance) -> None:
        """Begin for the feed `owner`; `news`, a signal of it, is emitted in another thread when there are events."""
        ...

    def values(self) -> ValuesChanged | None:
        """Return what came since the last pull, None where nothing did."""
        ...

    def events(self) -> list[Event]:
        """Return what was told since the last pull."""
        ...

    def send(self, command: Command) -> bool:
        """Send a command; return False where it does not arrive."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
