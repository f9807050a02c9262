"""What a device may have beside the contract of every driver: a history of its own, from which gaps are filled.

A driver either has the method `history` or does not; `historian_of` tells which.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.model.block import Block
from drivers.driver import DriverError, TagSpec


class NoHistory(DriverError):
    """The driver of a device knows no history that could be read."""


@dataclass(frozen=True, slots=True)
class HistoryEnd:
    """How the reading of one tag's history ended.

    `status`: Good where all of it was given, GoodMoreData where the limit came first, a bad StatusCode where the device
    gives none, or no more; `reason` names what is wrong and the remedy.
    """

    handle: int
    status: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some samples of a device's history, of each tag in rising time, and the tags of which there are no more.

    The samples are as the device had them: source times, StatusCodes, scaled and typed as live ones. A Block's
    `received` is when this reading had them.
    """

    block: Block
    ends: tuple[HistoryEnd, ...] = ()


@runtime_checkable
class Historian(Protocol):
    """A driver whose device keeps a history."""

    def history(
        self, tags: Sequence[TagSpec], start: int, end: int, *, limit: int = 0
    ) -> AsyncGenerator[HistoryPage, None]:
        """Yield what the device has kept of `tags` with start <= time < end (ns UTC), page by page.

        Each tag ends exactly once, also where the device knows nothing of it. `limit`: samples per tag at most, the
        earliest ones; 0 for all. Raise ConnectionLost. A generator that is not read to its end is to be closed
        (`aclose`), so that the device may let go of what it keeps for the next page.
        """
        ...


def historian_of(driver: object, name: str) -> Historian:
    """Return the driver as one whose device keeps a history; raise NoHistory, with `name`, where it has none."""
    if isinstance(driver, Historian):
        return driver
    raise NoHistory(f"{name}: its driver knows no history in the device: only what is collected here can be read back")
