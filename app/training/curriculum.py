"""When the station learns by itself: which Equipment is due for a new model of its health, and from which time.

The first lesson comes once a week of the plant's own time was recorded, the next one a month after a model was taken, a
week after one that was not, and a week after maintenance has renewed the Equipment: what was before is another machine.
"""

from __future__ import annotations

from pathlib import Path

from app.learning import store
from app.learning.refusal import ModelRefused
from app.maintenance.store import renewals
from app.model.clock import NS_PER_S
from app.model.learned_model import ModelKind, ModelRecord, ModelState
from app.training.lesson import Lesson, School
from app.training.subject import signals_of

STATION = "station"
"""The author of models that nobody asked for."""
LEAST_H, LONGEST_H = 7 * 24.0, 14 * 24.0
"""So much is recorded before a lesson, and so much at the most is learned from and tried on."""
AGAIN_H, RETRY_H = 30 * 24.0, 7 * 24.0
PERIOD_S = 60.0
"""From row to row, of the plant's own time; longer where a tag is scanned less often."""
LEARNED_SHARE = 0.6
"""Of the time; the rest, three days or more, is what the model is tried on: nobody looks at it before it counts."""
_FEWEST_SIGNALS = 2
_SECONDS_PER_HOUR = 3_600.0


class Curriculum:
    """Knows what was tried in vain since the start; all else is read from the plant's file."""

    def __init__(self, folder: Path) -> None:
        """Plan the lessons of the plant in `folder`."""
        self._folder = folder
        self._refused: dict[str, int] = {}

    def refused(self, lesson: Lesson) -> None:
        """Note that a lesson gave no model: its Equipment waits as after one that was not taken."""
        self._refused[lesson.subject] = lesson.end

    def due(self, school: School, now: int) -> Lesson | None:
        """Return the next lesson that is due at `now` (ns UTC), None where there is none; raise DatabaseError."""
        extent = school.reader.extent()
        if extent is None:
            return None
        renewed = renewals(school.connection)
        states, known = store.states_of(school.connection), store.models(school.connection)
        hour = _SECONDS_PER_HOUR / school.plant.time_scale * NS_PER_S
        for equipment in school.plant.equipment:
            since = renewed[equipment.id].time if equipment.id in renewed else 0
            begin = max(extent[0], since, now - round(LONGEST_H * hour))
            tags = _signals(school, equipment.id)
            if now - begin < LEAST_H * hour or len(tags) < _FEWEST_SIGNALS:
                continue
            newest = next((each for each in reversed(known) if _is_of(each, equipment.id)), None)
            if now < self._earliest(equipment.id, newest, states, since=since, hour=hour):
                continue
            end = begin + round(LEARNED_SHARE * (now - begin))
            slowest_ms = max(tag.scan_ms for tag in school.plant.tags if tag.name in tags)
            period_s = max(PERIOD_S / school.plant.time_scale, slowest_ms / 1_000.0)
            return Lesson(
                str(self._folder), ModelKind.EQUIPMENT, equipment.id, is_class=False, begin=begin, end=end,
                period_s=period_s, author=STATION,
            )  # fmt: skip
        return None

    def _earliest(
        self, equipment: str, newest: ModelRecord | None, states: dict[int, ModelState], *, since: int, hour: float
    ) -> int:
        """Return when an Equipment may be learned anew at the earliest, ns UTC."""
        earliest = self._refused.get(equipment, -1) + round(RETRY_H * hour) if equipment in self._refused else 0
        if newest is None or newest.made < since:
            return earliest
        wait = AGAIN_H if states[newest.number] is ModelState.ACTIVE else RETRY_H
        return max(earliest, newest.made + round(wait * hour))


def _signals(school: School, equipment: str) -> tuple[str, ...]:
    try:
        return signals_of(school.plant, equipment).tags
    except ModelRefused:
        return ()


def _is_of(record: ModelRecord, equipment: str) -> bool:
    return record.kind is ModelKind.EQUIPMENT and record.subject == equipment and not record.is_class
