"""A spike: one sample far from the value before it, from which the next one comes back.

A sample that jumps by more than the tag's `spike` from the last accepted value is suspect and is flagged at once:
holding it until its successor is known would delay every value by a scan. If the next sample lies within `spike` of the
suspect, the step was real, and it is accepted; so a real step costs one flagged sample.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.model.tag import TagDefinition, TagKind
from app.pipeline.tag_order import TagOrder


class SpikeCheck:
    """Knows, of each analog tag, the last accepted value and a suspect that waits for confirmation."""

    def __init__(self, tags: Sequence[TagDefinition]) -> None:
        """Take the limits of `tags` (handle == index), in their units; 0 switches the check off."""
        limits = [tag.cleaning.spike if tag.kind is TagKind.ANALOG else 0.0 for tag in tags]
        self._limit = np.array([limit or np.inf for limit in limits], np.float64)
        self._accepted = np.full(len(tags), np.nan)
        self._suspect = np.full(len(tags), np.nan)

    def find(self, samples: TagOrder) -> NDArray[np.bool_]:
        """Return which samples (finite values) are suspect, shape (n,)."""
        before = samples.before(samples.value, self._accepted)
        with np.errstate(over="ignore"):
            jumps = np.abs(samples.value - before) > self._limit[samples.handle]
        is_found = np.zeros(len(samples), np.bool_)
        has_jump = samples.any_in_run(jumps)
        smooth = samples.tags[~has_jump]
        self._accepted[smooth] = samples.value[samples.last[~has_jump]]
        self._suspect[smooth] = np.nan
        for run in np.flatnonzero(has_jump):
            part = slice(samples.starts[run], samples.ends[run])
            is_found[part] = self._follow(int(samples.tags[run]), samples.value[part].tolist())
        return is_found

    def _follow(self, tag: int, values: Sequence[float]) -> list[bool]:
        """Go through the values of one tag in which something jumps, one by one."""
        limit, accepted, suspect = float(self._limit[tag]), float(self._accepted[tag]), float(self._suspect[tag])
        found = []
        for value in values:
            is_suspect = abs(value - accepted) > limit and not abs(value - suspect) <= limit
            found.append(is_suspect)
            if is_suspect:
                suspect = value
            else:
                accepted, suspect = value, float("nan")
        self._accepted[tag], self._suspect[tag] = accepted, suspect
        return found
