"""What the linter finds in the picture that is being drawn, while it is drawn; a press selects the element."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.picture.finding import Finding
from app.picture.lint import lint
from widgets.feed import Feed
from widgets.operation import Operation
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.finding_text import finding_text

REST_MS = 250


class FindingList(QListWidget):
    """Looked for in the background once nothing was changed for a quarter of a second."""

    found = Signal(int)  # how many there are

    def __init__(self, feed: Feed, edited: EditedPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._edited = feed, edited
        self._turn = 0
        self.findings: tuple[Finding, ...] = ()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.look)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._select)
        self.itemActivated.connect(self._select)
        self.show_edited(edited)

    def show_edited(self, edited: EditedPicture) -> None:
        """Look at another picture."""
        self._edited = edited
        edited.changed.connect(self._rest.start)
        self.look()

    def look(self) -> None:
        """Look the picture through."""
        self._turn += 1
        turn, picture, plant = self._turn, self._edited.picture, self._feed.plant

        def done(found: list[Finding]) -> None:
            if turn == self._turn:
                self.show_findings(found)

        Operation(self, lambda: lint(picture, plant)).success(done).start()

    def show_findings(self, found: list[Finding]) -> None:
        """Show what was found."""
        self.findings = tuple(found)
        self.clear()
        for finding in found:
            item = QListWidgetItem(finding_text(finding))
            item.setToolTip(finding_text(finding))
            self.addItem(item)
        self.found.emit(len(found))

    def _select(self, item: QListWidgetItem) -> None:
        place = self.findings[self.row(item)].place
        if place is not None:
            self._edited.select({self._edited.drawing.number_at(*place)})
