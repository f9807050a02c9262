"""How long the history keeps what it has recorded, at each resolution."""

from __future__ import annotations

from dataclasses import dataclass

FOR_EVER = 0.0


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days samples, minutes and hours are kept; FOR_EVER is without end."""

    raw_days: float = 90.0
    minute_days: float = 730.0
    hour_days: float = FOR_EVER

    def of_tag(self, keep_days: float | None) -> Retention:
        """Return what holds for a tag, whose samples may have a limit of their own.

        What is coarser is kept at least as long as what is finer: it is small, and a long view is drawn from it.
        """
        raw = self.raw_days if keep_days is None else keep_days
        minute = longer(raw, self.minute_days)
        return Retention(raw, minute, longer(minute, self.hour_days))


KEEP_ALL = Retention(FOR_EVER, FOR_EVER, FOR_EVER)


def longer(days: float, other: float) -> float:
    """Return the longer of two limits."""
    return FOR_EVER if FOR_EVER in {days, other} else max(days, other)
