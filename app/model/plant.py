"""A plant: everything that its configuration says, read once and then unchanged."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.model.alarm import AlarmDefinition
from app.model.alarm_command import AlarmRules
from app.model.collector_settings import CollectorSettings
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.equipment_class import EquipmentClass
from app.model.forecast import ForecastDefinition
from app.model.maintenance import MaintenanceDefinition, MaintenanceRules, PlannedStop, SparePart
from app.model.method import MethodDefinition
from app.model.picture import Picture
from app.model.rationalisation import AlarmClass, PriorityMatrix
from app.model.report import ReportRules
from app.model.retention import Retention
from app.model.shift import ShiftCalendar
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, ZoneLimits


@dataclass(frozen=True, slots=True)
class Plant:
    """The configuration of one plant.

    `time_scale`: seconds of the plant's life per second of wall clock; 1 everywhere but in simulations and replays,
    where windows and horizons in hours are divided by it and forecasts are told in the plant's own time.
    `tags[i].handle == i`. `is_read_only`: nothing is written, whatever the tags allow. `equipment_classes`: what their
    instances have of them is among the tags, the alarms and so on. `faceplates`: pictures of classes of equipment, of
    which each equipment has its own.
    """

    id: str
    name: LocalText
    equipment: tuple[Equipment, ...]
    connections: tuple[ConnectionDefinition, ...]
    tags: tuple[TagDefinition, ...]
    alarms: tuple[AlarmDefinition, ...] = ()
    forecasts: tuple[ForecastDefinition, ...] = ()
    pictures: tuple[Picture, ...] = ()
    time_scale: float = 1.0
    retention: Retention = field(default_factory=Retention)
    is_read_only: bool = True
    collector: CollectorSettings = field(default_factory=CollectorSettings)
    alarm_rules: AlarmRules = field(default_factory=AlarmRules)
    alarm_classes: tuple[AlarmClass, ...] = ()
    alarm_matrix: PriorityMatrix = field(default_factory=PriorityMatrix)
    maintenance: tuple[MaintenanceDefinition, ...] = ()
    maintenance_rules: MaintenanceRules = field(default_factory=MaintenanceRules)
    spare_parts: tuple[SparePart, ...] = ()
    stops: tuple[PlannedStop, ...] = ()
    methods: tuple[MethodDefinition, ...] = ()
    zone_limits: tuple[ZoneLimits, ...] = ()
    measuring_points: tuple[MeasuringPoint, ...] = ()
    equipment_classes: tuple[EquipmentClass, ...] = ()
    faceplates: tuple[Picture, ...] = ()
    calendar: ShiftCalendar = field(default_factory=ShiftCalendar)
    report: ReportRules = field(default_factory=ReportRules)

    def tag(self, name: str) -> TagDefinition:
        """Return the tag of that name; raise KeyError where there is none."""
        for tag in self.tags:
            if tag.name == name:
                return tag
        raise KeyError(name)

    def zones_of(self, point: MeasuringPoint) -> ZoneLimits | None:
        """Return the zones that are meant for a measuring point, None where it has none."""
        return next((each for each in self.zone_limits if each.id == point.zones), None)

    def tags_of(self, equipment: str) -> tuple[TagDefinition, ...]:
        """Return the tags that belong to one Equipment itself (not to its children)."""
        return tuple(tag for tag in self.tags if tag.equipment == equipment)
