"""Checks what a plant file says about vibration: zones with a source, sensors with a rate, bearings that can turn."""

from __future__ import annotations

import math
from itertools import pairwise

from app.model.bearing import bearing_of
from app.model.vibration import ACCELERATIONS, VELOCITIES
from app.plant.problem import Findings
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.vibration_grammar import BearingTable, MeasuringPointTable, ZoneLimitsTable


def check_vibration(tables: PlantTables, findings: Findings) -> None:
    """Note what cannot be meant."""
    for zones in tables.zone_limits:
        _check_zones(zones, findings)
    for point in tables.measuring_points:
        _check_point(point, findings)


def _check_zones(zones: Located[ZoneLimitsTable], findings: Findings) -> None:
    limits = zones.table.limits
    if not all(math.isfinite(limit) and limit > 0.0 for limit in limits) or any(a >= b for a, b in pairwise(limits)):
        findings.error(zones.key("limits"), "the limits do not rise: write A|B, B|C and C|D, such as [2.0, 4.0, 8.0]")


def _check_point(point: Located[MeasuringPointTable], findings: Findings) -> None:
    table = point.table
    if table.unit not in ACCELERATIONS | VELOCITIES:
        known = ", ".join(f'"{unit}"' for unit in ACCELERATIONS | VELOCITIES)
        findings.error(point.key("unit"), f'"{table.unit}" is no unit of vibration: write one of {known}')
    if bool(table.connection) != bool(table.address):
        findings.error(
            point.path,
            f"{table.id} names only one of connection and address: give both, or none where files are imported",
        )
    if table.address and not table.rate_hz:
        findings.error(point.key("rate_hz"), f"{table.id} has no sample rate: add rate_hz, the samples per second")
    if not table.speed and not table.rated_rpm:
        findings.warning(point.path, f"{table.id} has no speed, so that no line can be named: add speed or rated_rpm")
    if not table.gain:
        findings.error(point.key("gain"), "a gain of 0 leaves nothing of the signal: write another one")
    low, high = table.band
    if (low, high) != (0.0, 0.0) and not 0.0 < low < high:
        findings.error(point.key("band"), f"the band {low:g} to {high:g} Hz is none: write the lower frequency first")
    if table.rate_hz and high > table.rate_hz / 2.0:
        findings.error(
            point.key("band"), f"{table.rate_hz:g} samples per second tell nothing above {table.rate_hz / 2.0:g} Hz"
        )
    if table.mating_teeth and not table.teeth:
        findings.error(
            point.key("mating_teeth"), f"{table.id} has no gear of its own: add teeth, of the gear on its shaft"
        )
    if table.bearing is not None:
        _check_bearing(point, table.bearing, findings)


def _check_bearing(point: Located[MeasuringPointTable], table: BearingTable, findings: Findings) -> None:
    path = point.key("bearing")
    if table.has_geometry == table.has_ratios:
        findings.error(path, "say of the bearing either balls, ball_mm and pitch_mm, or bpfo, bpfi, bsf and ftf")
        return
    if table.has_ratios:
        if not all((table.bpfo, table.bpfi, table.bsf, table.ftf)):
            findings.error(path, "give all of bpfo, bpfi, bsf and ftf, each in turns of the shaft")
        return
    try:
        bearing_of(table.balls, table.ball_mm, table.pitch_mm, contact_deg=table.contact_deg)
    except ValueError as error:
        findings.error(path, f"{error}: copy balls, ball_mm and pitch_mm from the data sheet")
