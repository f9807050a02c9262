"""The demo plant's configuration, made from its tables: what its plant file says."""

from __future__ import annotations

from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.tag import CleaningRule, TagDefinition
from app.model.text import LocalText
from drivers.simulation.exposure import OPC_UA, ORDERS, UNITS, Exposure, expose
from drivers.simulation.tables.alarm_classes import ALARM_CLASSES, with_urgency
from drivers.simulation.tables.alarms import alarms
from drivers.simulation.tables.equipment import EQUIPMENT, SITE
from drivers.simulation.tables.faceplates import FACEPLATES
from drivers.simulation.tables.forecasts import FORECASTS
from drivers.simulation.tables.methods import METHODS
from drivers.simulation.tables.pictures import PICTURES
from drivers.simulation.tables.report import REPORT
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.tables.upkeep import MAINTENANCE, SPARE_PARTS, STOPS
from drivers.simulation.tables.vibration import MEASURING_POINTS, ZONE_LIMITS
from drivers.simulation.tag import PlantTag

MODBUS_PORT = 15020
OPCUA_PORT = 48_400
TIME_FACTOR = 60.0

_STALE_SCANS = 6


def demo_plant(
    *, modbus_port: int = MODBUS_PORT, opcua_port: int = OPCUA_PORT, time_factor: float = TIME_FACTOR
) -> Plant:
    """Return the configuration for servers on these ports of this PC, where time runs `time_factor` times faster."""
    places = expose(TAGS)
    return Plant(
        id=SITE,
        name=LocalText("Huangdao Heat-Treat", "黄岛热处理线"),
        equipment=EQUIPMENT,
        connections=tuple(_connections(modbus_port, opcua_port)),
        tags=tuple(_tag(handle, tag, places[tag.name]) for handle, tag in enumerate(TAGS)),
        alarms=tuple(with_urgency(alarm) for alarm in alarms()),
        forecasts=FORECASTS,
        pictures=PICTURES,
        faceplates=FACEPLATES,
        time_scale=time_factor,
        is_read_only=False,
        alarm_classes=ALARM_CLASSES,
        maintenance=MAINTENANCE,
        spare_parts=SPARE_PARTS,
        stops=STOPS,
        methods=METHODS,
        zone_limits=ZONE_LIMITS,
        measuring_points=MEASURING_POINTS,
        report=REPORT,
    )


def _connections(modbus_port: int, opcua_port: int) -> list[ConnectionDefinition]:
    units = [
        ConnectionDefinition(
            name, "modbus", f"modbus://127.0.0.1:{modbus_port}?unit={unit}", options={"order": ORDERS[name]}
        )
        for name, unit in UNITS.items()
    ]
    return [*units, ConnectionDefinition(OPC_UA, "opcua", f"opc.tcp://127.0.0.1:{opcua_port}/foreshift/")]


def _tag(handle: int, tag: PlantTag, place: Exposure) -> TagDefinition:
    nothing = float("nan")
    low, high = tag.normal or (nothing, nothing)
    return TagDefinition(
        handle=handle,
        name=tag.name,
        equipment=tag.equipment,
        title=tag.title,
        connection=place.connection,
        address=place.address,
        unit=tag.unit,
        kind=tag.kind,
        low=tag.low,
        high=tag.high,
        normal_low=low,
        normal_high=high,
        decimals=tag.decimals,
        scan_ms=tag.scan_ms,
        gain=place.gain,
        width_bits=tag.width_bits,
        cleaning=CleaningRule(spike=tag.spike, stuck_s=tag.stuck_s, stale_s=_STALE_SCANS * tag.scan_ms / 1000.0),
        write=tag.write,
    )
