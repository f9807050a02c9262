"""Arrow keys come to every place of a screen, in the order in which it is read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from widgets.keyboard.reading_order import following, in_reading_order

PLACES = [QRectF(0, 100, 40, 20), QRectF(0, 0, 40, 20), QRectF(200, 4, 40, 20), QRectF(210, 100, 40, 20)]


def test_that_places_are_read_row_by_row_from_the_left() -> None:
    assert in_reading_order(PLACES) == [1, 2, 0, 3]
    assert in_reading_order([]) == []


def test_that_left_and_right_come_to_every_place_and_round() -> None:
    at, seen = -1, []
    for _ in PLACES:
        at = following(PLACES, at, Qt.Key.Key_Right) or 0
        seen.append(at)
    assert seen == [0, 1, 2, 3]
    assert following(PLACES, 3, Qt.Key.Key_Right) == 0
    assert following(PLACES, -1, Qt.Key.Key_Left) == 3
    assert following(PLACES, 0, Qt.Key.Key_Left) == 3


def test_that_up_and_down_lead_to_what_stands_nearest_on_that_side() -> None:
    assert following(PLACES, 2, Qt.Key.Key_Down) == 3
    assert following(PLACES, 0, Qt.Key.Key_Up) == 1
    assert following(PLACES, 1, Qt.Key.Key_Up) == 1, "nothing stands above"
    assert following(PLACES, -1, Qt.Key.Key_Down) == 0


def test_that_other_keys_lead_nowhere() -> None:
    assert following(PLACES, 0, Qt.Key.Key_Tab) is None
    assert following([], -1, Qt.Key.Key_Right) is None
