"""Follows the rows of one Equipment and says at any time which known fault they look like."""

from __future__ import annotations

import numpy as np

from app.anomaly.state import AnomalyError, pack, restore_into, unpack
from app.diagnosis.fault_model import KIND, Diagnosis, DiagnosisError, FaultModel
from app.diagnosis.feature import SETTLING, Array, FaultFeatures
from app.model.clock import NS_PER_S

LONGEST_GAP = 20
"""Rows; after a longer silence what comes has nothing to do with what was."""
_NONE = -(1 << 62)
_STREAM = f"{KIND} stream"


class Diagnoser:
    """`update` takes rows on a fixed grid of time; `diagnosis` says what they look like and changes nothing.

    Missing and bad values are NaN. A row that is not newer than the last one is left out; after 20 rows of silence, or
    a clock that was set back by more, the stream begins anew.
    """

    def __init__(self, model: FaultModel, *, period_s: float) -> None:
        """Begin in health. `period_s`: from row to row, the one that was learned with."""
        if not period_s > 0.0:
            raise DiagnosisError(f"a period of {period_s} s: give one above 0")
        self._model, self._period = model, round(period_s * NS_PER_S)
        self._features = FaultFeatures(model.reference)
        self._clock = np.array([_NONE, 0], np.int64)
        """The time of the newest row, and how many were taken since the stream began."""

    @property
    def is_settled(self) -> bool:
        """Return whether enough rows were taken for a fault to show in all features."""
        return int(self._clock[1]) >= SETTLING

    def update(self, time: int, row: Array) -> None:
        """Take the row of an instant (ns UTC; tag units, shape (tags,)); raise DiagnosisError for another shape."""
        if row.shape != self._model.reference.mean.shape:
            raise DiagnosisError(f"a row of {row.shape} values for the tags {', '.join(self._model.tags)}")
        last = int(self._clock[0])
        if last - LONGEST_GAP * self._period <= time <= last:
            return
        if last == _NONE or time < last or time - last > LONGEST_GAP * self._period:
            self._features.forget()
            self._clock[1] = 0
        self._features.take(row)
        self._clock[:] = time, min(int(self._clock[1]) + 1, SETTLING)

    def diagnosis(self) -> Diagnosis | None:
        """Return what the newest rows look like, None before there are enough."""
        return self._model.diagnosis(self._features.told()) if self.is_settled else None

    def save(self) -> bytes:
        """Return the state of the stream (the model is kept elsewhere), from which `restore` goes on."""
        return pack(_STREAM, self._arrays())

    def restore(self, data: bytes) -> None:
        """Take the state that `save` gave; raise DiagnosisError, and change nothing, where it does not fit."""
        fresh = Diagnoser(self._model, period_s=self._period / NS_PER_S)
        try:
            restore_into(fresh._arrays(), unpack(_STREAM, data))
        except AnomalyError as error:
            raise DiagnosisError(str(error)) from error
        self._features, self._clock = fresh._features, fresh._clock

    def _arrays(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64 | np.int64]]]:
        return {
            "levels": self._features.levels,
            "squares": self._features.squares,
            "last": self._features.last,
            "clock": self._clock,
        }
