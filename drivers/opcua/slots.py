"""The tags of a subscription by the client handles under which their values come: a Block is made without a loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.model import clock
from app.model.block import Block, HandleArray, ValueArray
from app.model.exact import DataType
from drivers.driver import TagSpec
from drivers.opcua.notification import Changes
from drivers.opcua.part import PREFIX
from drivers.typed_value import with_types

_FIRST_ROOM = 64

Shape = Callable[[TagSpec, object], object]


class Slots:
    """Client handles 0, 1, 2 ... as tags are added; one is never used again, so that a late value finds nobody.

    `rounded`: addresses of tags that have had whole numbers of which their float64 may not hold all digits.
    """

    def __init__(self, tags: Sequence[TagSpec] = (), shape: Shape | None = None) -> None:
        """Begin with `tags` under 0, 1, 2 ..., which need not differ; `shape` makes what tags show of raw values."""
        self._shape = shape
        self.is_exact = False
        self._tags: list[TagSpec | None] = []
        self._slot_of: dict[int, int] = {}
        self._handle = np.zeros(_FIRST_ROOM, np.uint32)
        self._gain = np.ones(_FIRST_ROOM)
        self._offset = np.zeros(_FIRST_ROOM)
        self._is_used = np.zeros(_FIRST_ROOM, np.bool_)
        self._all_used = True
        self._is_scaled = False
        self._free: list[int] = []
        self.rounded: dict[str, None] = {}
        for tag in tags:
            self._put(self._next(), tag)

    def __len__(self) -> int:
        """Return the number of tags."""
        return len(self._slot_of)

    def add(self, tag: TagSpec) -> int:
        """Return the client handle under which a tag's values are to come."""
        self.remove(tag.handle)
        slot = self._free.pop() if self._free else self._next()
        self._put(slot, tag)
        return slot

    def refuse(self, handle: int) -> None:
        """Forget a tag whose values have never come and will not, so that its client handle may be used again."""
        slot = self._slot_of.get(handle)
        self.remove(handle)
        if slot is not None:
            self._free.append(slot)

    def _next(self) -> int:
        slot = len(self._tags)
        if slot == len(self._handle):
            self._grow()
        self._tags.append(None)
        return slot

    def _put(self, slot: int, tag: TagSpec) -> None:
        self._tags[slot] = tag
        self._slot_of[tag.handle] = slot
        self._handle[slot], self._gain[slot], self._offset[slot] = tag.handle, tag.gain, tag.offset
        self._is_used[slot] = True
        self._is_scaled |= tag.gain != 1.0 or tag.offset != 0.0
        self.is_exact |= tag.data_type is not DataType.FLOAT64 or tag.address.startswith(PREFIX)

    def remove(self, handle: int) -> None:
        """Forget a tag; an unknown handle is passed over."""
        slot = self._slot_of.pop(handle, None)
        if slot is not None:
            self._tags[slot] = None
            self._is_used[slot] = False
            self._all_used = False

    def block_of(self, changes: Changes, *, skew_ns: int) -> Block:
        """Return changes as a Block of scaled values, without those of tags that are gone."""
        changes = self._of_tags(changes)
        slots = changes.handle
        if changes.rounded is not None:
            self._note_rounded(slots[changes.rounded])
        value = changes.value
        if self._is_scaled:
            value = value * self._gain[slots] + self._offset[slots]
        block = _block(self._handle[slots], changes, value, skew_ns=skew_ns)
        if changes.raw is None:
            return block
        tags = [tag for tag in map(self._tags.__getitem__, slots.tolist()) if tag is not None]
        raw = changes.raw.tolist()
        if self._shape is not None:
            raw = [self._shape(tag, each) for tag, each in zip(tags, raw, strict=True)]
        return with_types(block, tags, raw, changes.status)

    def _note_rounded(self, slots: HandleArray) -> None:
        for slot in slots.tolist():
            tag = self._tags[slot]
            if tag is not None and tag.data_type is DataType.FLOAT64 and not tag.address.startswith(PREFIX):
                self.rounded[tag.address] = None

    def _of_tags(self, changes: Changes) -> Changes:
        slots = changes.handle
        known = len(self._tags)
        if len(slots) and (not self._all_used or int(np.maximum.reduce(slots)) >= known):
            is_known = slots < known
            is_known[is_known] = self._is_used[slots[is_known]]
            if not is_known.all():
                return changes.select(is_known)
        return changes

    def _grow(self) -> None:
        self._handle, self._gain, self._offset, self._is_used = (
            np.concatenate([column, np.zeros_like(column)])
            for column in (self._handle, self._gain, self._offset, self._is_used)
        )


def _block(handle: HandleArray, changes: Changes, value: ValueArray, *, skew_ns: int) -> Block:
    """Return a Block; a missing time becomes that of receipt, `skew_ns` is taken off the others."""
    received = clock.now_ns()
    time = changes.time
    receipt = np.empty(len(value), np.int64)
    receipt.fill(received)  # numpy's `full` is Python around this
    if not changes.is_timed and np.count_nonzero(time) < len(time):
        time = np.where(time == 0, received + skew_ns, time)
    return Block(
        handle,
        time - skew_ns if skew_ns else time,
        value,
        changes.status,
        receipt,
    )
