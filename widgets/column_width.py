"""how wide the columns of a list are: what each text needs, and who gains or gives where the screen differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnWidth:
    """One column, px: `needed` for its texts, `least` for what can be read at all, its `share` of what is spare."""

    needed: int
    least: int
    share: float = 1.0


def widths(columns: Sequence[ColumnWidth], room: int) -> list[int]:
    """Return the widths that fill `room` px: spare px go by the shares, missing ones come from what may be given up.

    Where not even the least widths fit, they stand, and the list is wider than its room.
    """
    spare = room - sum(column.needed for column in columns)
    if spare >= 0:
        weights = [column.share for column in columns]
    else:
        weights = [float(column.needed - column.least) for column in columns]
        spare = max(spare, -round(sum(weights)))
    total = sum(weights) or 1.0
    edges = [round(spare * sum(weights[: place + 1]) / total) for place in range(len(columns))]
    gains = [edge - before for edge, before in zip(edges, [0, *edges], strict=False)]
    return [column.needed + gain for column, gain in zip(columns, gains, strict=True)]
