"""Makes measuring points and zones of vibration out of their tables."""

from __future__ import annotations

from app.model.bearing import Bearing, bearing_of
from app.model.vibration import MeasuringPoint, ZoneLimits
from app.plant.local_text import local_text
from app.plant.vibration_grammar import BearingTable, MeasuringPointTable, ZoneLimitsTable


def zone_limits(table: ZoneLimitsTable) -> ZoneLimits:
    """Return the row of a table."""
    return ZoneLimits(
        table.id,
        table.limits,
        local_text(table.source),
        machine=local_text(table.machine),
        foundation=local_text(table.foundation),
        is_example=table.example,
    )


def measuring_point(table: MeasuringPointTable) -> MeasuringPoint:
    """Return the point of a table in which no errors were found."""
    return MeasuringPoint(
        id=table.id,
        equipment=table.equipment,
        name=local_text(table.name),
        unit=table.unit,
        rate_hz=table.rate_hz,
        gain=table.gain,
        connection=table.connection,
        address=table.address,
        speed=table.speed,
        rated_rpm=table.rated_rpm,
        level=table.level,
        every_h=table.every_h,
        keep_days=table.keep_days,
        zones=table.zones,
        band=table.band,
        bearing=None if table.bearing is None else _bearing(table.bearing),
        blades=table.blades,
        teeth=table.teeth,
        mating_teeth=table.mating_teeth,
    )


def _bearing(table: BearingTable) -> Bearing:
    if table.has_ratios:
        return Bearing(table.bpfo, table.bpfi, table.bsf, table.ftf, table.designation)
    return bearing_of(table.balls, table.ball_mm, table.pitch_mm, contact_deg=table.contact_deg, name=table.designation)
