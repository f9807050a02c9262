"""Tags with cleaning rules, for the tests of the chain."""

from __future__ import annotations

import math

from app.model.exact import DataType
from app.model.tag import CleaningRule, TagDefinition, TagKind
from app.model.text import LocalText

S = 1_000_000_000


def tag(
    handle: int = 0,
    *,
    kind: TagKind = TagKind.ANALOG,
    low: float = -math.inf,
    high: float = math.inf,
    width_bits: int = 0,
    gain: float = 1.0,
    offset: float = 0.0,
    spike: float = 0.0,
    stuck_s: float = 0.0,
    stale_s: float = 0.0,
    data_type: DataType = DataType.FLOAT64,
) -> TagDefinition:
    """Return a tag with these rules."""
    return TagDefinition(
        handle,
        f"T{handle}",
        "E",
        LocalText("tag"),
        "c",
        "a",
        kind=kind,
        low=low,
        high=high,
        width_bits=width_bits,
        gain=gain,
        offset=offset,
        cleaning=CleaningRule(spike, stuck_s, stale_s),
        data_type=data_type,
    )
