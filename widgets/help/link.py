"""One click from where nothing is shown, or something is wrong, to what the help says of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from widgets.navigation import Navigation
from widgets.theme import theme
from widgets.translation import tr

GAP = 6


class HelpLink(QPushButton):
    """Stands below the text of a label that says why nothing is shown, and comes and goes with it."""

    def __init__(self, label: QLabel, link: str, navigation: Navigation) -> None:
        super().__init__(label)
        self._label = label
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.clicked.connect(lambda _=False: navigation.help_asked.emit(link))
        label.installEventFilter(self)
        self._name()
        label.setContentsMargins(0, 0, 0, theme().px(GAP) + self._height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._label and event.type() in {QEvent.Type.Paint, QEvent.Type.Resize}:
            self._stand()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def _name(self) -> None:
        self.setText(tr("What can be done here?"))

    def _height(self) -> int:
        return max(self.sizeHint().height(), theme().hit(0))

    def _stand(self) -> None:
        """Stand below the text, wherever that is at this width: in the middle, or where its lines begin."""
        label, look = self._label, theme()
        room = label.contentsRect()
        flags = int(label.alignment()) | int(Qt.TextFlag.TextWordWrap)
        text: QRect = label.fontMetrics().boundingRect(room, flags, label.text())
        width, height = self.sizeHint().width(), self._height()
        top = min(text.bottom() + look.px(GAP), label.height() - height)
        is_middle = bool(label.alignment() & Qt.AlignmentFlag.AlignHCenter)
        left = room.center().x() - width // 2 if is_middle else room.left()
        place = QRect(left, top, width, height)
        if place != self.geometry():
            self.setGeometry(place)
