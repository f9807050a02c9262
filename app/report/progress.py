"""How far the reading of a report is, and that nobody wants it any more: written by one thread, read by another."""

from __future__ import annotations

from dataclasses import dataclass

from app.report.failure import ReportCancelled


@dataclass(slots=True)
class ReportProgress:
    """`total`: how many tags are read, 0 while that is not known; `done`: how many of them were begun."""

    total: int = 0
    done: int = 0
    is_cancelled: bool = False

    @property
    def share(self) -> float:
        """Return how far it is, 0..1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def step(self) -> None:
        """Note that another tag is read; raise ReportCancelled after `cancel`."""
        if self.is_cancelled:
            raise ReportCancelled("the report was cancelled")
        self.done += 1

    def cancel(self) -> None:
        """Let the reading end before its next tag."""
        self.is_cancelled = True
