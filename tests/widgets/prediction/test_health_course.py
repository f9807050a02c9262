"""The course of a health is what was told of it, step by step, with gaps where nothing was known."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF

from app.pubsub.frame import HealthChanged
from tests.widgets import plant
from widgets.prediction.course_strip import course_lines
from widgets.prediction.health_course import MOST, HealthCourse

SECOND = plant.SECOND
NAN = float("nan")


def course(*changes: tuple[int, float]) -> HealthCourse:
    result = HealthCourse()
    for second, value in changes:
        result.note(plant.health("P01", value, made=plant.NOW + second * SECOND))
    return result


def test_that_a_feed_keeps_the_course_of_each_health(tmp_path: Path) -> None:
    feed = plant.feed(tmp_path)
    feed.receive([HealthChanged((plant.health("P01", 77.0), plant.health("AC01", 41.0)))])
    feed.receive([HealthChanged((plant.health("P01", 60.0),))])
    assert [value for _, value in feed.courses["P01"].since(0)] == [77.0, 60.0]
    assert [value for _, value in feed.courses["AC01"].since(0)] == [41.0]


def test_that_what_held_at_the_start_is_told_from_there_on() -> None:
    known = course((0, 90.0), (10, 50.0), (20, 95.0))
    assert known.since(plant.NOW + 15 * SECOND) == [
        (plant.NOW + 15 * SECOND, 50.0),
        (plant.NOW + 20 * SECOND, 95.0),
    ]
    assert len(known.since(plant.NOW - SECOND)) == 3


def test_that_it_begins_with_the_first_health_that_is_known() -> None:
    assert course((0, NAN), (5, 100.0)).begin == plant.NOW + 5 * SECOND
    assert course((0, NAN)).begin == 0


def test_that_a_repeated_past_is_not_told_twice_and_memory_is_bounded() -> None:
    assert len(course((10, 90.0), (5, 20.0)).since(0)) == 1
    assert len(course(*((second, 50.0) for second in range(MOST + 5))).since(0)) == MOST


def test_that_it_is_drawn_in_steps_with_a_gap_where_it_was_not_known() -> None:
    now = plant.NOW + 40 * SECOND
    changes = course((0, 100.0), (10, 50.0), (20, NAN), (30, 0.0)).since(0)
    lines = course_lines(changes, QRectF(0, 0, 40, 100), now=now, span=40 * SECOND)
    assert [line.toList() for line in lines] == [
        [QPointF(0, 0), QPointF(10, 0), QPointF(10, 50), QPointF(20, 50)],
        [QPointF(30, 100), QPointF(40, 100)],
    ]
    assert not any(math.isnan(point.y()) for line in lines for point in line.toList())
