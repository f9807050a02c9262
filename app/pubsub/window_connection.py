"""One connection to the collector, from its first byte on: it proves itself, greets, then gives commands."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge

from app.pubsub.codec import FrameRefused, decode_command, encode_event
from app.pubsub.frame import PROTOCOL, Command, Event, Hello
from app.pubsub.frame_link import FrameLink

log = logging.getLogger(__name__)


class WindowConnection:
    """A window, or something that would like to be taken for one, on threads of its own.

    `on_greeted(window)` once it has shown the token; `on_command(window, command)` for each command after it;
    `on_gone(window, reason)` at the end. All three are called on the reading thread.
    """

    def __init__(
        self,
        connection: Connection,
        token: str,
        *,
        hello_s: float,
        on_greeted: Callable[[WindowConnection], None],
        on_command: Callable[[WindowConnection, Command], None],
        on_gone: Callable[[WindowConnection, str], None],
    ) -> None:
        """Take over `connection`; `hello_s`: how long it may take to show the token."""
        self._token = token
        self._on_greeted = on_greeted
        self._on_command = on_command
        self._on_gone = on_gone
        self._is_greeted = False
        self._link = FrameLink(
            connection, "channel-window", greet=self._challenge, on_frame=self._take, on_gone=self._end
        )
        self._patience = threading.Timer(hello_s, self._link.end, ("did not show the token in time",))
        self._patience.name = "channel-hello"
        self._patience.daemon = True

    def start(self) -> None:
        """Begin to read."""
        self._patience.start()
        self._link.start()

    def send(self, frame: bytes) -> None:
        """Send a frame; never waits: a window that does not read is let go."""
        self._link.send(frame)

    def answer(self, event: Event) -> None:
        """Send an event to this window alone."""
        for frame in encode_event(event):
            self._link.send(frame)

    def close(self) -> None:
        """Let the window go and wait for its threads."""
        self._link.close()

    def _challenge(self, connection: Connection) -> None:
        key = self._token.encode()
        deliver_challenge(connection, key)
        answer_challenge(connection, key)

    def _take(self, frame: bytes) -> None:
        command = decode_command(frame)
        try:
            if self._is_greeted:
                self._obey(command)
            else:
                self._greet(command)
        except FrameRefused:
            raise
        except Exception:
            log.exception("channel.command_failed command=%s", type(command).__name__)
            raise FrameRefused("asked for something that failed here") from None

    def _greet(self, command: Command) -> None:
        if not isinstance(command, Hello) or not hmac.compare_digest(command.token.encode(), self._token.encode()):
            raise FrameRefused("did not begin with the token")
        if command.protocol != PROTOCOL:
            raise FrameRefused(f"speaks protocol {command.protocol} instead of {PROTOCOL}: install the same version")
        self._is_greeted = True
        self._stop_patience()
        self._on_greeted(self)

    def _obey(self, command: Command) -> None:
        if isinstance(command, Hello):
            raise FrameRefused("greeted twice")
        self._on_command(self, command)

    def _end(self, reason: str) -> None:
        self._stop_patience()
        self._on_gone(self, reason)

    def _stop_patience(self) -> None:
        self._patience.cancel()
        self._patience.join()
