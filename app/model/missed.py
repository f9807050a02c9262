"""What a device went on with while nothing was collected of it, and what has become of the wish to have it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Break(NamedTuple):
    """A stretch start < time < end (ns UTC, source time) of one tag of which nothing was delivered.

    `end` is 0 while it lasts.
    """

    handle: int
    start: int
    end: int

    @property
    def lasts(self) -> bool:
        """Whether its end is not known yet."""
        return self.end == 0

    @property
    def is_empty(self) -> bool:
        """Whether no sample can lie in it, as where a value has not changed meanwhile."""
        return not self.lasts and self.end <= self.start + 1


class BreakState(StrEnum):
    """What has become of a break.

    MISSED: its samples are still to be had; also where its start has moved on, since a part is here. REPLACED: another
    break stands for it now, such as the one that has its end. FILLED: all that the device had kept is here. REFUSED:
    the device gives nothing of it, and will not.
    """

    MISSED = "missed"
    REPLACED = "replaced"
    FILLED = "filled"
    REFUSED = "refused"


class BreakChange(NamedTuple):
    """A break and what has become of it."""

    what: Break
    state: BreakState


@dataclass(frozen=True, slots=True)
class Arrears:
    """What is still to be fetched of one connection: of how many tags, from when on (ns UTC), and what is in the way.

    `problem` is "" while nothing is. `refused`: of how many tags the device gave nothing since the start.
    """

    tags: int = 0
    since: int = 0
    problem: str = ""
    refused: int = 0


NO_ARREARS = Arrears()
