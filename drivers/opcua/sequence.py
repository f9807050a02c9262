"""The sequence numbers of a subscription's messages: what never came is asked for once more (Part 4, 5.14.1.2)."""

from __future__ import annotations

from collections.abc import Sequence

from asyncua import ua

_LAST = 0xFFFF_FFFF
_MOST_ASKED_FOR = 20
_NEAR = 100


class MessageSequence:
    """Follows the messages of one subscription; `missed` counts those that are lost for good."""

    def __init__(self) -> None:
        """Begin before the first message."""
        self.missed = 0
        self._last = 0

    def missing_before(self, message: ua.NotificationMessage, available: Sequence[int]) -> list[int]:
        """Return the messages to be asked for before this one is used; `available`: those that the server still has.

        A keep-alive carries the number of the next message. A message that comes late is used all the same: no number
        is a reason to lose a value.
        """
        if not message.NotificationData:
            return []
        number, last = message.SequenceNumber, self._last
        if last and (last - number) % _LAST < _NEAR:
            return []  # late, or once more
        self._last = number
        between = (number - last) % _LAST - 1
        if not last or between > _LAST // 2:
            return []
        numbers = [(last + step) % _LAST + 1 for step in range(max(0, between - _MOST_ASKED_FOR), between)]
        wanted = [each for each in numbers if not available or each in available]
        self.missed += between - len(wanted)
        return wanted
