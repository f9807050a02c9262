"""The planned stops as this window knows them, and how what is foretold stands to the next one."""

from __future__ import annotations

from app.maintenance.margin import Foretold, Margin, lineage, margin, next_stop
from widgets.feed import Feed


def margin_ahead(feed: Feed, equipment: str, foretold: Foretold, *, now: int) -> Margin | None:
    """Return the margin to the next stop of an equipment at `now` (ns UTC), None where there is nothing to say."""
    plant = feed.plant
    if not plant.stops:
        return None
    parents = {each.id: each.parent for each in plant.equipment}
    stop = next_stop(plant.stops, lineage(equipment, parents), now, time_scale=plant.time_scale)
    return margin(foretold, stop, time_scale=plant.time_scale)
