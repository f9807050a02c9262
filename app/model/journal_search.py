"""What somebody looks for in the alarm journal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.model.alarm import AlarmEvent, Priority
from app.model.former_name import Meant


@dataclass(frozen=True, slots=True)
class JournalSearch:
    """What is looked for; what is empty or 0 leaves out nothing.

    `text`: in message, tag, equipment or the alarm's id, in either language. `person`: in the name of who did something
    or in what was said to it. `equipment`: ids. `start`, `end`: start <= time < end, int64 ns UTC.
    """

    text: str = ""
    meant: Meant = Meant()  # noqa: RUF009 - a frozen value
    person: str = ""
    priorities: frozenset[Priority] = frozenset()
    events: frozenset[AlarmEvent] = frozenset()
    equipment: frozenset[str] = frozenset()
    start: int = 0
    end: int = 0

    def until(self, instant: int) -> JournalSearch:
        """Return the same search among what was up to an instant, int64 ns UTC."""
        return replace(self, end=min(self.end or instant + 1, instant + 1))
