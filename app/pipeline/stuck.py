"""A stuck sensor: an analog value that does not change in its last bit for longer than the process can stand still."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.pipeline.tag_order import TagOrder

_NEVER = np.iinfo(np.int64).max


class StuckCheck:
    """Knows, of each analog tag, the last value and since when it stands, in source time."""

    def __init__(self, tags: Sequence[TagDefinition]) -> None:
        """Take the spans of `tags` (handle == index); 0 switches the check off."""
        spans = [tag.cleaning.stuck_s if tag.kind is TagKind.ANALOG else 0.0 for tag in tags]
        self._span = np.array([int(span * NS_PER_S) or _NEVER for span in spans], np.int64)
        self._value = np.full(len(tags), np.nan)
        self._since = np.zeros(len(tags), np.int64)

    def find(self, samples: TagOrder) -> NDArray[np.bool_]:
        """Return which samples repeat a value that has stood for the tag's span or longer, shape (n,)."""
        if not len(samples):
            return np.empty(0, np.bool_)
        changes = samples.value != samples.before(samples.value, self._value)
        stood = samples.is_first & ~changes
        began = np.where(stood, self._since[samples.handle], samples.time)
        row = np.where(changes | samples.is_first, np.arange(len(samples)), 0)
        since = began[np.maximum.accumulate(row)]
        self._value[samples.tags] = samples.value[samples.last]
        self._since[samples.tags] = since[samples.last]
        return samples.time - since >= self._span[samples.handle]
