"""What counts as a flood, as chattering, fleeting and stale: the thresholds of a plant's alarm performance."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.clock import NS_PER_S

PERIOD_NS = 600 * NS_PER_S
"""Rates are counted per ten minutes (IEC 62682:2014, 16.4; ANSI/ISA-18.2-2016, 16.5)."""
PERIODS_PER_HOUR = 6
HOUR_NS = PERIODS_PER_HOUR * PERIOD_NS
DAY_NS = 24 * HOUR_NS


@dataclass(frozen=True, slots=True)
class Definitions:
    """Thresholds; the standards describe the terms and leave the numbers to the plant's alarm philosophy.

    Flood: begins at the instant at which the ten minutes up to it hold more than `flood_begins` activations, ends where
    they hold fewer than `flood_ends` (EEMUA 191 ed. 3: ten or more, and fewer than five, per ten minutes and operator).
    Chattering: an alarm that changes between active and normal repeatedly in a short time; here each activation among
    `chatter_count` of the same alarm within `chatter_s` (ISA-18.2-2016, 3.1: term; three in a minute: ISA-TR18.2.5).
    Fleeting: an alarm that goes soon after it came, without repeating; here active for less than `fleeting_s` and not
    chattering (the same sources). Stale: one that has been active for more than `stale_s` (24 h, ISA-18.2-2016, 16.5).
    """

    flood_begins: int = 10
    flood_ends: int = 5
    chatter_count: int = 3
    chatter_s: float = 60.0
    fleeting_s: float = 10.0
    stale_s: float = 86_400.0

    def __post_init__(self) -> None:
        """Refuse thresholds that contradict one another."""
        if not 0 < self.flood_ends <= self.flood_begins:
            raise ValueError("a flood ends at a rate above 0 and not above the one at which it begins")
        if self.chatter_count < 2 or min(self.chatter_s, self.fleeting_s, self.stale_s) <= 0:
            raise ValueError("chattering needs two activations or more, and every time must be above 0")
