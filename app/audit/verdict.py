"""What a reading of the whole log has found, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.audit.signed_note import Checkpoint, VerifierKey


class FaultKind(StrEnum):
    """What was done to the log."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    FORKED = "forked"
    CLOCK = "clock set back"
    KEY = "key swapped"
    CHECKPOINT = "checkpoint"
    LINE = "alarm journal"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding; `number`: the first record that it concerns, 0: none."""

    kind: FaultKind
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Head(NamedTuple):
    """An end of the chain that an older version kept: the number of rows and the last link."""

    number: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.link.hex()}"


@dataclass(slots=True)
class Verification:
    """What was found. `notices`: what is not as it was, and was accepted by a record of the log itself.

    `newest`: the newest checkpoint that holds; `unsigned`: how many records came after it.
    """

    size: int = 0
    root: bytes = b""
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    newest: Checkpoint | None = None
    dropped: int = 0

    @property
    def unsigned(self) -> int:
        """How many records came after the newest checkpoint."""
        return self.size - (self.newest.size if self.newest is not None else 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the file: checkpoints beside it, an older one from elsewhere, an end of the former chain.

    `lines`: number and digest of each line of the alarm journal, in order. `key`: the public key that was noted.
    """

    anchors: Sequence[Checkpoint] = ()
    given: Checkpoint | None = None
    noted: Head | None = None
    lines: Iterable[tuple[int, str]] | None = None
    key: VerifierKey | None = None
