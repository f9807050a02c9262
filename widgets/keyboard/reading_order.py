"""Places on a screen in the order in which they are read, and where an arrow key leads from one of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt

_ROW = 0.6
"""What overlaps by more than this share of the lower height stands in one row."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_SIDES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def in_reading_order(places: Sequence[QRectF]) -> list[int]:
    """Return the numbers of places row by row from the top, each row from the left."""
    rows: list[list[int]] = []
    for number in sorted(range(len(places)), key=lambda each: places[each].center().y()):
        if rows and _share_a_row(places[rows[-1][0]], places[number]):
            rows[-1].append(number)
        else:
            rows.append([number])
    return [number for row in rows for number in sorted(row, key=lambda each: places[each].left())]


def following(places: Sequence[QRectF], at: int, key: int) -> int | None:
    """Return the number of the place that an arrow key leads to from the one at `at`, None for another key.

    `at`: -1 where the keyboard is on none yet.
    Left and Right come to every place, one after the other and round; Up and Down to the nearest one on that side.
    """
    if not places:
        return None
    step = next((step for arrow, step in _STEPS.items() if arrow == key), 0)
    if step:
        return (at + step) % len(places) if at >= 0 else (0 if step > 0 else len(places) - 1)
    side = next((side for arrow, side in _SIDES.items() if arrow == key), 0)
    if not side:
        return None
    if at < 0:
        return 0 if side > 0 else len(places) - 1
    here = places[at]
    beyond = [
        (_far(here.center(), place.center()), number)
        for number, place in enumerate(places)
        if side * (place.center().y() - here.center().y()) > min(place.height(), here.height()) / 2
    ]
    return min(beyond)[1] if beyond else at


def _share_a_row(one: QRectF, other: QRectF) -> bool:
    common = min(one.bottom(), other.bottom()) - max(one.top(), other.top())
    return common > _ROW * min(one.height(), other.height())


def _far(one: QPointF, other: QPointF) -> float:
    """What stands aside is further than what stands straight above or below."""
    return abs(other.y() - one.y()) + 2 * abs(other.x() - one.x())
