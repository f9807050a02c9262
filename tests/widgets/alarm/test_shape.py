"""Each priority has a shape and a number of its own, and each state is seen without colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.model.alarm import AlarmState, Priority
from widgets import theme
from widgets.alarm.shape import paint_shape

SIDE = 48


def gray(priority: Priority, state: AlarmState = AlarmState.ACKNOWLEDGED, *, phase: bool = True) -> NDArray[np.int_]:
    """The sign as grey levels, shape (SIDE, SIDE)."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(theme.theme().color("panel"))
    with QPainter(image) as painter:
        paint_shape(painter, QRectF(0, 0, SIDE, SIDE), priority=priority, state=state, phase=phase)
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = [[gray.pixelColor(x, y).value() for x in range(SIDE)] for y in range(SIDE)]
    return np.array(rows)


@pytest.mark.parametrize(("first", "second"), list(combinations(Priority, 2)))
def test_that_priorities_differ_in_shape_alone(first: Priority, second: Priority) -> None:
    ground = theme.theme().color("panel").value()
    outlines = [np.abs(gray(priority) - ground) > 8 for priority in (first, second)]
    assert np.mean(outlines[0] != outlines[1]) > 0.05


def test_that_a_returned_alarm_is_only_an_outline() -> None:
    ground = theme.theme().color("panel").value()
    filled = np.mean(np.abs(gray(Priority.CRITICAL) - ground) > 8)
    outlined = np.mean(np.abs(gray(Priority.CRITICAL, AlarmState.RETURNED) - ground) > 8)
    assert outlined < filled / 2


@pytest.mark.parametrize("state", list(AlarmState))
def test_that_only_unacknowledged_alarms_blink(state: AlarmState) -> None:
    same = np.array_equal(gray(Priority.HIGH, state, phase=True), gray(Priority.HIGH, state, phase=False))
    assert same == (state is not AlarmState.UNACKNOWLEDGED)
