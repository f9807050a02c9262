"""What the overview shows large: the process picture that needs an operator, or trends where there is no picture."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.clock import NS_PER_S
from app.model.picture import Picture
from widgets.feed import Feed
from widgets.overview.attention import picture_in_need
from widgets.picture.panel import PicturePanel
from widgets.picture.picker import PicturePicker
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane_grid import PaneGrid
from widgets.trend.time_window import TimeWindow

TREND_NS = 300 * NS_PER_S


class Scene(QWidget):
    """The picture follows what is most urgent until the operator chooses one, and again once the page was left.

    `picture` is None where the plant has none, `trends` where it has.
    """

    equipment_asked = Signal(str)
    tag_asked = Signal(str)
    write_asked = Signal(str)

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._has_choice = False
        self.picture: PicturePanel | None = None
        self.trends: PaneGrid | None = None
        self.picker = PicturePicker(feed.plant)
        live = LiveSamples(feed, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if feed.plant.pictures:
            self.picture = PicturePanel(feed, live)
            self.picture.head.addWidget(self.picker)
            self.picture.equipment_asked.connect(self.equipment_asked)
            self.picture.tag_asked.connect(self.tag_asked)
            self.picture.write_asked.connect(self.write_asked)
            self.picture.level_changed.connect(self._keep_level)
            self.picker.chosen.connect(self.choose)
            column.addWidget(self.picture)
        else:
            self.trends = PaneGrid(feed, TimeWindow(TREND_NS, parent=self), live)
            self.trends.show_equipment(feed.plant.tags[0].equipment if feed.plant.tags else "")
            column.addWidget(self.trends)
        feed.pictures_changed.connect(self._renew_choice)
        self.refresh()

    def choose(self, picture: str) -> None:
        """Show a picture, by its id, until the page is left."""
        self._has_choice = True
        self._show(picture)

    def refresh(self) -> None:
        """Bring what needs an operator into view."""
        if not self._has_choice:
            self._show(picture_in_need(self._feed))

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.picker.retranslate()
        for shown in (self.picture, self.trends):
            if shown is not None:
                shown.retranslate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._has_choice = False

    def _show(self, picture: str) -> None:
        if self.picture is None:
            return
        found = next(each for each in self._feed.plant.pictures if each.id == picture)
        self.picture.show_picture(found)
        self.picker.show_choice(picture)
        self._show_title(found)

    def _renew_choice(self) -> None:
        """Offer the pictures that there are now; a choice among the former ones is none any more."""
        self.picker.show_plant(self._feed.plant)
        self._has_choice = False
        self.refresh()

    def _keep_level(self, picture: Picture) -> None:
        """Stay where the operator went; what is most urgent does not pull the picture away."""
        self._has_choice = True
        self.picker.show_choice(picture.id)
        self._show_title(picture)

    def _show_title(self, picture: Picture) -> None:
        """Name the picture where no button of the choice does."""
        if self.picture is not None:
            self.picture.place.setVisible(len(self.picker.buttons) <= 1 or picture.id not in self.picker.buttons)
