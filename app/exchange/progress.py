"""How an exchange tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias


class OnProgress(Protocol):
    """Hears how far an exchange has come; may raise Cancelled, at which the exchange ends and cleans up."""

    def __call__(self, share: float, samples: int) -> None:
        """Take the share that is done (0 .. 1, NaN where it cannot be known) and the count of samples so far."""


def unheard(share: float, samples: int) -> None:
    """Take no notice of progress: for whoever does not wait to see it."""


Stage: TypeAlias = Callable[[str, str], OnProgress]
"""Gives, for the name of a stage ("copying") and what it counts ("pages"), who hears its progress."""


def unheard_stage(_name: str, _unit: str) -> OnProgress:
    """Take no notice of any stage."""
    return unheard
