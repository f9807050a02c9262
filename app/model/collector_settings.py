"""How the collector of a plant works, apart from what it collects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectorSettings:
    """`worker_memory_mb`: how much memory a process that keeps connections may take, MB of 2^20 bytes."""

    worker_memory_mb: int = 512
