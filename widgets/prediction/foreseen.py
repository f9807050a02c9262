"""The moment that the whole program is for: an alarm stands, and what it leads to is foretold and still ahead."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.model import clock
from app.model.forecast import ForecastState
from widgets.feed import Feed


class Foreseen(QObject):
    """Watches a feed for that moment and tells it once, with the tag of the forecast."""

    happened = Signal(str)

    def __init__(self, feed: Feed) -> None:
        """Begin at once; lives as long as the feed."""
        super().__init__(feed)
        self._feed = feed
        self._is_told = False
        feed.alarms_changed.connect(self._look)
        feed.forecasts_changed.connect(self._look)

    def _look(self) -> None:
        tag = foreseen_tag(self._feed, now=clock.now_ns())
        if tag and not self._is_told:
            self._is_told = True
            self.happened.emit(tag)


def foreseen_tag(feed: Feed, *, now: int) -> str:
    """Return the tag of the nearest forecast whose middle is after `now` (int64 ns UTC), "" for none.

    Only equipment with an active alarm counts.
    """
    alarmed = {record.equipment for record in feed.alarms.values() if record.state.is_active}
    ahead = [
        forecast
        for forecast in feed.forecasts.values()
        if forecast.state is ForecastState.FORECAST and forecast.p50 > now and forecast.equipment in alarmed
    ]
    return min(ahead, key=lambda forecast: forecast.p50).tag if ahead else ""
