"""The one instant from which every screen counts down to what is foretold, so that no two tell one forecast twice."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.model import clock
from widgets.feed import Feed

STEP_NS = clock.NS_PER_S


class Countdown(QObject):
    """`now`: int64 ns UTC, as of which times to a forecast are told; it moves each second and with each forecast.

    Whoever shows such a time shows it as of `now`, and again when `moved`. A widget that asked the clock itself would
    tell another time than its neighbour that was painted a second ago: plants run up to thousands of times as fast.
    """

    moved = Signal()

    def __init__(self, feed: Feed) -> None:
        """Begin now; lives as long as the feed. There is one for each feed: `countdown_of`."""
        super().__init__(feed)
        self.move()
        feed.forecasts_changed.connect(self.move)

    def keep_up(self) -> None:
        """Move where a second has passed: called with each frame of a page in view, so that it needs no timer."""
        if clock.monotonic_ns() - self._moved >= STEP_NS:
            self.move()

    def move(self) -> None:
        """Count from the present instant, or from the replayed one, and tell it."""
        self._moved = clock.monotonic_ns()
        self.now = clock.now_ns()
        self.moved.emit()


def countdown_of(feed: Feed) -> Countdown:
    """Return the one countdown of a feed."""
    found = feed.findChild(Countdown)
    return found if isinstance(found, Countdown) else Countdown(feed)
