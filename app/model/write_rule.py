"""Under which conditions a tag may be written, as an engineer has allowed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.model.comparison import Comparison
from app.model.content import Content
from app.model.role import Role
from app.model.text import LocalText
from app.model.value_rule import ValueRule


@dataclass(frozen=True, slots=True)
class StateRule:
    """The states of equipment in which a write is allowed: `tag` must read one of `allowed`."""

    tag: str
    allowed: tuple[float, ...]


class Conditions(Protocol):
    """When an operator's command is allowed at all, and for how long its steps hold (seconds)."""

    @property
    def role(self) -> Role:
        """Return the least role."""
        ...

    @property
    def interlocks(self) -> tuple[Comparison, ...]:
        """Return the comparisons that must all hold."""
        ...

    @property
    def state(self) -> StateRule | None:
        """Return the states of equipment that are needed."""
        ...

    @property
    def confirm(self) -> LocalText:
        """Return what the operator is asked to keep in mind before confirming."""
        ...

    @property
    def expiry_s(self) -> float:
        """Return after which time a confirmed command that was not sent is dropped."""
        ...

    @property
    def select_s(self) -> float:
        """Return how long a selection holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRule(ValueRule):
    """What a write of a tag must obey; numbers in the tag's unit, times in seconds.

    `confirm`: what the operator is asked to keep in mind before confirming. `interlocks`: all must hold.
    `tolerance`: how far what is read back may be from what was written; it is read until `read_back_s` are over.
    `expiry_s`: a confirmed write that has not been sent by then is dropped. `select_s`: how long a selection holds.
    """

    tolerance: float
    confirm: LocalText = LocalText("")
    role: Role = Role.OPERATOR
    interlocks: tuple[Comparison, ...] = ()
    state: StateRule | None = None
    read_back_s: float = 2.0
    expiry_s: float = 5.0
    select_s: float = 30.0

    def is_as_written(self, written: Content, read: Content) -> bool:
        """Return whether a value that was read back is the one that was written; texts and ints are so exactly."""
        if isinstance(written, str) or isinstance(read, str):
            return written == read
        return abs(read - written) <= self.tolerance
