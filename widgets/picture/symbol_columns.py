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
        self._is_running = self._running != NOWHERE
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
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (_taken(columns.value, self._levels) - self._low) / self._span
        known = self._has_level & (_taken(columns.quality, self._levels) != QualityCode.BAD) & np.isfinite(share)
        self.level = np.where(known, np.rint(np.minimum(np.maximum(share, 0.0), 1.0) * 1_000) / 1_000, np.nan)
        code = known * np.int8(_LEVELED)
        if self._is_running.any():
            motion = np.where(_taken(columns.value, self._running) != 0, np.int8(3), np.int8(2))
            motion[_taken(columns.quality, self._running) == QualityCode.BAD] = 1
            code = code + motion * self._is_running
        if (columns.quality >= QualityCode.STALE).any():
            is_doubtful = np.zeros(len(code), bool)
            for places in (self._running, self._levels, self.value):
                is_doubtful |= (places != NOWHERE) & (_taken(columns.quality, places) >= QualityCode.STALE)
            code = code + is_doubtful * np.int8(_DOUBTFUL)
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
