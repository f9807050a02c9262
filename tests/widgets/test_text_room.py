"""What the measure of texts finds: were it blind, every screen would seem to be right."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.text_room import faults, painted_texts


class Painting(QWidget):
    """Paints two words one beside the other, or one over the other, and one into a rectangle."""

    gap, room = 80.0, 100.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        with QPainter(self) as painter:
            painter.drawText(QPointF(5, 20), "pump")
            painter.drawText(QPointF(5 + self.gap, 20), "valve")
            painter.drawText(QRectF(5, 40, self.room, 20), Qt.AlignmentFlag.AlignCenter, "furnace")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 200)
    return window


def measured(window: QWidget) -> list[str]:
    window.show()
    with painted_texts() as texts:
        window.grab()
    return faults(window, texts)


def test_that_texts_with_room_are_right(window: QWidget) -> None:
    QLabel("Drive-end bearing", window).setGeometry(0, 0, 200, 30)
    QPushButton("Acknowledge", window).setGeometry(0, 40, 200, 30)
    Painting(window).setGeometry(0, 80, 200, 80)
    assert measured(window) == []


def test_that_a_cut_label_is_found_unless_its_tool_tip_tells_all(window: QWidget) -> None:
    label = QLabel("Drive-end bearing vibration", window)
    label.setGeometry(0, 0, 40, 30)
    assert len(measured(window)) == 1
    label.setToolTip(label.text())
    assert measured(window) == []


def test_that_a_cut_button_is_found(window: QWidget) -> None:
    QPushButton("Acknowledge all in view", window).setGeometry(0, 0, 40, 30)
    assert "Acknowledge all in view" in measured(window)[0]


def test_that_a_button_is_found_whose_text_has_no_room_within_its_edges(window: QWidget) -> None:
    window.setStyleSheet("QPushButton { padding: 3px 20px; border: 1px solid black; }")
    button = QPushButton("Search   Ctrl+K", window)
    button.ensurePolished()
    text = button.fontMetrics().horizontalAdvance(button.text())
    button.setGeometry(0, 0, text + 30, 30)
    assert "'Search   Ctrl+K' needs a width of" in measured(window)[0]
    button.resize(text + 42, 30)
    assert measured(window) == []


def test_that_neighbours_that_cover_each_other_are_found(window: QWidget) -> None:
    QLabel("one", window).setGeometry(0, 0, 100, 30)
    QLabel("other", window).setGeometry(50, 10, 100, 30)
    assert "stands over" in measured(window)[0]


def test_that_painted_texts_over_one_another_or_in_too_little_room_are_found(window: QWidget) -> None:
    painting = Painting(window)
    painting.setGeometry(0, 0, 200, 80)
    painting.gap = 10.0
    assert "'pump' is painted over 'valve'" in measured(window)[0]
    painting.gap, painting.room = 80.0, 20.0
    assert "'furnace' is painted into too little room" in measured(window)[0]
    painting.room, painting.gap = 100.0, 180.0
    assert "'valve' is painted over the edge" in measured(window)[0]
