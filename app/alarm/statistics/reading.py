"""The figures of a plant's alarm journal: once over any stretch of time, and again and again for a live page."""

from __future__ import annotations

from collections.abc import Sequence

from app.alarm.statistics.definitions import HOUR_NS, PERIOD_NS, Definitions
from app.alarm.statistics.figures import AlarmFigures
from app.alarm.statistics.journal import AlarmCodes, active_before, read_lines
from app.alarm.statistics.tally import AlarmTally
from app.database import PlantConnection

_LATEST_NS = 2 * PERIOD_NS
"""Lines may be written so much later than the instants they tell; what is older is counted once and for all."""


def read_figures(
    connection: PlantConnection,
    start: int,
    end: int,
    *,
    equipment: Sequence[str] = (),
    definitions: Definitions | None = None,
) -> AlarmFigures:
    """Return the figures of start <= t < end (ns UTC); `equipment`: of one operator position, all where empty.

    Raise ValueError where the time ends before it begins, DatabaseError where the file cannot be read.
    """
    codes = AlarmCodes()
    tally = _begun(connection, codes, start, equipment, definitions)
    for lines in read_lines(connection, codes, start, end, equipment=equipment):
        tally.take(lines)
    return tally.figures(end)


class LiveFigures:
    """The figures of the newest `length` ns, told again while the journal grows.

    What is older than some minutes is counted once and kept; each question reads only the lines since. The stretch
    begins at a full period of ten minutes, and moves on with each full hour. A question about an earlier instant than
    the one before, as a replay asks, counts anew.
    """

    def __init__(self, length: int, *, equipment: Sequence[str] = (), definitions: Definitions | None = None) -> None:
        self._length = length
        self._equipment = tuple(equipment)
        self._definitions = definitions
        self._codes = AlarmCodes()
        self._tally: AlarmTally | None = None
        self._start = 0
        self._counted = 0

    def at(self, connection: PlantConnection, now: int) -> AlarmFigures:
        """Return the figures up to `now` (ns UTC)."""
        start = (now - self._length) // PERIOD_NS * PERIOD_NS
        if self._tally is None or not 0 <= start - self._start < HOUR_NS or now < self._counted:
            self._codes = AlarmCodes()
            self._start = self._counted = start
            self._tally = _begun(connection, self._codes, start, self._equipment, self._definitions)
        settled = max(self._counted, (now - _LATEST_NS) // PERIOD_NS * PERIOD_NS)
        for lines in read_lines(connection, self._codes, self._counted, settled, equipment=self._equipment):
            self._tally.take(lines)
        self._counted = settled
        newest = self._tally.copied()
        for lines in read_lines(connection, self._codes, settled, now, equipment=self._equipment):
            newest.take(lines)
        return newest.figures(now)


def _begun(
    connection: PlantConnection,
    codes: AlarmCodes,
    start: int,
    equipment: Sequence[str],
    definitions: Definitions | None,
) -> AlarmTally:
    tally = AlarmTally(start, codes, definitions)
    tally.take(active_before(connection, codes, start, equipment=equipment))
    return tally
