"""Asks from when on the station is to be replayed, or which instant a replay is to go to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.model import clock
from widgets.choice import ChoiceBox
from widgets.number import day_and_time
from widgets.replay.playhead import SPEEDS
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.time_text import instant_of

MINUTE_NS = 60 * clock.NS_PER_S
COLUMNS = 2


class InstantDialog(QDialog):
    """`instant` (int64 ns UTC) and `speed` are what was chosen, once it is accepted.

    `now`: what "now" means, int64 ns UTC; `is_jump`: within a replay, whose speed stays as it is.
    """

    def __init__(self, *, now: int, is_jump: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme()
        self._now = now
        self.instant = 0
        self.field = QLineEdit(day_and_time(now if is_jump else now - 10 * MINUTE_NS))
        self.speeds = ChoiceBox()
        for speed in SPEEDS:
            self.speeds.addItem(f"{speed} \N{MULTIPLICATION SIGN}", speed)
        self.message = QLabel(tr("A time of today, a date, both, or how long ago, such as -8 h."))
        self.message.setProperty("tone", "dim")
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Jump") if is_jump else tr("Replay"))
        self.setWindowTitle(tr("Jump to an instant") if is_jump else tr("Replay the past"))
        form = QFormLayout()
        form.setSpacing(look.px(10))
        for label, field in ((tr("From"), self.field), (tr("Speed"), self.speeds)):
            field.setMinimumHeight(look.px(36))
            field.setAccessibleName(label)
            if field is self.field or not is_jump:
                form.addRow(label, field)
        self.speeds.setVisible(not is_jump)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addLayout(self._quick())
        column.addLayout(form)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.setMinimumWidth(look.px(420))
        self.buttons.accepted.connect(self.take)
        self.buttons.rejected.connect(self.reject)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def speed(self) -> int:
        """Return how many times as fast as it was it is to run."""
        return int(self.speeds.currentData())

    def take(self) -> None:
        """Accept what is typed; stay open and say why where it is no instant of the past."""
        try:
            instant = instant_of(self.field.text(), now=self._now)
        except ValueError as error:
            self.message.setText(station_text(error))
            return
        if instant > clock.wall_ns():
            self.message.setText(tr("That has not happened yet."))
            return
        self.instant = instant
        self.accept()

    def _quick(self) -> QGridLayout:
        """Return buttons for what is wanted most often, each large enough for a glove."""
        grid = QGridLayout()
        grid.setSpacing(theme().px(8))
        choices = (
            (tr("10 minutes ago"), 10),
            (tr("1 hour ago"), 60),
            (tr("8 hours ago"), 480),
            (tr("24 hours ago"), 1_440),
        )
        for place, (text, minutes) in enumerate(choices):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.setMinimumHeight(theme().px(40))
            button.clicked.connect(lambda _=False, minutes=minutes: self._choose(minutes))
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        return grid

    def _choose(self, minutes: int) -> None:
        self.field.setText(day_and_time(self._now - minutes * MINUTE_NS))
        self.take()
