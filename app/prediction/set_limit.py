"""The limits that people have set for the signals of an Equipment, and how near the signals are to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.tag import TagDefinition, TagKind

Array = NDArray[np.float64]

_BEND = 4.0


@dataclass(frozen=True, slots=True)
class SetLimits:
    """The innermost high and low alarm limit of each signal, shape (d,), in its unit; infinite where there is none."""

    low: Array
    high: Array

    def nearness(self, signals: Array, usual: Array) -> Array:
        """Return how near `signals` are to their limits as seen from their `usual` levels, all of shape (d,).

        It is 0 at the usual level, 1 at the limit and grows beyond in proportion; on the way to the limit it grows
        late (with the fourth power), since most of that way is a signal's to use. A limit on the wrong side of the
        usual level says nothing, and neither does a signal without a value (NaN).
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.maximum(
                np.where(self.high > usual, (signals - usual) / (self.high - usual), 0.0),
                np.where(self.low < usual, (usual - signals) / (usual - self.low), 0.0),
            )
        shares = np.clip(np.nan_to_num(shares), 0.0, None)
        near: Array = np.where(shares < 1.0, shares**_BEND, shares)
        return near


def set_limits(signals: Sequence[TagDefinition], alarms: Iterable[AlarmDefinition]) -> SetLimits:
    """Return the limits that `alarms` set for `signals`.

    Diagnostic ones are no limits of health; those of a counter are for its total, while its signal is a rate.
    """
    low, high = np.full(len(signals), -np.inf), np.full(len(signals), np.inf)
    places = {tag.name: place for place, tag in enumerate(signals) if tag.kind is TagKind.ANALOG}
    for alarm in alarms:
        place = places.get(alarm.tag)
        if place is None or alarm.priority is Priority.DIAGNOSTIC:
            continue
        if alarm.condition is ConditionKind.HIGH:
            high[place] = min(high[place], alarm.limit)
        elif alarm.condition is ConditionKind.LOW:
            low[place] = max(low[place], alarm.limit)
    return SetLimits(low, high)
