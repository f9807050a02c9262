"""An equipment model that has learned from rows: one state for each mode of operation, where that is worth it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.anomaly.equipment import EquipmentModel, Phase
from app.anomaly.learned import Settings
from app.training.rows import Rows

KNOWN_SHARE = 0.98
"""Of the rows must be in modes that could be learned: in the others the model would be silent."""
TELL_ROWS = 500
_FIRST_SHARE = 0.75
_NEVER = 1 << 40
"""Rows: while they stream nothing is learned, all of them count at once in the end."""

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model told of rows: `is_alarm`, `is_known` (whether it knew their mode), shape (n,)."""

    is_alarm: NDArray[np.bool_]
    is_known: NDArray[np.bool_]


def taught(rows: Rows, modes: Sequence[str], *, period_s: float, tell: Tell) -> tuple[EquipmentModel, bool]:
    """Return a model of healthy `rows`, and whether it tells their modes (one word for each row) apart.

    It does where, of the last quarter of the rows, 98 % were in modes that could be learned from the first three
    quarters, and no more of them were in alarm than without modes. A machine whose steps are too short for that is
    known by all of its modes together.
    """
    if len(set(modes)) > 1 and _is_worth_modes(rows, modes, period_s=period_s):
        return _learned(rows, modes, period_s=period_s, tell=tell), True
    return _learned(rows, [""] * len(rows), period_s=period_s, tell=tell), False


def followed(model: EquipmentModel, rows: Rows, modes: Sequence[str], tell: Tell = lambda _: None) -> Verdict:
    """Stream rows through a model, and return what it told of each."""
    is_alarm, is_known = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    for place, (time, row, mode) in enumerate(zip(rows.times.tolist(), rows.values, modes, strict=True)):
        model.update(time, row, mode=mode)
        phase = model.reading().phase
        is_alarm[place], is_known[place] = phase is Phase.ALARM, phase is not Phase.LEARNING
        if place % TELL_ROWS == 0:
            tell(place / len(rows))
    return Verdict(is_alarm, is_known)


def _is_worth_modes(rows: Rows, modes: Sequence[str], *, period_s: float) -> bool:
    cut = int(_FIRST_SHARE * len(rows))
    first, last = Rows(rows.times[:cut], rows.values[:cut]), Rows(rows.times[cut:], rows.values[cut:])
    told = []
    for words in (modes, [""] * len(rows)):
        model = _learned(first, words[:cut], period_s=period_s, tell=lambda _: None)
        told.append(followed(EquipmentModel.resumed(model), last, words[cut:]))
    with_modes, without = told
    if with_modes.is_known.mean() < KNOWN_SHARE:
        return False
    return bool(with_modes.is_alarm.sum() <= without.is_alarm.sum()) or not without.is_known.any()


def _learned(rows: Rows, modes: Sequence[str], *, period_s: float, tell: Tell) -> EquipmentModel:
    settings = replace(Settings(), fewest_rows=_NEVER)
    model = EquipmentModel(rows.values.shape[1], period_s=period_s, settings=settings)
    for place, (time, row, mode) in enumerate(zip(rows.times.tolist(), rows.values, modes, strict=True)):
        model.update(time, row, mode=mode)
        if place % TELL_ROWS == 0:
            tell(place / len(rows))
    model.learn_all()
    return model
