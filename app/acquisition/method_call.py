"""A call of a method as it passes to the worker that has the device."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MethodCall:
    """`owner`: the address of the object; `method`: its own, or its name below it; `arguments`: as texts.

    It is not sent after `expires` (monotonic ns), and its answer is waited for `timeout_s`.
    """

    owner: str
    method: str
    arguments: tuple[str, ...]
    expires: int
    timeout_s: float
