"""The collector's end of the channel: tells every window what happens and takes their commands."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import TracebackType
from typing import Self

from app.pubsub.codec import encode_event
from app.pubsub.frame import Command, Event
from app.pubsub.frame_link import CLOSED_BY_PEER, CLOSED_HERE
from app.pubsub.rendezvous import RendezvousError, write_token
from app.pubsub.window_connection import WindowConnection

log = logging.getLogger(__name__)

MAX_WINDOWS = 16
HELLO_SECONDS = 3.0

Reply = Callable[[Event], None]
OnCommand = Callable[[Command, Reply], None]
OnGone = Callable[[Reply], None]


class EventServer:
    """Listens for windows from `start` to `stop`; its methods may be called from any thread.

    `token`: what a window must know; where `token_file` is given it is written there, 0600, before anybody can
    connect. `on_command(command, reply)` is called on a thread of the window that sent it; `reply(event)` goes to that
    window alone, from any thread; it is equal for all commands of one window, and `on_gone(reply)` comes after the last
    of them. `snapshot()` gives the present state for a new window, on a thread of that window:
    change the state first, then `broadcast`, and no window misses anything.
    """

    def __init__(
        self,
        address: str,
        token: str,
        on_command: OnCommand,
        *,
        snapshot: Callable[[], Sequence[Event]] = tuple,
        on_gone: OnGone = lambda _: None,
        token_file: Path | None = None,
        hello_s: float = HELLO_SECONDS,
    ) -> None:
        """Prepare; `hello_s`: how long a connection may take to show the token."""
        self._address = address
        self._token = token
        self._token_file = token_file
        self._on_command = on_command
        self._snapshot = snapshot
        self._on_gone = on_gone
        self._hello_s = hello_s
        self._connections: set[WindowConnection] = set()
        self._greeted: set[WindowConnection] = set()
        self._changed = threading.Lock()
        self._is_stopping = threading.Event()
        self._listener: Listener | None = None
        self._thread = threading.Thread(target=self._listen, name="channel-listen", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def windows(self) -> int:
        """Return how many windows have shown the token and are connected."""
        with self._changed:
            return len(self._greeted)

    def start(self) -> None:
        """Listen, in the place of what a dead collector left; raise RendezvousError where another one lives."""
        if self._token_file is not None:
            write_token(self._token_file, self._token)
        try:
            self._listener = _listener_at(self._address)
        except OSError as error:
            raise RendezvousError(
                f"{self._address}: cannot listen: {error.strerror or error}: stop the other collector of this plant"
            ) from error
        self._thread.start()

    def stop(self) -> None:
        """Let all windows go and wait for the threads; may be called twice."""
        self._is_stopping.set()
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            Client(self._address).close()
        self._thread.join()
        self._listener.close()
        self._listener = None
        with self._changed:
            remaining = list(self._connections)
        for window in remaining:
            window.close()

    def broadcast(self, event: Event) -> None:
        """Send an event to every window; never waits: a window that does not read is let go."""
        with self._changed:
            if self._greeted:
                frames = encode_event(event)
                for window in self._greeted:
                    _send(window, frames)

    def _listen(self) -> None:
        listener = self._listener
        while listener is not None and not self._is_stopping.is_set():
            try:
                connection = listener.accept()
            except OSError as error:
                log.warning("channel.accept_failed reason=%s", error)
                self._is_stopping.wait(0.5)
            else:
                self._welcome(connection)

    def _welcome(self, connection: Connection) -> None:
        with self._changed:
            is_full = len(self._connections) >= MAX_WINDOWS
            if not is_full and not self._is_stopping.is_set():
                window = WindowConnection(
                    connection,
                    self._token,
                    hello_s=self._hello_s,
                    on_greeted=self._admit,
                    on_command=self._obey,
                    on_gone=self._forget,
                )
                self._connections.add(window)
                window.start()
                return
        connection.close()
        if is_full:
            log.warning("channel.window_dropped reason=%d windows are connected already", MAX_WINDOWS)

    def _admit(self, window: WindowConnection) -> None:
        with self._changed:
            for event in self._snapshot():
                window.answer(event)
            self._greeted.add(window)
            windows = len(self._greeted)
        log.info("channel.window_connected windows=%d", windows)

    def _obey(self, window: WindowConnection, command: Command) -> None:
        self._on_command(command, window.answer)

    def _forget(self, window: WindowConnection, reason: str) -> None:
        with self._changed:
            self._connections.discard(window)
            self._greeted.discard(window)
        self._on_gone(window.answer)
        if reason in {CLOSED_BY_PEER, CLOSED_HERE}:
            log.info("channel.window_gone reason=%s", reason)
        else:
            log.warning("channel.window_dropped reason=%s", reason)


def _send(window: WindowConnection, frames: Sequence[bytes]) -> None:
    for frame in frames:
        window.send(frame)


def _listener_at(address: str) -> Listener:
    if os.name == "nt":
        return Listener(address, "AF_PIPE")
    _remove_stale_socket(Path(address))
    listener = Listener(address, "AF_UNIX", backlog=MAX_WINDOWS)
    Path(address).chmod(0o600)
    return listener


def _remove_stale_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
        else:
            raise RendezvousError(f"{path}: another collector of this plant listens here: stop it first")
