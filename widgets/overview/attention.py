"""Which part of the plant needs an operator's eyes first."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.picture_levels import main_pictures
from widgets.alarm.wording import order_of_urgency
from widgets.feed import Feed
from widgets.prediction.wording import is_told, urgency
from widgets.trend.tag_choice import path_to


def picture_in_need(feed: Feed) -> str:
    """Return the id of the process picture with the most urgent alarm in its area, else with the nearest forecast.

    An alarm that is active counts before one that has only returned. Without any of them it is the plant's first
    picture; "" where it has none.
    """
    shown = main_pictures(feed.plant)
    pictures = {picture.equipment: picture.id for picture in reversed(shown)}
    for equipment in _in_need(feed):
        for each in reversed(path_to(feed.plant, equipment)):
            if each in pictures:
                return pictures[each]
    return shown[0].id if shown else ""


def _in_need(feed: Feed) -> Iterator[str]:
    """Yield equipment, the most urgent first."""
    records = order_of_urgency(feed.alarms.values())
    yield from (record.equipment for record in records if record.state.is_active)
    yield from (record.equipment for record in records if not record.state.is_active)
    told = [forecast for forecast in feed.forecasts.values() if is_told(forecast)]
    yield from (forecast.equipment for forecast in sorted(told, key=urgency))
