"""The running collector of a plant, as a window sees it, for one command."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self, TypeVar

from app.command.failure import UsageFailure
from app.model import clock

if TYPE_CHECKING:
    from app.plant.folder import PlantFolder
    from app.pubsub.channel import EventClient
    from app.pubsub.frame import Command, Event

PATIENCE_S = 120.0
LOOK_S = 0.02
FoundT = TypeVar("FoundT")


class RunningCollector:
    """A connection to the collector of a plant; who signed in and what was selected end with the block."""

    def __init__(self, folder: PlantFolder) -> None:
        """Connect; raise ChannelClosed or RendezvousError where no collector answers."""
        from app.pubsub.channel import EventClient, address_of, read_token

        self._client: EventClient = EventClient.connect(address_of(folder.path), read_token(folder.token))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the collector go."""
        self._client.close()

    def sign_in(self, name: str, secret: str) -> None:
        """Sign in; raise UsageFailure with the reason."""
        from app.pubsub.frame import SessionChanged, SignIn

        answer = self.ask(
            SignIn(1, name, secret, f"command line {os.getpid()}"),
            lambda event: event if isinstance(event, SessionChanged) else None,
        )
        if not answer.name:
            raise UsageFailure(f"{name}: not signed in: {answer.reason}")

    def ask(
        self, command: Command, found: Callable[[Event], FoundT | None], *, patience_s: float = PATIENCE_S
    ) -> FoundT:
        """Send a command and return what `found` makes of the first event that answers it; raise UsageFailure."""
        self._client.send(command)
        deadline = clock.monotonic_ns() + int(patience_s * clock.NS_PER_S)
        while clock.monotonic_ns() < deadline:
            for event in self._client.poll():
                if (result := found(event)) is not None:
                    return result
            time.sleep(LOOK_S)
        raise UsageFailure("the collector has not answered: what became of it stands in the audit trail")
