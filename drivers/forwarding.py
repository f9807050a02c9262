"""What a device may have beside the contract of every driver: it keeps what it could not send, and sends it afterwards.

A driver either has the method `forward_to` or does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from app.model.block import Block


@runtime_checkable
class Forwarding(Protocol):
    """A driver whose devices send samples of the past by themselves (store and forward)."""

    def forward_to(self, take: Callable[[Block], None]) -> None:
        """Give samples that the device says to be past to `take`, not to `batches`: they show nothing of now.

        In all else they are as live ones. To be called before `subscribe`; `take` must not block.
        """
        ...
