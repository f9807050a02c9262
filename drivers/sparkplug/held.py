"""Messages with values of the past that came before the birth by which they can be understood."""

from __future__ import annotations

from collections import deque

from drivers.sparkplug.address import Source

MOST_BYTES = 8 << 20


class HeldMessages:
    """Holds the newest messages of one edge node, up to MOST_BYTES: a node sends what it has stored only once."""

    def __init__(self) -> None:
        """Begin without any."""
        self._messages: deque[tuple[Source, bytes, int]] = deque()
        self._bytes = 0

    def hold(self, source: Source, data: bytes, received: int) -> int:
        """Keep a message; return how many of the oldest had to go for it."""
        self._messages.append((source, data, received))
        self._bytes += len(data)
        gone = 0
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._messages.popleft()[1])
            gone += 1
        return gone

    def release(self, source: Source) -> list[tuple[bytes, int]]:
        """Let go of the messages of a node or device that is born now; return them with their times of receipt."""
        found = [(data, received) for who, data, received in self._messages if who == source]
        self._messages = deque(message for message in self._messages if message[0] != source)
        self._bytes -= sum(len(data) for data, _ in found)
        return found
