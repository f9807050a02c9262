"""Values of a picture do not lie upon one another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from widgets.picture.room import Boxes, Room, meets

CORNERS = arrays.arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(0, 30))
TAKEN = np.array([[5.0, 5.0, 9.0, 9.0]])


def boxes_at(corners: np.ndarray, width: float) -> Boxes:
    return np.column_stack((corners, corners[:, 0] + width, corners[:, 1] + 4))


def given_in_turn(boxes: Boxes, order: list[int], taken: Boxes) -> list[bool]:
    kept, seen = [False] * len(boxes), [*taken.tolist()]
    for place in order:
        left, top, right, bottom = boxes[place]
        kept[place] = not any(a < right and c > left and b < bottom and d > top for a, b, c, d in seen)
        if kept[place]:
            seen.append(boxes[place].tolist())
    return kept


@given(CORNERS, st.lists(st.integers(1, 12), min_size=1, max_size=4), st.randoms())
def test_that_room_is_given_in_order_however_widths_change(
    corners: np.ndarray, widths: list[int], dice: object
) -> None:
    order = list(range(len(corners)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    room = Room()
    for width in widths:
        boxes = boxes_at(corners, width)
        assert room.share(boxes, order, TAKEN).tolist() == given_in_turn(boxes, order, TAKEN)


def test_that_places_which_only_touch_do_not_meet() -> None:
    boxes = np.array([[0.0, 0.0, 5.0, 5.0], [4.0, 4.0, 6.0, 6.0]])
    assert meets(boxes, TAKEN).tolist() == [False, True]
    assert meets(boxes, np.empty((0, 4))).tolist() == [False, False]
