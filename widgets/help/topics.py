"""The chapters of the help, in the order of its contents, and which of them a page or a panel has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.model.alarm import AlarmRecord, ConditionKind
from app.model.collector import ProblemKind
from widgets.translation import tr

CONTENTS, KEYS, FIRST_HOUR, TROUBLE = "contents", "keys", "first-hour", "trouble"
"""`contents` and `keys` are made by the program, all others are files."""


@runtime_checkable
class HasHelp(Protocol):
    """A page of which the help can tell more closely than by its chapter."""

    def help_link(self) -> str:
        """Return where the help tells of what is in view of it."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Some chapters under one name."""

    title: Callable[[], str]
    topics: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part(lambda: tr("To begin with"), (FIRST_HOUR, "signs", KEYS, TROUBLE, "station")),
    Part(
        lambda: tr("The pages"),
        (
            "overview", "equipment", "alarms", "cases", "maintenance", "handover", "vibration", "alarm-performance",
            "audit", "trends", "models", "engineering",
        ),
    ),
    Part(lambda: tr("On every page"), ("explain", "pictures", "write", "panels", "replay", "connections", "columns")),
)  # fmt: skip
TOPICS: tuple[str, ...] = tuple(topic for part in PARTS for topic in part.topics)
ADD_DEVICE, COLUMNS = "connections#add", "columns"
_OF_DIALOGS = {
    "alarm": "alarms#deeds",
    "alarm_performance": "alarm-performance#better",
    "case": "cases#verdict",
    "connection": "connections",
    "control": "write",
    "editor": "engineering#change",
    "engineering": "engineering#more",
    "explain": "explain#sections",
    "handover": "handover",
    "learning": "models#learn",
    "maintenance": "maintenance",
    "picture_editor": "pictures#draw",
    "replay": "replay#begin",
    "start": ADD_DEVICE,
    "trend": "trends#time",
}
"""By the package that a dialog is of."""
_MORE_CLOSELY = {
    "engineering.limits_dialog": "engineering#limits",
    "handover.period_dialog": "handover#past",
    "maintenance.part_dialog": "maintenance#parts",
    "maintenance.request_dialog": "maintenance#request",
    "maintenance.step_dialog": "maintenance#steps",
    "maintenance.stop_dialog": "maintenance#stops",
    "trend.analysis": "trends#more",
}
"""By the module of a dialog."""
_OF_STATION = {
    "connection": f"{TROUBLE}#device",
    "worker": f"{TROUBLE}#device",
    "clock": f"{TROUBLE}#clock",
    "certificate": f"{TROUBLE}#certificate",
    "disk": f"{TROUBLE}#disk",
    "history": f"{TROUBLE}#history",
    "part": "maintenance#parts",
}
"""Of the alarms that the station has about itself: `station/connection/NAME` and so on."""
_OF_COLLECTOR = {
    ProblemKind.DISK: f"{TROUBLE}#disk",
    ProblemKind.HISTORY: f"{TROUBLE}#history",
    ProblemKind.REPORT: f"{TROUBLE}#report",
}
_OF_PANELS = {"alarms": "alarms", "trend": "trends", "values": "panels", "picture": "pictures"}


def topic_of_page(page: str) -> str:
    """Return the chapter of a page by its key; the first one where a page has none."""
    return page if page in TOPICS else FIRST_HOUR


def topic_of_panel(kind: str) -> str:
    """Return the chapter of a kind of panel, "" where that is the page's."""
    return _OF_PANELS.get(kind, "")


def link_of_dialog(module: str) -> str:
    """Return where the help tells of a dialog, by the module of its class; "" for one that is none of ours."""
    home, _, rest = module.partition(".")
    link = _MORE_CLOSELY.get(rest) or _OF_DIALOGS.get(rest.partition(".")[0], "")
    return link if home == "widgets" else ""


def sheet_link(kind: str) -> str:
    """Return where the help tells of the sheet of a kind of the plant file."""
    return f"{COLUMNS}#{kind.replace('_', '-')}"


def trouble_of_alarm(record: AlarmRecord) -> str:
    """Return where the help says what to do about an alarm, "" where only its own sheet can."""
    station, _, rest = record.alarm.partition("/")
    if station == "station":
        return _OF_STATION.get(rest.partition("/")[0], TROUBLE)
    return f"{TROUBLE}#device" if record.condition is ConditionKind.BAD_QUALITY else ""


def trouble_of_collector(kind: ProblemKind | None, *, is_linked: bool) -> str:
    """Return where the help says what to do about what the collector reports, "" where all is well."""
    if not is_linked:
        return f"{TROUBLE}#collector"
    return _OF_COLLECTOR[kind] if kind is not None else ""
