"""All tables of one plant file, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.plant.alarm_grammar import AlarmClassTable, AlarmRulesTable, AlarmTable, MatrixTable
from app.plant.grammar import (
    CollectorTable,
    ConnectionTable,
    EquipmentTable,
    ForecastTable,
    HistoryTable,
    PlantTable,
    Table,
    TagTable,
)
from app.plant.maintenance_grammar import (
    MaintenanceDefinitionTable,
    MaintenanceRulesTable,
    PlannedStopTable,
    SparePartTable,
)
from app.plant.method_grammar import ArgumentTable, MethodTable, OutputTable
from app.plant.picture.grammar import PictureTable, PipeTable, ReadoutTable, SymbolTable
from app.plant.problem import Findings, KeyPath
from app.plant.report_grammar import ReportTable, ShiftTable
from app.plant.table import Located, read_table, read_tables, report_unknown
from app.plant.vibration_grammar import MeasuringPointTable, ZoneLimitsTable

TableT = TypeVar("TableT", bound=Table)

KEYS = (
    "plant",
    "history",
    "collector",
    "alarms",
    "alarm_class",
    "alarm_matrix",
    "equipment_class",
    "equipment",
    "connection",
    "tag",
    "alarm",
    "forecast",
    "picture",
    "maintenance",
    "spare_part",
    "maintenance_definition",
    "planned_stop",
    "method",
    "vibration_zones",
    "measuring_point",
    "report",
    "shift",
)
_METHOD_PARTS = ("argument", "output")
PICTURE_PARTS = ("symbol", "pipe", "readout")


@dataclass(frozen=True, slots=True)
class LocatedConnection:
    """A connection: its name in the file, its table, and the options of its driver."""

    id: str
    located: Located[ConnectionTable]
    options: dict[str, object]


@dataclass(frozen=True, slots=True)
class LocatedPicture:
    """A picture and what is drawn in it; `id`: its name, which in a file of its own is that of the file."""

    id: str
    located: Located[PictureTable]
    symbols: list[Located[SymbolTable]]
    pipes: list[Located[PipeTable]]
    readouts: list[Located[ReadoutTable]]


@dataclass(frozen=True, slots=True)
class LocatedMethod:
    """A method, its arguments and its outputs."""

    located: Located[MethodTable]
    arguments: list[Located[ArgumentTable]]
    outputs: list[Located[OutputTable]]


@dataclass(frozen=True, slots=True)
class PlantTables:
    """The tables of a plant file."""

    plant: Located[PlantTable]
    history: Located[HistoryTable]
    collector: Located[CollectorTable]
    alarm_rules: Located[AlarmRulesTable]
    alarm_matrix: Located[MatrixTable]
    maintenance_rules: Located[MaintenanceRulesTable]
    report: Located[ReportTable]
    equipment: list[Located[EquipmentTable]] = field(default_factory=list)
    connections: list[LocatedConnection] = field(default_factory=list)
    tags: list[Located[TagTable]] = field(default_factory=list)
    alarms: list[Located[AlarmTable]] = field(default_factory=list)
    forecasts: list[Located[ForecastTable]] = field(default_factory=list)
    pictures: list[LocatedPicture] = field(default_factory=list)
    alarm_classes: list[Located[AlarmClassTable]] = field(default_factory=list)
    spare_parts: list[Located[SparePartTable]] = field(default_factory=list)
    maintenance: list[Located[MaintenanceDefinitionTable]] = field(default_factory=list)
    stops: list[Located[PlannedStopTable]] = field(default_factory=list)
    methods: list[LocatedMethod] = field(default_factory=list)
    zone_limits: list[Located[ZoneLimitsTable]] = field(default_factory=list)
    measuring_points: list[Located[MeasuringPointTable]] = field(default_factory=list)
    shifts: list[Located[ShiftTable]] = field(default_factory=list)


def read_document(document: Mapping[str, object], findings: Findings) -> PlantTables:
    """Return the tables of a parsed file; what is wrong in them is noted in `findings`."""
    report_unknown(document, KEYS, (), findings)
    if "plant" not in document:
        findings.error((), "the table [plant] is missing: add it with the keys id and name")
    return PlantTables(
        plant=read_table(PlantTable, document["plant"], ("plant",), findings)
        if "plant" in document
        else Located(("plant",), PlantTable()),
        history=read_table(HistoryTable, document.get("history", {}), ("history",), findings),
        collector=read_table(CollectorTable, document.get("collector", {}), ("collector",), findings),
        alarm_rules=read_table(AlarmRulesTable, document.get("alarms", {}), ("alarms",), findings),
        alarm_matrix=read_table(MatrixTable, document.get("alarm_matrix", {}), ("alarm_matrix",), findings),
        maintenance_rules=read_table(
            MaintenanceRulesTable, document.get("maintenance", {}), ("maintenance",), findings
        ),
        report=read_table(ReportTable, document.get("report", {}), ("report",), findings),
        equipment=_array(EquipmentTable, document, "equipment", findings),
        connections=_connections(document.get("connection", {}), findings),
        tags=_array(TagTable, document, "tag", findings),
        alarms=_array(AlarmTable, document, "alarm", findings),
        forecasts=_array(ForecastTable, document, "forecast", findings),
        pictures=_pictures(document.get("picture", []), findings),
        alarm_classes=_array(AlarmClassTable, document, "alarm_class", findings),
        spare_parts=_array(SparePartTable, document, "spare_part", findings),
        maintenance=_array(MaintenanceDefinitionTable, document, "maintenance_definition", findings),
        stops=_array(PlannedStopTable, document, "planned_stop", findings),
        methods=_methods(document.get("method", []), findings),
        zone_limits=_array(ZoneLimitsTable, document, "vibration_zones", findings),
        measuring_points=_array(MeasuringPointTable, document, "measuring_point", findings),
        shifts=_array(ShiftTable, document, "shift", findings),
    )


def _array(kind: type[TableT], document: Mapping[str, object], key: str, findings: Findings) -> list[Located[TableT]]:
    return read_tables(kind, document.get(key, []), (key,), findings)


def _connections(content: object, findings: Findings) -> list[LocatedConnection]:
    if not isinstance(content, dict):
        findings.error(("connection",), "`connection` is not a table of connections: begin each with [connection.NAME]")
        return []
    return [_connection(name, table, findings) for name, table in content.items()]


def _connection(name: str, content: object, findings: Findings) -> LocatedConnection:
    path: KeyPath = ("connection", name)
    if not isinstance(content, dict):
        findings.error(path, f"connection `{name}` is not a table: begin it with [connection.NAME]")
        return LocatedConnection(name, Located(path, ConnectionTable()), {})
    if not name.strip():
        findings.error(path, "a connection has no name: write one in its header, [connection.NAME]")
    known = ("driver", "url", "group", "backfill", "alarms")
    table = {key: value for key, value in content.items() if key in known}
    options = {key: value for key, value in content.items() if key not in known}
    return LocatedConnection(name, read_table(ConnectionTable, table, path, findings), options)


def _methods(content: object, findings: Findings) -> list[LocatedMethod]:
    if not isinstance(content, list):
        findings.error(("method",), "`method` is not an array of tables: begin each of them with [[method]]")
        return []
    return [_method(item, ("method", number), findings) for number, item in enumerate(content)]


def _method(content: object, path: KeyPath, findings: Findings) -> LocatedMethod:
    parts: dict[str, object] = {}
    if isinstance(content, dict):
        parts = {key: content[key] for key in _METHOD_PARTS if key in content}
        content = {key: value for key, value in content.items() if key not in _METHOD_PARTS}
    return LocatedMethod(
        read_table(MethodTable, content, path, findings),
        read_tables(ArgumentTable, parts.get("argument", []), (*path, "argument"), findings),
        read_tables(OutputTable, parts.get("output", []), (*path, "output"), findings),
    )


def _pictures(content: object, findings: Findings) -> list[LocatedPicture]:
    if not isinstance(content, list):
        findings.error(("picture",), "`picture` is not an array of tables: begin each of them with [[picture]]")
        return []
    return [_picture(item, ("picture", number), findings) for number, item in enumerate(content)]


def _picture(content: object, path: KeyPath, findings: Findings) -> LocatedPicture:
    found = read_picture(PictureTable, content, path, findings)
    return replace(found, id=found.located.table.id)


def read_picture(
    kind: type[PictureTable], content: object, path: KeyPath, findings: Findings, *, id_: str = ""
) -> LocatedPicture:
    """Return a picture with its parts; `kind`: its head's table, `path`: () where it is a file of its own."""
    parts: dict[str, object] = {}
    if isinstance(content, dict):
        parts = {key: content[key] for key in PICTURE_PARTS if key in content}
        content = {key: value for key, value in content.items() if key not in PICTURE_PARTS}
        _report_misspelt(content, path, findings)
    return LocatedPicture(
        id_,
        read_table(kind, content, path, findings),
        read_tables(SymbolTable, parts.get("symbol", []), (*path, "symbol"), findings),
        read_tables(PipeTable, parts.get("pipe", []), (*path, "pipe"), findings),
        read_tables(ReadoutTable, parts.get("readout", []), (*path, "readout"), findings),
    )


def _report_misspelt(content: dict[str, object], path: KeyPath, findings: Findings) -> None:
    """Note headers that were to be those of a picture's parts, and take them out."""
    for key, value in list(content.items()):
        meant = difflib.get_close_matches(key, PICTURE_PARTS, n=1)
        if meant and isinstance(value, list | dict):
            header = ".".join([*(part for part in path if isinstance(part, str)), meant[0]])
            findings.error((*path, key), f"`{key}` is not a part of a picture: write [[{header}]]")
            del content[key]
