"""A tag: one measured, commanded or counted quantity of an Equipment, and how it is read and cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.content import StateNames
from app.model.exact import DataType
from app.model.text import LocalText
from app.model.write_rule import WriteRule


class TagKind(StrEnum):
    """How the values of a tag behave between two samples."""

    ANALOG = "analog"
    DISCRETE = "discrete"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class CleaningRule:
    """What the cleaning chain may doubt of a tag; 0 switches a check off.

    `spike`: largest credible jump between two neighbours that returns at once, in the tag's unit.
    `stuck_s`: seconds without any change (in the last bit) after which an analog sensor counts as stuck.
    `stale_s`: seconds without a new sample after which the last value counts as stale (app.pipeline.stale says how).
    """

    spike: float = 0.0
    stuck_s: float = 0.0
    stale_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TagDefinition:
    """One tag of the plant.

    `handle` is its number in the plant (0 .. n-1), `name` its unique identifier ("AC01.T_D").
    `low`, `high`: the EURange, in `unit` (a UCUM code); outside it a value is doubtful.
    `normal_low`, `normal_high`: the band in which it usually is (NaN where not known), drawn behind the trend.
    `connection`, `address`: where a driver finds it; `scan_ms`: how often.
    `gain`, `offset`: value = raw * gain + offset. `width_bits`: a counter rolls over at 2**width_bits (0: never).
    `data_type`: what its values are; texts have neither unit nor range.
    `keep_days`: for how many days its samples are kept (0: for ever), where that is not the plant's rule.
    `write`: under which conditions it may be written; None: never.
    `states`: what its numbers mean, where they stand for states of equipment.
    `former`: names that it had before, the oldest first: what was recorded under them is its history.
    """

    handle: int
    name: str
    equipment: str
    title: LocalText
    connection: str
    address: str
    unit: str = ""
    kind: TagKind = TagKind.ANALOG
    low: float = float("-inf")
    high: float = float("inf")
    normal_low: float = float("nan")
    normal_high: float = float("nan")
    decimals: int = 1
    scan_ms: int = 500
    gain: float = 1.0
    offset: float = 0.0
    width_bits: int = 0
    cleaning: CleaningRule = field(default_factory=CleaningRule)
    keep_days: float | None = None
    data_type: DataType = DataType.FLOAT64
    write: WriteRule | None = None
    states: StateNames = ()
    former: tuple[str, ...] = ()

    def state_name(self, value: float) -> LocalText | None:
        """Return what a number means, None where it is no named state."""
        return next((name for number, name in self.states if number == value), None)

    @property
    def is_text(self) -> bool:
        """Return whether its values are texts, which no limit and no trend is for."""
        return self.data_type is DataType.STRING

    @property
    def has_limits(self) -> bool:
        """Return whether a high or a low limit can be said of its values."""
        return not self.is_text and self.kind is not TagKind.DISCRETE
