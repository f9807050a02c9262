"""All that the health of one Equipment rests on, in the shape in which it outlives the station."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.block import ValueArray
from app.prediction.baseline import Baseline
from app.prediction.grid import GridState
from app.prediction.limit_watch import LimitState
from app.prediction.operating_mode import ModesState
from app.prediction.row_store import RowsState


@dataclass(slots=True)
class Count:
    """What a HealthModel counts from row to row; `next_try`: how many rows must be seen before it learns again.

    `still`: the share of signals that stood still; `settling`: rows to wait; `unknown_rows`, `blind_rows`,
    `uncompared_rows`: no baseline, no signals, nothing to compare for so long; `changes`: of the mode since it was
    known. `is_elsewhere`: a sudden departure may be another load; `farthest`: how far a departure went; `is_beyond`,
    `was_beyond`: a set limit. `is_young`: the mode compared last was seen for less than a day. `newest`: ns UTC.
    """

    next_try: int
    still: float = 0.0
    settling: int = 0
    unknown_rows: int = 0
    blind_rows: int = 0
    uncompared_rows: int = 0
    changes: int = 0
    is_elsewhere: bool = False
    farthest: float = 0.0
    is_beyond: bool = False
    was_beyond: bool = False
    is_young: bool = True
    newest: int = 0


@dataclass(frozen=True, slots=True)
class HealthMemory:
    """All that a HealthModel knows; `present`: the key of the baseline that was compared with last, None for none."""

    grid: GridState
    modes: ModesState
    limits: LimitState
    level: ValueArray
    past: RowsState
    excursion: RowsState
    baselines: dict[bytes, Baseline]
    present: bytes | None
    shift: ValueArray
    parts: ValueArray
    scores: list[float]
    count: Count
