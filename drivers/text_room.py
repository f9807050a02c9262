"""What a driver may know without its device: whether a text fits into the place where it is to be written."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from drivers.driver import DriverError


class TooLongText(DriverError):
    """A text does not fit; the message says how much does. `room`: how many bytes."""

    def __init__(self, message: str, room: int) -> None:
        """Say why, and how many bytes there are."""
        super().__init__(message)
        self.room = room


@runtime_checkable
class TextRoom(Protocol):
    """A driver whose addresses say how long a text may be; others find out when the device refuses one."""

    def check_text(self, address: str, text: str) -> None:
        """Raise TooLongText for a text that the place of `address` cannot hold, BadAddress for what is no address."""
        ...
