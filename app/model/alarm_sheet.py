"""Why an alarm exists and what its operator does: the sheet that ISA-18.2 and IEC 62682 ask for (rationalisation)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.model.text import LocalText

NO_TEXT = LocalText("")


class Severity(StrEnum):
    """How grave it is if nobody responds: to people, surroundings, or production, whichever is worst."""

    MINOR = "minor"
    MAJOR = "major"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class AlarmSheet:
    """One alarm's rationalisation; what is not known is at its default.

    `cause`: what it usually comes of. `consequence`: what happens if nobody responds, and how grave that is
    (`severity`). `response`: what the operator does. `respond_within_min`: how many minutes there are for it.
    `owner`: who answers for the alarm. `approved_by`, `approved_on` (ISO 8601 date), `version`: of this sheet.
    """

    cause: LocalText = NO_TEXT
    consequence: LocalText = NO_TEXT
    response: LocalText = NO_TEXT
    severity: Severity | None = None
    respond_within_min: float | None = None
    owner: LocalText = NO_TEXT
    approved_by: str = ""
    approved_on: str = ""
    version: int = 0

    def over(self, inherited: AlarmSheet) -> AlarmSheet:
        """Return this sheet with what it leaves open taken from `inherited`."""
        default = AlarmSheet()
        own = {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) != getattr(default, field.name)
        }
        return replace(inherited, **own)
