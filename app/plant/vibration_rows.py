"""What a plant says about vibration as rows of its file; keys that stand at their defaults are left out."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.bearing import Bearing
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, ZoneLimits
from app.plant.row import Row, differing


def vibration_tables(plant: Plant) -> Iterator[tuple[str, list[Row]]]:
    """Yield the header and the rows of each table."""
    for zones in plant.zone_limits:
        yield "[[vibration_zones]]", list(_zone_rows(zones))
    for point in plant.measuring_points:
        yield "[[measuring_point]]", list(_point_rows(point))


def _zone_rows(zones: ZoneLimits) -> Iterator[Row]:
    yield "id", zones.id
    for key in ("machine", "foundation"):
        if getattr(zones, key) != LocalText(""):
            yield key, getattr(zones, key)
    yield "limits", zones.limits
    yield "source", zones.source
    if zones.is_example:
        yield "example", True


def _point_rows(point: MeasuringPoint) -> Iterator[Row]:
    default = MeasuringPoint("", "", point.name)
    yield "id", point.id
    yield "equipment", point.equipment
    yield "name", point.name
    for name, value in differing(default, point):
        if name not in {"id", "equipment"}:
            yield name, _bearing_table(value) if isinstance(value, Bearing) else value


def _bearing_table(bearing: Bearing) -> dict[str, object]:
    ratios: dict[str, object] = {key: getattr(bearing, key) for key in ("bpfo", "bpfi", "bsf", "ftf")}
    return {"designation": bearing.designation, **ratios} if bearing.designation else ratios
