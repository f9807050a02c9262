"""Up to the picture above and down to those below: the display levels of ISA-101, one press apart."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.model.picture import Picture
from app.model.picture_levels import picture_above, pictures_below
from app.model.plant import Plant
from widgets.keyboard.shortcut import bind
from widgets.translation import local, tr
from widgets.trend.segment import Segment

UP, DOWN = "↑", "↓"


class LevelBar(QWidget):
    """Two buttons, each only there where it leads somewhere; Alt+Up and Alt+Down do the same within `around`."""

    picture_asked = Signal(object)  # Picture

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self._above: Picture | None = None
        self._below: tuple[Picture, ...] = ()
        self.up, self.down = Segment(), Segment()
        self.menu = QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button, sign, call, name in (
            (self.up, UP, self.go_up, "pictures.up"),
            (self.down, DOWN, self.go_down, "pictures.down"),
        ):
            button.setText(sign)
            button.setCheckable(False)
            button.clicked.connect(call)
            row.addWidget(button)
            bind(name, around, call, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.show_level(None, None)

    def show_level(self, plant: Plant | None, picture: Picture | None) -> None:
        """Offer what is above and below a picture."""
        self._above = picture_above(plant, picture) if plant is not None and picture is not None else None
        self._below = pictures_below(plant, picture) if plant is not None and picture is not None else ()
        self.up.setVisible(self._above is not None)
        self.down.setVisible(bool(self._below))
        self.retranslate()

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        above = tr("Up to {picture} (Alt+Up)", picture=local(self._above.title)) if self._above is not None else ""
        names = ", ".join(local(each.title) for each in self._below)
        below = tr("Down to {pictures} (Alt+Down)", pictures=names) if self._below else ""
        for button, text in ((self.up, above), (self.down, below)):
            button.setToolTip(text)
            button.setAccessibleName(text)

    def go_up(self) -> None:
        """Ask for the picture above."""
        if self._above is not None:
            self.picture_asked.emit(self._above)

    def go_down(self) -> None:
        """Ask for the only picture below, or let one be chosen."""
        if len(self._below) == 1:
            self.picture_asked.emit(self._below[0])
        elif self._below:
            self.choices().popup(self.down.mapToGlobal(QPoint(0, self.down.height())))

    def choices(self) -> QMenu:
        """Return the menu of the pictures below."""
        self.menu.clear()
        for each in self._below:
            action = self.menu.addAction(local(each.title))
            action.triggered.connect(lambda _=False, each=each: self.picture_asked.emit(each))
        return self.menu
