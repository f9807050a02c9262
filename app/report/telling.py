"""How a report is told in one language: its words, the names of its plant, and the clock on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.model.handover import Handover, OpenPoint
from app.model.shift import ShiftCalendar
from app.model.text import LocalText
from app.report.cell import wall_time
from app.report.content import ReportContent
from app.report.document import Column

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and in which `language`: "en" or "zh".

    `handover`: with which it was signed, None before; `points`: those that are open.
    """

    content: ReportContent
    calendar: ShiftCalendar
    language: str
    handover: Handover | None = None
    points: tuple[OpenPoint, ...] = ()

    def say(self, english: str, chinese: str) -> str:
        """Return the text in the language that is told in."""
        return chinese if self.language.startswith("zh") else english

    def figure(self, english: str, chinese: str, how: LocalText, *, width: float = 1.0) -> Column:
        """Return a column of numbers with its heading, and how they are calculated."""
        return Column(self.say(english, chinese), is_number=True, width=width, how=self.text(how))

    def text(self, text: LocalText) -> str:
        """Return a name or message of the plant."""
        return text.in_language(self.language)

    def word(self, texts: Mapping[Key, LocalText], key: Key) -> str:
        """Return what a word of the file means, the word itself where that is not known."""
        found = texts.get(key)
        return str(key) if found is None else self.text(found)

    def name(self, equipment: str) -> str:
        """Return what an equipment is called."""
        found = self.content.names.get(equipment)
        return equipment if found is None else self.text(found)

    def clock(self, time: int) -> str:
        """Return an instant (ns UTC) as the clock on the wall showed it, to the minute."""
        return wall_time(time, self.calendar).strftime("%Y-%m-%d %H:%M")
