"""In which mode of operation an Equipment is, by its discrete tags, and how long each mode was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import ValueArray
from app.model.tag import TagDefinition

Mask = NDArray[np.bool_]

_BUSY_ROWS = 12
_RESTLESS_ROWS = 96
_MOST_SEEN = 64


@dataclass(frozen=True, slots=True)
class ModesState:
    """What `OperatingModes` knows; arrays of shape (m,) over the discrete tags."""

    present: ValueArray
    is_quiet: Mask
    is_busy: Mask
    flips: ValueArray
    seen: dict[bytes, int]


class OperatingModes:
    """The values of the discrete tags, but for those that switch all the time, as LOAD does at night: no row settles.

    `present`: the newest values, shape (m,), NaN where a tag has said nothing yet.
    """

    def __init__(self, count: int) -> None:
        """Begin without a past, for so many discrete tags."""
        self.present: ValueArray = np.full(count, np.nan)
        self._is_quiet: Mask = np.ones(count, np.bool_)
        self._is_busy: Mask = np.zeros(count, np.bool_)
        self._flips: ValueArray = np.zeros(count)
        self._seen: dict[bytes, int] = {}

    def take(self, modes: ValueArray) -> tuple[bool, bool]:
        """Take the values of a row (NaN: none); return whether the mode, and whether what counts as one, is another.

        A tag that changes more often than every twelfth row, over some hundred rows, is no mode from then on.
        """
        modes = np.where(np.isnan(modes), self.present, modes)
        is_other_kind = len(modes) > 0 and self._note_changes(modes)
        is_new = self.key_of(modes) != self.key
        self.present = modes
        return is_new, is_other_kind

    def _note_changes(self, modes: ValueArray) -> bool:
        self._flips *= 1.0 - 1.0 / _RESTLESS_ROWS
        self._flips += (modes != self.present) & ~np.isnan(self.present)
        is_busy = self._flips * _BUSY_ROWS > _RESTLESS_ROWS
        if not np.any(is_busy & ~self._is_busy):
            return False
        self._is_busy |= is_busy
        return True

    def sort_out(self, past: ValueArray) -> bool:
        """Judge by past rows, shape (n, m), which tags are modes; return whether others are than before."""
        changes = np.count_nonzero(np.diff(past, axis=0), axis=0)
        is_quiet = (changes * _BUSY_ROWS <= len(past)) & ~self._is_busy
        is_other = not np.array_equal(is_quiet, self._is_quiet)
        self._is_quiet = is_quiet
        return is_other

    @property
    def key(self) -> bytes:
        """Return the present mode."""
        return self.key_of(self.present)

    def named(self, tags: Sequence[TagDefinition]) -> tuple[tuple[str, float], ...]:
        """Return the present mode as those of its `tags`, m of them, that tell modes apart, and their values."""
        columns: list[int] = np.flatnonzero(self._is_quiet & ~np.isnan(self.present)).tolist()
        return tuple((tags[column].name, float(self.present[column])) for column in columns)

    def key_of(self, modes: ValueArray) -> bytes:
        """Return the mode of a row of values, shape (m,)."""
        return modes[self._is_quiet].tobytes()

    def is_present(self, past: ValueArray) -> Mask:
        """Return which past rows, shape (n, m), were of the present mode, shape (n,)."""
        here, there = self.present[self._is_quiet], past[:, self._is_quiet]
        return np.asarray(np.all((there == here) | (np.isnan(there) & np.isnan(here)), axis=1))

    def note_seen(self) -> None:
        """Count a row of the present mode; of more modes than can be kept none is ever known for sure."""
        whole = self.present.tobytes()
        if whole in self._seen or len(self._seen) < _MOST_SEEN:
            self._seen[whole] = self._seen.get(whole, 0) + 1

    @property
    def rows_of_present(self) -> int:
        """Return how many rows were seen of the present mode, whatever the tags that are no mode said."""
        here = self.key
        return sum(rows for mode, rows in self._seen.items() if self.key_of(np.frombuffer(mode)) == here)

    @property
    def state(self) -> ModesState:
        """Return all that is known, from which `restore` goes on."""
        return ModesState(self.present, self._is_quiet, self._is_busy, self._flips, self._seen)

    def restore(self, state: ModesState) -> None:
        """Go on where a state was taken."""
        self.present, self._is_quiet, self._is_busy = state.present, state.is_quiet, state.is_busy
        self._flips, self._seen = state.flips, state.seen
