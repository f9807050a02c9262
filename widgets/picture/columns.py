"""What the tags of a picture have now, in columns: value, quality and text, renewed only where they differ."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.model import clock
from app.model.block import ValueArray
from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from app.pubsub.live import LatestValues
from widgets.feed import Feed
from widgets.number import NO_VALUE, reading_of
from widgets.number_column import QualityArray, QualityCode, qualities
from widgets.translation import language

Places = NDArray[np.intp]
NOWHERE = -1
"""The place of a name that the plant has no tag of."""


class PictureColumns:
    """The tags by their names, each once: those that are `written`, and others of which only the value is wanted.

    `value`: float64, `quality`: QualityCode, shape (tags,) each; `decimals`: of those that are written as numbers, -1
    of others; `named`: of those that are written otherwise, by their places, what is written, without unit.
    """

    def __init__(self, feed: Feed, written: Iterable[str], others: Iterable[str] = ()) -> None:
        self._feed = feed
        texts = [name for name in dict.fromkeys(written) if name in feed.tags]
        names = dict.fromkeys([*texts, *others])
        self.tags: list[TagDefinition] = [feed.tags[name] for name in names if name in feed.tags]
        self._places = {tag.name: place for place, tag in enumerate(self.tags)}
        self._handles = np.array([tag.handle for tag in self.tags], np.intp)
        self._is_text = np.array([tag.is_text for tag in self.tags], bool)
        self.value: ValueArray = np.full(len(self.tags), np.nan)
        self.quality: QualityArray = np.full(len(self.tags), -1, np.int8)
        self.units = [unit_symbol(tag.unit) for tag in self.tags]
        written_tags = self.tags[: len(texts)]
        self.named = {place: NO_VALUE for place, tag in enumerate(written_tags) if _is_named(tag)}
        self.decimals = np.array([-1 if _is_named(tag) else tag.decimals for tag in self.tags], np.intp)
        self._read_of: tuple[LatestValues, bool, str] | None = None

    def __contains__(self, name: str) -> bool:
        """Return whether the plant has a tag of this name."""
        return name in self._places

    def places(self, names: Iterable[str]) -> Places:
        """Return where the tags of these names stand in the columns, NOWHERE for none."""
        return np.array([self._places.get(name, NOWHERE) for name in names], np.intp)

    def renew(self) -> NDArray[np.bool_]:
        """Take the newest values; return which tags have another value, quality or text, shape (tags,)."""
        latest, present = self._feed.latest, (self._feed.is_linked, language())
        former = self._read_of
        if former is not None and former[0] is latest and former[1:] == present:
            return np.zeros(len(self.tags), bool)
        self._read_of = (latest, *present)
        value = latest.value[self._handles]
        quality = qualities(
            value, latest.status[self._handles], latest.time[self._handles], is_text=self._is_text, is_linked=present[0]
        )
        # bit for bit, so that NaN is no change of NaN
        differs: NDArray[np.bool_] = (value.view(np.int64) != self.value.view(np.int64)) | (quality != self.quality)
        self.value, self.quality = value, quality
        self._write_named(differs)
        return differs

    @property
    def known(self) -> ValueArray:
        """Return the values that are written: NaN where there is none to be believed."""
        is_bad = self.quality == QualityCode.BAD
        return np.where(is_bad, np.nan, self.value) if is_bad.any() else self.value

    def _write_named(self, differs: NDArray[np.bool_]) -> None:
        """Write states, texts and exact numbers: what is said of them may differ where the number does not."""
        now = clock.now_ns()
        for place in self.named:
            tag = self.tags[place]
            told = reading_of(self._feed.value(tag.handle), tag=tag, now=now, is_linked=self._feed.is_linked)
            if told.text != self.named[place]:
                self.named[place] = told.text
                differs[place] = True


def _is_named(tag: TagDefinition) -> bool:
    """Return whether a tag's values have names, or more digits than a number holds."""
    return bool(tag.states) or tag.data_type.is_exact or tag.kind is TagKind.DISCRETE
