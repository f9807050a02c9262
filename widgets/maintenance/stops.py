"""The planned stops as this window knows them, and how what is foretold stands to the next one."""

from __future__ import annotations

from app.maintenance.margin import Foretold, Margin, lineage, margin, next_stop
from app.model.maintenance import PlannedStop
from widgets.feed import Feed
from widgets.translation import local, tr


def margin_ahead(feed: Feed, equipment: str, foretold: Foretold, *, now: int) -> Margin | None:
    """Return the margin to the next stop of an equipment at `now` (ns UTC), None where there is nothing to say."""
    plant = feed.plant
    if not feed.stops:
        return None
    parents = {each.id: each.parent for each in plant.equipment}
    stop = next_stop(feed.stops, lineage(equipment, parents), now, time_scale=plant.time_scale)
    return margin(foretold, stop, time_scale=plant.time_scale)


def margins_to(feed: Feed, stop: PlannedStop, now: int) -> list[tuple[str, Margin]]:
    """Return how all that is foretold of the equipment of a stop stands to it, the most urgent first, with its name.

    `now`: int64 ns UTC. A stop that is not (or no more) among those of the feed is looked at as if it were.
    """
    scale = feed.plant.time_scale
    parents = {each.id: each.parent for each in feed.plant.equipment}
    causes = {each.id: each.cause for each in feed.plant.forecasts}
    foretold: list[tuple[str, str, Foretold]] = [
        (each.equipment, local(causes[each.forecast]), each)
        for each in feed.forecasts.values()
        if each.forecast in causes
    ]
    foretold += [(each.equipment, tr("Remaining life"), each) for each in feed.lives.values()]
    found = []
    for equipment, what, each in foretold:
        occurrence = next_stop((stop,), lineage(equipment, parents), now, time_scale=scale)
        ahead = margin(each, occurrence, time_scale=scale) if occurrence is not None else None
        if ahead is not None:
            found.append((f"{equipment} {what}", ahead))
    return sorted(found, key=lambda each: _days(each[1]))


def _days(ahead: Margin) -> float:
    return min(days for days in (ahead.early, ahead.likely) if days is not None)
