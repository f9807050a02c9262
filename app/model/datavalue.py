"""One sample of one tag: the OPC UA DataValue."""

from __future__ import annotations

from dataclasses import dataclass

from app.model import status


@dataclass(frozen=True, slots=True)
class DataValue:
    """A value in the tag's unit with its StatusCode and times (int64 ns UTC).

    `text`: the value itself where a float64 cannot hold it: a text, or the digits of a whole number; "" where it can.
    """

    value: float
    status: int
    source_time: int
    server_time: int = 0
    text: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the value may be used without reserve."""
        return status.severity(self.status) is status.Severity.GOOD

    @property
    def is_usable(self) -> bool:
        """Whether the value means something, be it with reserve."""
        return self.status < status.BAD
