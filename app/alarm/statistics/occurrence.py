"""The occurrences of alarms out of the lines of the journal: when each came, went and was acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from app.alarm.statistics.definitions import Definitions
from app.alarm.statistics.journal import JournalLines
from app.model.clock import NS_PER_S


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences as columns of shape (n,), ordered by alarm and then by `raised`; times int64 ns UTC, 0 where none.

    `is_raise`: it came before the operator in the stretch that is looked at. `is_shown`: it was active and not hidden.
    `is_counted`: its coming has been told. `is_chatter`: it is one of several in a short time.
    """

    alarm: NDArray[np.int64]
    raised: NDArray[np.int64]
    returned: NDArray[np.int64]
    acknowledged: NDArray[np.int64]
    priority: NDArray[np.int64]
    is_raise: NDArray[np.bool_]
    is_shown: NDArray[np.bool_]
    is_counted: NDArray[np.bool_]
    is_chatter: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.alarm)

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Occurrences:
        """Return some of them."""
        return Occurrences(*(getattr(self, field.name)[chosen] for field in fields(self)))


class OccurrenceStream:
    """Takes lines in the order of their times; gives each occurrence once it is clear what became of it.

    The newest `chatter_count` - 1 occurrences of each alarm wait, since the next ones decide whether they chatter. So
    what is held does not grow with the journal, only with the number of alarms.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._count = definitions.chatter_count
        self._within = round(definitions.chatter_s * NS_PER_S)
        self._waiting = _of_lines(_NO_LINES)

    def take(self, lines: JournalLines) -> tuple[Occurrences, Occurrences]:
        """Return the occurrences that came with these lines, in the order of their times, and those that are complete.

        Of the former, only that they came is certain.
        """
        merged = self._merged(_of_lines(lines))
        new = np.flatnonzero(merged.is_raise & ~merged.is_counted)
        came = merged.rows(new[np.argsort(merged.raised[new], kind="stable")])
        merged.is_counted[new] = True
        has_newer = _behind(merged.alarm, np.ones(len(merged), np.bool_)) > 0
        is_done = (_behind(merged.alarm, merged.is_raise) >= self._count - 1) | (~merged.is_raise & has_newer)
        self._waiting = merged.rows(~is_done)
        return came, merged.rows(is_done)

    def rest(self) -> Occurrences:
        """Return what waits: the newest occurrences of each alarm, as far as they are known."""
        return self._waiting

    def _merged(self, fresh: Occurrences) -> Occurrences:
        """Return one row per occurrence, of those that wait and those in `fresh`."""
        together = Occurrences(
            *(
                np.concatenate((getattr(self._waiting, field.name), getattr(fresh, field.name)))
                for field in fields(Occurrences)
            )
        )
        if not len(together):
            return together
        ordered = together.rows(np.lexsort((together.raised, together.alarm)))
        is_first = np.ones(len(ordered), np.bool_)
        is_first[1:] = (np.diff(ordered.alarm) != 0) | (np.diff(ordered.raised) != 0)
        first = np.flatnonzero(is_first)
        found = Occurrences(
            ordered.alarm[first],
            ordered.raised[first],
            np.maximum.reduceat(ordered.returned, first),
            np.maximum.reduceat(ordered.acknowledged, first),
            ordered.priority[first],
            *(
                np.logical_or.reduceat(column, first)
                for column in (ordered.is_raise, ordered.is_shown, ordered.is_counted, ordered.is_chatter)
            ),
        )
        self._mark_chatter(found)
        return found

    def _mark_chatter(self, found: Occurrences) -> None:
        """Mark those that came before the operator so often within so short a time."""
        raises = np.flatnonzero(found.is_raise)
        reach = self._count - 1
        if len(raises) <= reach:
            return
        first, last = raises[:-reach], raises[reach:]
        is_run = (found.alarm[first] == found.alarm[last]) & (found.raised[last] - found.raised[first] <= self._within)
        begins = np.flatnonzero(is_run)
        for step in range(self._count):
            found.is_chatter[raises[begins + step]] = True


def _behind(alarm: NDArray[np.int64], fact: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return of how many rows of the same alarm that stand behind each one `fact` is true; `alarm` is sorted."""
    up_to = np.concatenate(([0], np.cumsum(fact)))
    last = np.searchsorted(alarm, alarm, side="right")
    return np.asarray(up_to[last] - up_to[1:], np.int64)


def _of_lines(lines: JournalLines) -> Occurrences:
    has_come = lines.raised > 0
    count = int(has_come.sum())
    returned = lines.returned[has_come]
    raised = lines.raised[has_come]
    return Occurrences(
        lines.alarm[has_come],
        raised,
        np.where(returned >= raised, returned, 0),
        lines.acknowledged[has_come],
        lines.priority[has_come],
        lines.is_raise[has_come],
        lines.is_shown[has_come],
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
    )


_NO_NUMBERS = np.empty(0, np.int64)
_NO_FACTS = np.empty(0, np.bool_)
_NO_LINES = JournalLines(
    _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_FACTS, _NO_FACTS
)
