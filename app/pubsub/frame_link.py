"""One connection that carries frames both ways, without ever making the one who sends wait."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection

from app.pubsub.codec import FrameRefused
from app.pubsub.frame import MAX_FRAME

MAX_WAITING_FRAMES = 2_000
MAX_WAITING_BYTES = 4 * MAX_FRAME
JOIN_SECONDS = 5.0

CLOSED_BY_PEER = "closed by the other side"
CLOSED_HERE = "closed here"
NOT_TRUSTED = "does not know the token"


class FrameLink:
    """A connection with a thread that reads and a thread that sends; the first also tidies up at the end.

    `greet` runs first, on the reading thread: it proves who is there, and may read and send by itself.
    `on_frame` gets every frame after it, on the reading thread; FrameRefused from it ends the connection.
    `on_gone` is called once at the very end with the reason.
    """

    def __init__(
        self,
        connection: Connection,
        name: str,
        *,
        greet: Callable[[Connection], None],
        on_frame: Callable[[bytes], None],
        on_gone: Callable[[str], None],
    ) -> None:
        """Take over `connection`; nothing happens before `start`."""
        self._connection = connection
        self._greet = greet
        self._on_frame = on_frame
        self._on_gone = on_gone
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._reason = ""
        self._is_released = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name=f"{name}-read", daemon=True)
        self._sender = threading.Thread(target=self._send, name=f"{name}-send", daemon=True)

    def start(self) -> None:
        """Begin to greet, to read and to send."""
        self._sender.start()
        self._reader.start()

    def send(self, frame: bytes) -> None:
        """Put a frame in the queue; where the other side does not read, end the connection instead of waiting."""
        with self._changed:
            if self._reason:
                return
            self._waiting.append(frame)
            self._waiting_bytes += len(frame)
            is_full = len(self._waiting) > MAX_WAITING_FRAMES or self._waiting_bytes > MAX_WAITING_BYTES
            self._changed.notify_all()
        if is_full:
            self.end("does not read what is sent to it")

    def end(self, reason: str) -> None:
        """Let the connection end for `reason` without waiting for it; the first reason counts."""
        with self._changed:
            self._reason = self._reason or reason
            self._waiting.clear()
            self._changed.notify_all()
            if not self._is_released:
                _hang_up(self._connection)

    def close(self) -> None:
        """End the connection and wait until its threads are gone; may be called twice, and from its own threads."""
        self.end(CLOSED_HERE)
        if self._reader.ident is not None and threading.current_thread() not in {self._reader, self._sender}:
            self._reader.join(JOIN_SECONDS)

    def _read(self) -> None:
        try:
            self._greet(self._connection)
            while not self._reason:
                self._on_frame(self._connection.recv_bytes(MAX_FRAME))
        except AuthenticationError:
            self.end(NOT_TRUSTED)
        except FrameRefused as error:
            self.end(str(error))
        except (EOFError, ConnectionError):
            self.end(CLOSED_BY_PEER)
        except (OSError, ValueError, AssertionError) as error:
            self.end(f"sent what is no frame: {error}")
        finally:
            self.end("failed")
            self._sender.join(JOIN_SECONDS)
            with self._changed:
                self._is_released = True
                self._connection.close()
            self._on_gone(self._reason)

    def _send(self) -> None:
        try:
            while (frame := self._next()) is not None:
                self._connection.send_bytes(frame)
        except (OSError, ValueError):
            self.end(CLOSED_BY_PEER)

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._reason)
            if self._reason:
                return None
            frame = self._waiting.popleft()
            self._waiting_bytes -= len(frame)
            return frame


def _hang_up(connection: Connection) -> None:
    """Wake threads that wait in this connection: closing its descriptor alone would not on POSIX."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            connection.close()
            return
        with socket.socket(fileno=os.dup(connection.fileno())) as double:
            double.shutdown(socket.SHUT_RDWR)
