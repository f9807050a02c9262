"""What a device may have beside the contract of every driver: methods, which do something there and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.model.status import BAD
from drivers.driver import DriverError


class NoMethods(DriverError):
    """The driver of a device knows no methods that could be called."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of a call: its StatusCode, what the method has answered, and the reason where it is not good.

    `is_sent`: False where it was refused here, before anything reached the device. `is_answered`: False where it was
    sent and nobody knows what became of it: it must not be made again before somebody has looked.
    """

    status: int
    outputs: tuple[str, ...] = ()
    reason: str = ""
    is_sent: bool = True
    is_answered: bool = True

    @property
    def is_done(self) -> bool:
        """Return whether the device has said that it was done."""
        return self.is_sent and self.is_answered and self.status < BAD


@runtime_checkable
class MethodCaller(Protocol):
    """A driver whose device has methods."""

    async def call(
        self,
        owner: str,
        method: str,
        arguments: Sequence[str],
        *,
        expires: int | None = None,
        timeout_s: float | None = None,
    ) -> CallResult:
        """Call a method of the object `owner` once, never again by itself; raise ConnectionLost where nothing was sent.

        `method`: its address, or its name below the object. `arguments`: as texts, in the types that the method wants.
        It is refused once `expires` (monotonic ns) is past. `timeout_s`: for how long its answer is waited for; None:
        as long as for any other.
        """
        ...


def caller_of(driver: object, name: str) -> MethodCaller:
    """Return the driver as one whose device has methods; raise NoMethods, with `name`, where it has none."""
    if isinstance(driver, MethodCaller):
        return driver
    raise NoMethods(f"{name}: its driver knows no methods in the device")
