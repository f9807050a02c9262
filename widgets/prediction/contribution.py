"""The tags behind a finding, and how far each has moved from its own past."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from app.model.forecast import Contribution
from app.model.tag import TagDefinition
from app.model.unit_symbol import unit_symbol
from widgets.number import NO_VALUE, number


def change_text(contribution: Contribution, tag: TagDefinition | None) -> str:
    """Return the change of a tag with sign and unit: "+4.3 mm/s"."""
    if math.isnan(contribution.change):
        return NO_VALUE
    decimals = tag.decimals if tag is not None else 1
    sign = "+" if contribution.change > 0 else ""
    unit = unit_symbol(tag.unit) if tag is not None else ""
    return f"{sign}{number(contribution.change, decimals=decimals)} {unit}".rstrip()


def contributions_text(found: Sequence[Contribution], tags: Mapping[str, TagDefinition]) -> str:
    """Return all contributing tags in one line, the strongest first."""
    ranked = sorted(found, key=lambda each: -each.share)
    return ",  ".join(f"{each.tag} {change_text(each, tags.get(each.tag))}" for each in ranked)
