"""The alarms that stand, as a panel: in few columns, with what can be done about them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from widgets.alarm.active_panel import ActivePanel
from widgets.dock.content import Content, Surroundings
from widgets.translation import tr


class AlarmContent(Content):
    """The list never hides an alarm: it has no filter."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._feed = around.feed
        self.panel = ActivePanel(around.feed, around.navigation, around.acknowledgement, is_slim=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        around.feed.alarms_changed.connect(self._renew)  # not a lambda, which would outlive this panel

    def _renew(self) -> None:
        self.changed.emit()

    def title(self) -> str:
        return tr("Active alarms: {n}", n=len(self._feed.alarms))

    def take_focus(self) -> None:
        self.panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
