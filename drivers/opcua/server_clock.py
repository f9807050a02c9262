"""A server's clock beside ours: how far it is ahead, and what is taken off its times where that is too much.

It is compared when the connection is made, every hour, and as soon as our own clock has been set: a controller drifts
by seconds a week, and one whose clock somebody has put right must not be corrected any more.
"""

from __future__ import annotations

import logging

from app.model import clock

log = logging.getLogger(__name__)

EVERY_NS = 3_600 * clock.NS_PER_S
STEP_NS = clock.NS_PER_S
"""A time service slews ours by less than this; more is a step, after which all that was known is wrong."""


class ServerClock:
    """What is known of the clock; `skew_ns`: what is taken off its times.

    `ahead_ns`: how far it is ahead at least, None before the first comparison. When the answer took long, as on a busy
    computer, the server may have told its time at any instant of that: only what goes beyond is known.
    """

    def __init__(self, url: str, max_skew_s: float) -> None:
        """Correct by the difference where it is more than `max_skew_s`, until it is less than half of that."""
        self.ahead_ns: int | None = None
        self.skew_ns = 0
        self._url = url
        self._most = int(max_skew_s * clock.NS_PER_S)
        self._asked = 0
        self._offset = 0

    @property
    def is_due(self) -> bool:
        """Whether it is to be compared again."""
        now = clock.monotonic_ns()
        return now - self._asked >= EVERY_NS or abs(clock.now_ns() - now - self._offset) > STEP_NS

    def ask(self) -> int:
        """Note that the server is being asked for its time; return our time of now."""
        self._asked, wall = clock.monotonic_ns(), clock.now_ns()
        self._offset = wall - self._asked
        return wall

    def compare(self, told: int, asked: int) -> None:
        """Take the server's time (ns UTC), which was asked for at `asked` and has just come."""
        now = clock.now_ns()
        difference = told - (asked + now) // 2
        certain = max(0, abs(difference) - max(0, now - asked) // 2)
        self.ahead_ns = certain if difference > 0 else -certain
        is_corrected = certain > (self._most // 2 if self.skew_ns else self._most)
        if is_corrected != bool(self.skew_ns):
            ahead_s = round(difference / clock.NS_PER_S, 1)
            log.log(
                logging.WARNING if is_corrected else logging.INFO,
                "opcua.clock.%s url=%s ahead_s=%s",
                "wrong" if is_corrected else "right_again",
                self._url,
                ahead_s,
            )
        self.skew_ns = difference if is_corrected else 0
