"""Which panels stand where: kept as text, so that they come back after a crash and on the screens they stood on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import cast

LEAST_SHARE, MOST_SHARE = 0.12, 0.7
"""How much of the window's width or height panels may take beside or below a page."""
USUAL_SHARE = 0.34


class Place(StrEnum):
    """Where a panel stands."""

    BESIDE = "beside"  # to the right of the page
    BELOW = "below"
    WINDOW = "window"  # in a window of its own


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """One panel: its `kind`, its place, how large it is among its neighbours, and what it shows.

    `size`: px along its row or column, 0 for an equal share. `geometry`: of its window, as QWidget.saveGeometry gives
    it in base 64, "" while it never had one. `marks`: what the content needs to be the same again, in types of JSON.
    """

    kind: str
    place: Place
    size: int = 0
    geometry: str = ""
    marks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """All panels of a window, and the shares of its width and height that those beside and below the page have."""

    panels: Sequence[PlacedPanel] = ()
    beside: float = USUAL_SHARE
    below: float = USUAL_SHARE

    def to_text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def arrangement_of(text: str) -> tuple[Arrangement, list[str]]:
    """Return the arrangement that a text holds, and what of it cannot be used; an empty text is an empty window."""
    if not text:
        return Arrangement(), []
    try:
        document = json.loads(text)
    except ValueError as error:
        return Arrangement(), [f"not JSON: {error}"]
    if not isinstance(document, dict):
        return Arrangement(), ["not an arrangement"]
    panels, problems = [], []
    rows = document.get("panels", [])
    for row in rows if isinstance(rows, list) else []:
        try:
            panels.append(_panel_of(row))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"panel {row!r}: {error}")
    return Arrangement(panels, _share_of(document.get("beside")), _share_of(document.get("below"))), problems


def _panel_of(row: object) -> PlacedPanel:
    if not isinstance(row, dict):
        raise TypeError("not a table")
    marks, size, geometry = row.get("marks", {}), row.get("size", 0), row.get("geometry", "")
    if not isinstance(marks, dict) or not isinstance(size, int) or not isinstance(geometry, str):
        raise TypeError("marks, size or geometry of another type")
    return PlacedPanel(str(row["kind"]), Place(row["place"]), max(0, size), geometry, cast("dict[str, object]", marks))


def _share_of(value: object) -> float:
    return min(max(float(value), LEAST_SHARE), MOST_SHARE) if isinstance(value, (int, float)) else USUAL_SHARE
