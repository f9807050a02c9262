"""The standing alarms side by side in columns, prepared for being ordered and searched.

An alarm has a slot, the same in every column, as long as it stands. That one changed is noted, and taken when an order
or a filter is asked for the next time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import AlarmRecord
from widgets.feed import Feed
from widgets.model.alarm_column import RANKED_TEXTS, STATE_RANK, Column, Urgency, sort_values, urgency
from widgets.model.alarm_filter import AlarmFilter, AlarmSearch
from widgets.model.searched_texts import SearchedTexts
from widgets.model.text_rank import TextRank
from widgets.translation import language

Slots = NDArray[np.intp]
FEW = 256
"""So many alarms are sooner put where they belong one by one than all ordered anew."""
_NUMBERS = {
    Column.PRIORITY: np.dtype(np.int8),
    Column.STATE: np.dtype(np.int8),
    Column.RAISED: np.dtype(np.int64),
    Column.VALUE: np.dtype(np.float64),
    Column.LIMIT: np.dtype(np.float64),
}


class AlarmIndex:
    """Which of a feed's standing alarms a filter chooses, and their order by urgency or by a column.

    An index is behind its feed until it hears of what changed (`note`).
    """

    def __init__(self, feed: Feed, search: AlarmSearch) -> None:
        self._feed = feed
        self._search = search
        self._wanted = AlarmFilter()
        self._changed: set[str] = set(feed.alarms)
        self._slot_of: dict[str, int] = {}
        self._free: list[int] = []
        self._texts = SearchedTexts()  # of each slot
        self._untold: set[int] = set()  # slots of which that may be another: a flood is seldom searched
        self._records = np.empty(0, object)
        self._alarms = np.empty(0, object)
        self._stands = np.zeros(0, bool)
        self._chosen = np.zeros(0, bool)
        self._waits = np.zeros(0, bool)
        self._numbers = {column: np.zeros(0, kind) for column, kind in _NUMBERS.items()}
        self._names = TextRank()
        self._urgent: Slots = np.zeros(0, np.intp)
        self._told: Slots | None = self._urgent  # what `rows` returned last; None where a slot is another's since then
        self._told_before: Slots | None = None
        self._left: Slots = self._urgent  # what `differences` told to have left
        self._ranks: dict[Column, TextRank] = {}
        self._unranked: dict[Column, set[int]] = {}  # slots whose text may be another than that of their rank
        self._language = language()

    def note(self, alarms: Iterable[str]) -> None:
        """Hear of alarms that came, changed or ended."""
        self._changed.update(alarms)

    def choose(self, wanted: AlarmFilter) -> None:
        """Choose by that filter from now on."""
        self._settle()
        narrows = bool(self._wanted.text) and self._wanted.text in wanted.text and _is_alike(self._wanted, wanted)
        within = self._chosen if narrows else self._stands
        if wanted.text:
            for slot in self._untold:
                self._texts.put(slot, self._search.text(self._records[slot]))
            self._untold.clear()
        self._wanted = wanted
        self._chosen = self._search.chosen(wanted, self._texts, self._records, within)

    def chosen(self) -> dict[str, AlarmRecord]:
        """Return the alarms that are chosen, by their ids."""
        self._settle()
        if self._chosen.sum() == len(self._feed.alarms):
            return dict(self._feed.alarms)  # in a tenth of the time that a hundred thousand take one by one
        return dict(zip(self._alarms[self._chosen].tolist(), self._records[self._chosen].tolist(), strict=True))

    def rows(self, column: Column | None, *, is_descending: bool) -> list[str]:
        """Return the chosen alarms in the order of a column, those alike by urgency; None: by urgency alone."""
        self._settle()
        slots = self._urgent[self._chosen[self._urgent]]
        if column is not None:
            slots = slots[self._order(column, slots, is_descending=is_descending)]
        self._told, self._told_before = slots, self._told
        self._left = slots[:0]
        rows: list[str] = self._alarms[slots].tolist()
        return rows

    def place_of(self, alarm: str) -> int:
        """Return the place of an alarm in what `rows` returned last, with what has left it (`differences`) behind that.

        -1 where it has none.
        """
        slot = self._slot_of.get(alarm)
        if slot is None or self._told is None:
            return -1
        places = np.flatnonzero(self._told == slot)
        if len(places):
            return int(places[0])
        place = int(np.searchsorted(self._left, slot))
        is_left = place < len(self._left) and self._left[place] == slot
        return len(self._told) + place if is_left else -1

    def differences(self) -> tuple[list[str], list[str]] | None:
        """Return which alarms left and which came with the last answer of `rows`; None where one ended since then.

        They are in the order of their slots, side by side in memory: to read a hundred thousand ids that lie anywhere,
        as a comparison of two orders would, takes most of the time of a filter.
        """
        if self._told_before is None or self._told is None:
            return None
        before, after = self._in(self._told_before), self._in(self._told)
        self._left = np.flatnonzero(before & ~after)
        return self._alarms[self._left].tolist(), self._alarms[after & ~before].tolist()

    def _in(self, slots: Slots) -> NDArray[np.bool_]:
        found = np.zeros(len(self._stands), bool)
        found[slots] = True
        return found

    def _order(self, column: Column, slots: Slots, *, is_descending: bool) -> Slots:
        """Return the places in `slots` in the order of a column; what is alike stays in the order it has."""
        if column in RANKED_TEXTS:
            keys = self._ranked(column).of(slots)
        elif column in self._numbers:
            keys = self._numbers[column][slots]
        else:
            values = sort_values(self._feed, column, self._records[slots].tolist())
            order = sorted(range(len(slots)), key=values.__getitem__, reverse=is_descending)
            return np.array(order, np.intp)
        if is_descending and len(keys):
            keys = -keys if keys.dtype.kind == "f" else keys.max() - keys
        return np.argsort(keys, kind="stable")

    def _ranked(self, column: Column) -> TextRank:
        """Return the ranks of a column's texts, up to date and in the present language."""
        if self._language != language():
            self._language = language()
            self._ranks.clear()
        if column not in self._ranks:
            self._ranks[column] = TextRank()
            self._unranked[column] = set(np.flatnonzero(self._stands).tolist())
        slots = np.array(sorted(self._unranked[column]), np.intp)
        if len(slots):
            texts = sort_values(self._feed, column, self._records[slots].tolist())
            self._ranks[column].put(slots, texts, len(self._stands))
            self._unranked[column].clear()
        return self._ranks[column]

    def _settle(self) -> None:
        """Take what changed."""
        if not self._changed:
            return
        changed, self._changed, stands = self._changed, set(), self._feed.alarms
        gone = [self._slot_of.pop(alarm) for alarm in changed if alarm not in stands and alarm in self._slot_of]
        if gone:
            self._told = None
        present = [stands[alarm] for alarm in changed if alarm in stands]
        fresh = [record.alarm for record in present if record.alarm not in self._slot_of]
        self._give_slots(fresh)
        slots = np.array([self._slot_of[record.alarm] for record in present], np.intp)
        moved = self._put(slots, present)
        left = np.array(gone, np.intp)
        self._stands[left] = self._chosen[left] = False
        self._records[left] = None
        for slot in gone:
            self._texts.put(slot, "")
        self._untold.difference_update(gone)
        self._move(moved, left)
        self._free += gone
        for unranked in self._unranked.values():
            unranked.difference_update(gone)
            unranked.update(slots.tolist())

    def _give_slots(self, alarms: Sequence[str]) -> None:
        if not alarms:
            return
        missing = len(alarms) - len(self._free)
        if missing > 0:
            self._make_room(max(missing, len(self._stands) // 4))
        slots = np.array([self._free.pop() for _ in alarms], np.intp)
        self._slot_of.update(zip(alarms, slots.tolist(), strict=True))
        self._alarms[slots] = alarms
        self._names.put(slots, alarms, len(self._stands))

    def _make_room(self, more: int) -> None:
        room = len(self._stands)
        self._free = [*range(room + more - 1, room - 1, -1), *self._free]
        self._texts.make_room(more)
        self._records, self._alarms, self._stands, self._chosen, self._waits = (
            np.concatenate([column, np.zeros(more, column.dtype)])
            for column in (self._records, self._alarms, self._stands, self._chosen, self._waits)
        )
        for column, numbers in self._numbers.items():
            self._numbers[column] = np.concatenate([numbers, np.zeros(more, numbers.dtype)])

    def _put(self, slots: Slots, records: Sequence[AlarmRecord]) -> Slots:
        """Take the present records of alarms; return the slots of those that are not where they stood by urgency."""
        if not records:
            return slots
        passes = self._search.predicate(self._wanted)
        values = {
            Column.PRIORITY: [record.priority for record in records],
            Column.STATE: [STATE_RANK[record.state] for record in records],
            Column.RAISED: [record.raised for record in records],
            Column.VALUE: [record.value for record in records],
            Column.LIMIT: [record.limit for record in records],
        }
        before = self._stands[slots], self._waits[slots], *self._urgency_of(slots)
        for column, told in values.items():
            self._numbers[column][slots] = told
        self._waits[slots] = [record.state.needs_acknowledge for record in records]
        self._stands[slots] = True
        after = self._stands[slots], self._waits[slots], *self._urgency_of(slots)
        self._chosen[slots] = [passes(record) for record in records]
        for slot, record in zip(slots.tolist(), records, strict=True):
            self._records[slot] = record
        self._untold.update(slots.tolist())
        return slots[np.any([old != new for old, new in zip(before, after, strict=True)], axis=0)]

    def _urgency_of(self, slots: Slots) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        return self._numbers[Column.PRIORITY][slots], self._numbers[Column.RAISED][slots]

    def _move(self, moved: Slots, gone: Slots) -> None:
        """Bring slots to their places by urgency."""
        if not len(moved) and not len(gone):
            return
        stays = self._stands.copy()
        stays[moved] = False
        kept = self._urgent[stays[self._urgent]]
        if len(moved) > FEW:
            self._urgent = self._by_urgency(np.concatenate([kept, moved]))
            return
        moved = self._by_urgency(moved)
        places = [bisect_left(kept, urgency(self._records[slot]), key=self._urgency) for slot in moved.tolist()]
        self._urgent = np.insert(kept, places, moved)

    def _urgency(self, slot: int) -> Urgency:
        return urgency(self._records[slot])

    def _by_urgency(self, slots: Slots) -> Slots:
        """Return slots in the order that `urgency` tells."""
        priority, raised = self._urgency_of(slots)
        return slots[np.lexsort((self._names.of(slots), -raised, priority, ~self._waits[slots]))]


def _is_alike(one: AlarmFilter, other: AlarmFilter) -> bool:
    """Return whether two filters differ by their texts at most."""
    return (one.priorities, one.states, one.equipment) == (other.priorities, other.states, other.equipment)
