"""What alarms of a kind have in common, and the priority that the gravity and haste of an alarm ask for."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from app.model.alarm import AlarmDefinition, Priority
from app.model.alarm_sheet import AlarmSheet, Severity


@dataclass(frozen=True, slots=True)
class AlarmClass:
    """What alarms of a kind of equipment have in common.

    An alarm is of it that names it, or that fits all of those given: `kind` of its equipment, `tag`, a pattern such as
    "*.VIB", `condition`. One that gives none of them is only of use by its name.
    """

    id: str
    sheet: AlarmSheet
    kind: str = ""
    tag: str = ""
    condition: str = ""

    def fits(self, alarm: AlarmDefinition, kind: str) -> bool:
        """Return whether an alarm is of this class; `kind`: that of its equipment."""
        if self.id == alarm.alarm_class:
            return True
        asks = [
            (self.kind, kind == self.kind),
            (self.tag, fnmatchcase(alarm.tag, self.tag)),
            (self.condition, alarm.condition == self.condition),
        ]
        given = [fits for wanted, fits in asks if wanted]
        return bool(given) and all(given)


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """The priority by severity and by the time there is to respond.

    `minutes`: rising limits of the columns; the last column is for more time. `rows`: a priority for each column.
    """

    minutes: tuple[float, ...] = (5.0, 15.0, 60.0)
    minor: tuple[Priority, ...] = (Priority.HIGH, Priority.MEDIUM, Priority.MEDIUM, Priority.MEDIUM)
    major: tuple[Priority, ...] = (Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.MEDIUM)
    severe: tuple[Priority, ...] = (Priority.CRITICAL, Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM)

    def priority(self, sheet: AlarmSheet) -> Priority | None:
        """Return the priority that a sheet asks for, None while its severity or time is not known."""
        if sheet.severity is None or sheet.respond_within_min is None:
            return None
        row = {Severity.MINOR: self.minor, Severity.MAJOR: self.major, Severity.SEVERE: self.severe}[sheet.severity]
        return row[sum(sheet.respond_within_min > limit for limit in self.minutes)]
