"""What the window shows, as one line of text at a time: for a run without a display, and for its log."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.model import clock, status
from app.model.forecast import Forecast, ForecastState
from widgets.feed import Feed
from widgets.number import duration
from widgets.prediction.wording import crossing, headline, is_told, urgency
from widgets.translation import speaking


class LiveSummary(QObject):
    """Writes one line every `period_s`: tags, samples per second, alarms, the worst health and the nearest forecast."""

    def __init__(self, feed: Feed, *, period_s: float, write: Callable[[str], object]) -> None:
        """Begin at once; `write` takes each line."""
        super().__init__(feed)
        self._feed = feed
        self._write = write
        self._started = clock.monotonic_ns()
        timer = QTimer(self)
        timer.setInterval(max(1, int(period_s * 1_000)))
        timer.timeout.connect(lambda: self._write(self.line()))
        timer.start()

    def line(self) -> str:
        """Return the present state as one line, in English as all that is written to a terminal."""
        with speaking("en"):
            parts = [f"{self._elapsed_s():5.0f} s", self._values(), self._alarms(), self._health(), self._forecast()]
        return "  ".join(part for part in parts if part)

    def _elapsed_s(self) -> float:
        return (clock.monotonic_ns() - self._started) / clock.NS_PER_S

    def _values(self) -> str:
        feed = self._feed
        if not feed.is_linked:
            return f"collector: {feed.link_text}"
        usable = int(status.usable_mask(feed.latest.status).sum())
        newest = int(feed.latest.time.max(initial=0))
        age_s = max(0.0, (clock.now_ns() - newest) / clock.NS_PER_S)
        text = f"tags {usable}/{len(feed.plant.tags)}, " + (f"newest {age_s:.1f} s ago" if newest else "none has come")
        if feed.report is not None:
            text += f", {feed.report.samples_per_s:,.0f} samples/s, {feed.report.stored:,} stored"
            text += f", {feed.report.problem}" if feed.report.problem else ""
        return text

    def _alarms(self) -> str:
        records = self._feed.alarms.values()
        waiting = sum(record.state.needs_acknowledge for record in records)
        return f"alarms {len(records)} ({waiting} unacknowledged)"

    def _health(self) -> str:
        known = [health for health in self._feed.healths.values() if not math.isnan(health.health)]
        if not known:
            return "health: learning"
        worst = min(known, key=lambda health: health.health)
        return f"lowest health {worst.equipment} {worst.health:.0f}"

    def _forecast(self) -> str:
        made = [each for each in self._feed.forecasts.values() if is_told(each)]
        if not made:
            return "forecasts: none"
        return f"forecasts {len(made)}: {self._told(min(made, key=urgency))}"

    def _told(self, forecast: Forecast) -> str:
        definition = next(each for each in self._feed.plant.forecasts if each.id == forecast.forecast)
        now, time_scale = clock.now_ns(), self._feed.plant.time_scale
        text = headline(definition, forecast, now=now, time_scale=time_scale)
        times = crossing(forecast, now=now, time_scale=time_scale)
        if forecast.state is ForecastState.FORECAST and times.p50 > 0:
            late = "later" if math.isnan(times.p90) else duration(times.p90)
            text = f"in {text} ({duration(times.p10) if times.p10 > 0 else 'now'} to {late})"
        return f"{forecast.equipment} {definition.cause.en} {text}"
