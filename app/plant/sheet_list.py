"""The rationalisation sheets of a plant as the rows of a spreadsheet, and what an edited spreadsheet would change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.model.alarm import AlarmDefinition, Priority
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.problem import Problem
from app.plant.sheet_assembly import inherited_sheet, sheet_of
from app.plant.sheet_check import is_date

Row = Mapping[str, str]
_TEXTS = ("cause", "consequence", "response", "owner")
_PLAIN = ("severity", "respond_within_min", "approved_by", "approved_on", "version")
EDITED = (
    "priority",
    *(f"{name}_{language}" for name in _TEXTS for language in ("en", "zh")),
    *_PLAIN,
)
"""Columns that are taken back."""
COLUMNS = ("alarm", "message_en", "message_zh", "tag", "condition", "limit", "matrix_priority", *EDITED)
"""All columns; those that are not EDITED only help whoever fills it in."""


@dataclass(frozen=True, slots=True)
class SheetChange:
    """One key of one alarm that would change; `key`: as in the plant file, such as "sheet.cause"."""

    line: int
    alarm: str
    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """What a spreadsheet would change; with `problems` nothing is taken over. `missing`: alarms it does not name."""

    changes: tuple[SheetChange, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]

    def by_alarm(self) -> dict[str, dict[str, object]]:
        """Return the new values by alarm and key."""
        found: dict[str, dict[str, object]] = {}
        for change in self.changes:
            found.setdefault(change.alarm, {})[change.key] = change.after
        return found


def sheet_rows(plant: Plant) -> Iterator[dict[str, str]]:
    """Yield the row of each alarm, with what it inherits."""
    for alarm in plant.alarms:
        sheet = sheet_of(plant, alarm)
        wanted = plant.alarm_matrix.priority(sheet)
        yield {
            "alarm": alarm.id,
            "message_en": alarm.message.en,
            "message_zh": alarm.message.zh,
            "tag": alarm.tag,
            "condition": alarm.condition.value,
            "limit": "" if math.isnan(alarm.limit) else f"{alarm.limit:g}",
            "matrix_priority": "" if wanted is None else str(int(wanted)),
            "priority": str(int(alarm.priority)),
            **_cells(sheet),
        }


def _cells(sheet: AlarmSheet) -> dict[str, str]:
    texts = {
        f"{name}_{language}": getattr(getattr(sheet, name), language) for name in _TEXTS for language in ("en", "zh")
    }
    minutes = sheet.respond_within_min
    return {
        **texts,
        "severity": "" if sheet.severity is None else sheet.severity.value,
        "respond_within_min": "" if minutes is None else f"{minutes:g}",
        "approved_by": sheet.approved_by,
        "approved_on": sheet.approved_on,
        "version": str(sheet.version) if sheet.version else "",
    }


def sheet_difference(plant: Plant, rows: Sequence[tuple[int, Row]]) -> SheetDifference:
    """Return what `rows` (with their lines) would change.

    A cell that says what the alarm inherits is no change; an empty one takes the alarm's own word away, so that it
    inherits again. A column that is not there changes nothing.
    """
    alarms = {alarm.id: alarm for alarm in plant.alarms}
    seen: dict[str, int] = {}
    changes: list[SheetChange] = []
    problems: list[Problem] = []
    for line, row in rows:
        name = row.get("alarm", "").strip()
        if not name and not any(cell.strip() for cell in row.values()):
            continue
        if name not in alarms:
            problems.append(Problem(line, f'alarm "{name}": no such alarm in the plant: correct its id'))
        elif name in seen:
            problems.append(Problem(line, f'alarm "{name}" stands already in line {seen[name]}: remove one of them'))
        else:
            seen[name] = line
            reading = _Reading(line, row, alarms[name], inherited_sheet(plant, alarms[name]))
            changes += reading.changes()
            problems += reading.problems
    return SheetDifference(tuple(changes), tuple(problems), tuple(name for name in alarms if name not in seen))


class _Reading:
    """One row beside the alarm that it is about."""

    def __init__(self, line: int, row: Row, alarm: AlarmDefinition, inherited: AlarmSheet) -> None:
        self.problems: list[Problem] = []
        self._line, self._row, self._alarm, self._inherited = line, row, alarm, inherited

    def changes(self) -> list[SheetChange]:
        """Return what changes; what cannot be understood is added to `problems`."""
        found = [self._priority()] if "priority" in self._row else []
        found += [self._text(name) for name in _TEXTS if f"{name}_en" in self._row or f"{name}_zh" in self._row]
        found += [self._plain(name) for name in _PLAIN if name in self._row]
        return [change for change in found if change is not None]

    def _cell(self, name: str) -> str:
        return self._row.get(name, "").strip()

    def _refuse(self, message: str) -> None:
        self.problems.append(Problem(self._line, f"{self._alarm.id}: {message}"))

    def _priority(self) -> SheetChange | None:
        text, before = self._cell("priority"), self._alarm.priority
        try:
            after = Priority(int(float(text)))
        except ValueError:
            self._refuse(f'priority "{text}": write 1, 2, 3 or 4')
            return None
        return None if after == before else self._change("priority", int(before), int(after))

    def _text(self, name: str) -> SheetChange | None:
        whole = getattr(self._alarm.sheet.over(self._inherited), name)
        english = self._cell(f"{name}_en") if f"{name}_en" in self._row else whole.en
        chinese = self._cell(f"{name}_zh") if f"{name}_zh" in self._row else whole.zh
        if chinese and not english:
            self._refuse(f"{name} is in Chinese only: write {name}_en too")
            return None
        return self._own(name, LocalText(english, chinese))

    def _plain(self, name: str) -> SheetChange | None:
        text = self._cell(name)
        value: object = text
        if name == "severity":
            if text and text not in list(Severity):
                self._refuse(f'severity "{text}": write {", ".join(Severity)}, or nothing')
                return None
            value = Severity(text) if text else None
        elif name in {"respond_within_min", "version"}:
            number = _number(text)
            least = 0 if name == "version" else math.ulp(0.0)
            if number is None or (text and not number >= least) or (name == "version" and number % 1):
                self._refuse(f'{name} "{text}": write a {"whole number" if name == "version" else "number above 0"}')
                return None
            value = int(number) if name == "version" else number if text else None
        elif name == "approved_on" and text and not is_date(text):
            self._refuse(f'approved_on "{text}": write it as 2026-03-09')
            return None
        return self._own(name, value)

    def _own(self, name: str, wanted: object) -> SheetChange | None:
        """Return the change after which the alarm has `wanted`, by its own word or by what it inherits."""
        own, nothing = getattr(self._alarm.sheet, name), getattr(AlarmSheet(), name)
        inherited = getattr(self._inherited, name)
        if wanted == getattr(self._alarm.sheet.over(self._inherited), name):
            return None
        after = nothing if wanted in {inherited, nothing} else wanted
        return None if after == own else self._change(f"sheet.{name}", own, None if after == nothing else after)

    def _change(self, key: str, before: object, after: object) -> SheetChange:
        return SheetChange(self._line, self._alarm.id, key, before, after)


def _number(text: str) -> float | None:
    """Return a finite number, 0 for nothing, None where it is none."""
    try:
        number = float(text) if text else 0.0
    except ValueError:
        return None
    return number if math.isfinite(number) else None
