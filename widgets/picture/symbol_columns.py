"""The states of all symbols of a picture in columns: what runs, how full it is, what may not be believed."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.model.picture import Picture
from widgets.number_column import QualityCode
from widgets.picture.body import VESSELS
from widgets.picture.columns import NOWHERE, PictureColumns, Places
from widgets.picture.item_state import ItemState, Motion

T = TypeVar("T", bound=np.generic)
MOTIONS = (Motion.PASSIVE, Motion.UNKNOWN, Motion.STOPPED, Motion.RUNNING)
_DOUBTFUL, _LEVELED = 4, 8


class SymbolColumns:
    """`level`: 0..1 of each symbol, NaN where none is known, shape (symbols,)."""

    def __init__(self, picture: Picture, columns: PictureColumns) -> None:
        symbols = picture.symbols
        self._columns = columns
        self._running = columns.places(each.running for each in symbols)
        self._levels = columns.places(each.level if each.kind in VESSELS else "" for each in symbols)
        self.value = columns.places(each.value for each in symbols)
        lows = np.array([tag.low for tag in columns.tags], np.float64)
        self._low = _taken(lows, self._levels)
        self._span = _taken(np.array([tag.high for tag in columns.tags], np.float64), self._levels) - self._low
        self._has_level = (self._levels != NOWHERE) & np.isfinite(self._span) & (self._span != 0)
        self._code = np.full(len(symbols), -1, np.int8)
        self.level: NDArray[np.float64] = np.full(len(symbols), np.nan)

    @property
    def is_stopped(self) -> NDArray[np.bool_]:
        """Return which symbols stand still, as far as is known."""
        motion = self._code & 3
        result: NDArray[np.bool_] = (motion == MOTIONS.index(Motion.STOPPED)) | (
            motion == MOTIONS.index(Motion.UNKNOWN)
        )
        return result

    def renew(self) -> NDArray[np.bool_]:
        """Take the columns' values; return which symbols differ by more than their level and value."""
        columns = self._columns
        quality = columns.quality
        running, level, value = (_taken(quality, at) for at in (self._running, self._levels, self.value))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (_taken(columns.value, self._levels) - self._low) / self._span
        known = self._has_level & (level != QualityCode.BAD) & np.isfinite(share)
        self.level = np.where(known, np.round(np.clip(share, 0.0, 1.0), 3), np.nan)
        motion = np.where(_taken(columns.value, self._running) != 0, 3, 2)
        motion[running == QualityCode.BAD] = 1
        motion[self._running == NOWHERE] = 0
        is_doubtful = np.zeros(len(motion), bool)
        for places, found in ((self._running, running), (self._levels, level), (self.value, value)):
            is_doubtful |= (places != NOWHERE) & (found >= QualityCode.STALE)
        code = (motion + is_doubtful * _DOUBTFUL + known * _LEVELED).astype(np.int8)
        differs: NDArray[np.bool_] = code != self._code
        self._code = code
        return differs

    def state(self, place: int) -> ItemState:
        """Return the state of one symbol."""
        code, level = int(self._code[place]), float(self.level[place])
        return ItemState(
            MOTIONS[code & 3],
            level if code & _LEVELED else None,
            has_value=bool(self.value[place] != NOWHERE),
            is_doubtful=bool(code & _DOUBTFUL),
        )


def _taken(column: NDArray[T], places: Places) -> NDArray[T]:
    """Return what stands at the places, anything where there is none."""
    return column[places] if len(column) else np.zeros(len(places), column.dtype)
