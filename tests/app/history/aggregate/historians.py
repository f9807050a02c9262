"""The example historians of OPC 10000-13 (1.05.07, Annex A, AggregateExamples.csv; Historian 4: 1.04, A.1.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.history.aggregate.configuration import AggregateConfiguration
from app.model import status
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.series import Series

NOON = 1_325_505_600 * NS_PER_S
CODES = {"G": status.GOOD, "U": status.UNCERTAIN, "X": status.BAD, "B": status.BAD_NO_DATA}


@dataclass(frozen=True, slots=True)
class Historian:
    """A tag's samples, and how they are aggregated: their seconds after noon, values and codes as text."""

    samples: str
    configuration: AggregateConfiguration
    is_stepped: bool = False

    @property
    def series(self) -> Series:
        """Return the samples."""
        rows = [entry.split() for entry in self.samples.split("|")]
        return Series(
            np.array([at(row[0]) for row in rows], np.int64),
            np.array([float(row[1]) for row in rows]),
            np.array([CODES[row[2]] for row in rows], np.uint32),
        )


def at(seconds: str) -> int:
    """Return the instant so many seconds after noon."""
    return NOON + round(float(seconds) * 1000) * NS_PER_MS


def configured(*, uncertain_as_bad: bool, percent: int = 100, slopes: bool = False) -> AggregateConfiguration:
    """Return a configuration of a historian that counts in milliseconds."""
    return AggregateConfiguration(
        treat_uncertain_as_bad=uncertain_as_bad,
        percent_data_bad=percent,
        percent_data_good=percent,
        use_sloped_extrapolation=slopes,
        resolution=NS_PER_MS,
    )


PERIODIC = "0 nan B | 10 10 G | 20 20 G | 30 30 G | 40 nan X | 50 50 G | 60 60 G | 70 70 U | 80 80 G | 90 90 G"
UNEVEN = (
    "0 nan B | 2 10 G | 25 20 G | 28 25 G | 39 30 G | 42 nan X | 48 40 G | 52 50 G | 72 60 G | 77 70 U | 83 70 G "
    "| 86 80 G | 90 90 G"
)
SWITCH = (
    "0 nan B | 2 1 G | 25 0 G | 28 1 G | 39 1 G | 42 nan X | 48 1 G | 52 0 G | 72 0 G | 77 1 U | 83 1 G "
    "| 86 0 G | 90 1 G"
)
TURNING = (
    "0 nan B | 2 10 G | 25 20 G | 28 10 G | 39 30 G | 42 nan X | 48 30 G | 52 50 G | 72 30 G | 77 70 U | 83 70 G "
    "| 86 80 G | 90 70 G"
)
HISTORIANS = {
    "1": Historian(PERIODIC, configured(uncertain_as_bad=False)),
    "2": Historian(UNEVEN, configured(uncertain_as_bad=True, slopes=True)),
    "3": Historian(UNEVEN, configured(uncertain_as_bad=True, percent=50), is_stepped=True),
    "4": Historian(SWITCH, configured(uncertain_as_bad=True), is_stepped=True),
    "5": Historian(TURNING, configured(uncertain_as_bad=False)),
}
