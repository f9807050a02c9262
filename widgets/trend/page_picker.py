"""The pages of an equipment that has more tags than there are panes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from widgets.translation import tr
from widgets.trend.segment import Segment

BACK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
ON = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


class PagePicker(QWidget):
    """Back, "2 / 6", on; it hides where there is only one page. After the last page comes the first."""

    page_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._pages = 0, 1
        self.back, self.on = Segment(), Segment()
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setProperty("tone", "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button, sign, step in ((self.back, BACK, -1), (self.on, ON, 1)):
            button.setCheckable(False)
            button.setText(sign)
            button.clicked.connect(lambda _=False, step=step: self._turn(step))
        for widget in (self.back, self.label, self.on):
            row.addWidget(widget)
        self.retranslate()

    def show_pages(self, page: int, pages: int) -> None:
        """Show that page `page` (from 0) of `pages` is in view."""
        self._page, self._pages = page, pages
        self.retranslate()
        self.setVisible(pages > 1)

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.label.setText(f"{self._page + 1} / {self._pages}")
        self.label.setAccessibleName(tr("Page {n} of {pages}", n=self._page + 1, pages=self._pages))
        for button, name in ((self.back, tr("Previous signals")), (self.on, tr("More signals"))):
            button.setAccessibleName(name)
            button.setToolTip(name)

    def _turn(self, step: int) -> None:
        self.page_asked.emit((self._page + step) % self._pages)
