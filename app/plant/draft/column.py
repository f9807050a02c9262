"""Columns of the sheets of a plant file: which key of a table each shows, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from app.model.alarm import ConditionKind
from app.model.alarm_sheet import Severity
from app.model.equipment import EquipmentLevel
from app.model.role import Role
from app.model.tag import TagKind
from app.model.vibration import ACCELERATIONS, VELOCITIES
from app.plant.word import CONDITIONS, ValueType


class Form(Enum):
    """What may stand in a cell; FREE is any value of TOML, or a text without quotes.

    LIST, NUMBERS: texts or numbers with commas between; STATES: numbers with what they mean, such as "0 Stopped, 1
    Running". All three may be written as in the plant file too.
    """

    TEXT = auto()
    NUMBER = auto()
    WHOLE = auto()
    CHOICE = auto()
    SWITCH = auto()
    FREE = auto()
    LIST = auto()
    NUMBERS = auto()
    STATES = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the `key` of the table, and which `part` of its value, where that has several.

    `part`: 0 or 1, an end of an interval; "en" or "zh", a language; else a key of a table below, with a language
    behind a dot where a text stands there: "response.en".
    """

    key: str
    part: int | str = ""
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the column is called in a spreadsheet."""
        return f"{self.key}.{self.part}" if self.part != "" else self.key


_BEARING = ("balls", "ball_mm", "pitch_mm", "contact_deg", "bpfo", "bpfi", "bsf", "ftf")
SINGLES = ("report", "plant", "history", "collector", "alarms", "alarm_matrix", "maintenance")
"""The kinds of table that a plant file has but one of; a sheet of them has one row."""
OPTION = "+"
"""The column of a connection in which options of its driver are given that have no column yet."""


def _interval(key: str) -> tuple[Column, Column]:
    return Column(key, 0, Form.NUMBER), Column(key, 1, Form.NUMBER)


def _texts(key: str) -> tuple[Column, Column]:
    return Column(key, "en"), Column(key, "zh")


_SHEET = (
    *(Column("sheet", f"{key}.{each}") for key in ("response", "consequence", "cause") for each in ("en", "zh")),
    Column("sheet", "severity", Form.CHOICE, tuple(Severity)),
    Column("sheet", "respond_within_min", Form.NUMBER),
    Column("sheet", "owner.en"),
    Column("sheet", "owner.zh"),
    Column("sheet", "approved_by"),
    Column("sheet", "approved_on"),
    Column("sheet", "version", Form.WHOLE),
)
"""Why an alarm exists and what its operator does."""

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "tag": (
        Column("name"),
        Column("equipment"),
        *_texts("title"),
        Column("connection"),
        Column("address"),
        Column("unit"),
        *_interval("range"),
        Column("decimals", form=Form.WHOLE),
        Column("type", form=Form.CHOICE, choices=tuple(ValueType)),
        Column("kind", form=Form.CHOICE, choices=tuple(TagKind)),
        Column("scan_ms", form=Form.WHOLE),
        Column("gain", form=Form.NUMBER),
        Column("offset", form=Form.NUMBER),
        *_interval("normal"),
        Column("clean", "spike", Form.NUMBER),
        Column("clean", "stuck_s", Form.NUMBER),
        Column("clean", "stale_s", Form.NUMBER),
        Column("keep_days", form=Form.NUMBER),
        Column("states", form=Form.STATES),
        Column("write", form=Form.FREE),
        *_interval("raw"),
        *_interval("scaled"),
        Column("width_bits", form=Form.WHOLE),
    ),
    "alarm": (
        Column("id"),
        Column("tag"),
        Column("condition", form=Form.CHOICE, choices=tuple(kind for kind in CONDITIONS)),
        Column("limit", form=Form.NUMBER),
        Column("priority", form=Form.WHOLE),
        *_texts("message"),
        Column("deadband", form=Form.NUMBER),
        Column("on_delay_s", form=Form.NUMBER),
        Column("off_delay_s", form=Form.NUMBER),
        Column("setpoint", form=Form.FREE),
        Column("states", form=Form.NUMBERS),
        Column("expression"),
        Column("equipment"),
        Column("suppress_when"),
        Column("group"),
        Column("latch", form=Form.SWITCH),
        Column("alarm_class"),
        *_SHEET,
        Column("forecast"),
        Column("causes", form=Form.LIST),
        Column("suppress_by_cause", form=Form.SWITCH),
        Column("suppress_after_s", form=Form.NUMBER),
        Column("longest_shelf_min", form=Form.NUMBER),
    ),
    "equipment": (
        Column("id"),
        *_texts("name"),
        Column("level", form=Form.CHOICE, choices=tuple(EquipmentLevel)),
        Column("parent"),
        Column("kind"),
        Column("class"),
        Column("omit", form=Form.LIST),
        *(Column("nameplate", key) for key in ("maker", "model", "serial", "rating", "commissioned", "overhauled")),
        Column("nameplate", "meter"),
        Column("nameplate", "spares", Form.LIST),
    ),
    "equipment_class": (
        Column("id"),
        *_texts("name"),
        Column("kind"),
        Column("parameters", form=Form.LIST),
        Column("defaults", form=Form.FREE),
    ),
    "connection": (
        Column("name"),
        Column("driver"),
        Column("url"),
        Column("group"),
        Column("backfill", form=Form.SWITCH),
        Column("alarms", form=Form.SWITCH),
        Column(OPTION, form=Form.FREE),
    ),
    "forecast": (
        Column("id"),
        Column("equipment"),
        Column("tag"),
        Column("limit", form=Form.NUMBER),
        Column("direction", form=Form.CHOICE, choices=(ConditionKind.HIGH, ConditionKind.LOW)),
        Column("window_h", form=Form.NUMBER),
        Column("horizon_h", form=Form.NUMBER),
        *_texts("cause"),
        *_texts("action"),
    ),
    "maintenance_definition": (
        Column("id"),
        Column("equipment"),
        *_texts("title"),
        Column("every_days", form=Form.NUMBER),
        Column("first_due"),
        Column("every", form=Form.NUMBER),
        Column("meter"),
        Column("last_at", form=Form.NUMBER),
        Column("fixed", form=Form.SWITCH),
        Column("lead_days", form=Form.NUMBER),
        Column("tolerance_days", form=Form.NUMBER),
        Column("estimated_h", form=Form.NUMBER),
        Column("parts", form=Form.FREE),
        Column("checks", form=Form.FREE),
        Column("renews", form=Form.SWITCH),
    ),
    "spare_part": (Column("id"), *_texts("name"), Column("place")),
    "planned_stop": (
        Column("id"),
        *_texts("name"),
        Column("start"),
        Column("hours", form=Form.NUMBER),
        Column("every_days", form=Form.NUMBER),
        Column("equipment", form=Form.LIST),
    ),
    "method": (
        Column("name"),
        Column("equipment"),
        *_texts("title"),
        Column("connection"),
        Column("object"),
        Column("method"),
        Column("enabled", form=Form.SWITCH),
        Column("role", form=Form.CHOICE, choices=tuple(Role)),
        *_texts("confirm"),
        Column("argument", form=Form.FREE),
        Column("output", form=Form.FREE),
        Column("interlocks", form=Form.LIST),
        Column("state", form=Form.FREE),
        Column("timeout_s", form=Form.NUMBER),
        Column("expiry_s", form=Form.NUMBER),
        Column("select_s", form=Form.NUMBER),
    ),
    "measuring_point": (
        Column("id"),
        Column("equipment"),
        *_texts("name"),
        Column("connection"),
        Column("address"),
        Column("unit", form=Form.CHOICE, choices=(*ACCELERATIONS, *VELOCITIES)),
        Column("rate_hz", form=Form.NUMBER),
        Column("gain", form=Form.NUMBER),
        Column("speed"),
        Column("rated_rpm", form=Form.NUMBER),
        Column("level"),
        Column("every_h", form=Form.NUMBER),
        Column("keep_days", form=Form.NUMBER),
        Column("zones"),
        *_interval("band"),
        Column("bearing", "designation"),
        *(Column("bearing", key, Form.NUMBER) for key in _BEARING),
        *(Column(key, form=Form.WHOLE) for key in ("blades", "teeth", "mating_teeth")),
    ),
    "vibration_zones": (
        Column("id"),
        *_texts("machine"),
        *_texts("foundation"),
        Column("limits", form=Form.NUMBERS),
        *_texts("source"),
        Column("example", form=Form.SWITCH),
    ),
    "alarm_class": (
        Column("id"),
        Column("kind"),
        Column("tag"),
        Column("condition", form=Form.CHOICE, choices=tuple(kind for kind in CONDITIONS)),
        *_SHEET,
    ),
    "shift": (
        Column("id"),
        *_texts("name"),
        Column("start"),
        Column("hours", form=Form.NUMBER),
        Column("weekdays", form=Form.NUMBERS),
    ),
    "report": (
        Column("zone"),
        Column("every", form=Form.LIST),
        Column("formats", form=Form.LIST),
        Column("language", form=Form.CHOICE, choices=("en", "zh")),
        Column("folder"),
        Column("tags", form=Form.LIST),
    ),
    "plant": (
        Column("id"),
        *_texts("name"),
        Column("read_only", form=Form.SWITCH),
        Column("time_scale", form=Form.NUMBER),
    ),
    "history": tuple(Column(key, form=Form.NUMBER) for key in ("raw_days", "minute_days", "hour_days")),
    "collector": (Column("worker_memory_mb", form=Form.WHOLE),),
    "alarms": (
        Column("longest_shelf_min", form=Form.NUMBER),
        Column("longest_suppression_h", form=Form.NUMBER),
        Column("longest_out_of_service_d", form=Form.NUMBER),
        *(Column(f"{key}_role", form=Form.CHOICE, choices=tuple(Role)) for key in ("shelve", "suppress", "service")),
    ),
    "alarm_matrix": tuple(Column(key, form=Form.NUMBERS) for key in ("minutes", "minor", "major", "severe")),
    "maintenance": (
        Column("release_role", form=Form.CHOICE, choices=tuple(Role)),
        Column("watch_h", form=Form.NUMBER),
    ),
}
NAMES: Mapping[str, str] = {kind: "" if kind in SINGLES else columns[0].key for kind, columns in COLUMNS.items()}
"""The key by which a table of each kind is known, "" for one that there is but one of."""


def parameter_columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of the parameters that the instances of a class give."""
    return tuple(Column("parameters", name, Form.FREE) for name in names)


def option_columns(tables: Iterable[Mapping[str, object]]) -> tuple[Column, ...]:
    """Return the columns of the options that connections give to their drivers."""
    known = {column.key for column in COLUMNS["connection"]}
    names = dict.fromkeys(key for table in tables for key in table if key not in known)
    return tuple(Column(name, form=Form.FREE) for name in names)
