"""How an exchange tells how far it has come."""

from __future__ import annotations

from typing import Protocol


class OnProgress(Protocol):
    """Hears how far an exchange has come; may raise Cancelled, at which the exchange ends and cleans up."""

    def __call__(self, share: float, samples: int) -> None:
        """Take the share that is done (0 .. 1) and the samples (or pages of the file) so far."""


def unheard(share: float, samples: int) -> None:
    """Take no notice."""
