"""The pages of an equipment that has more tags than there are panes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.translation import tr
from widgets.trend.segment import Segment


class PagePicker(QWidget):
    """One number per page; it hides where there is only one."""

    page_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._buttons: list[Segment] = []

    def show_pages(self, page: int, pages: int) -> None:
        """Show `pages` pages, the present one being `page` (from 0)."""
        while len(self._buttons) > pages:
            self._buttons.pop().deleteLater()
        while len(self._buttons) < pages:
            number = len(self._buttons)
            button = Segment(self)
            button.setText(str(number + 1))
            button.clicked.connect(lambda _=False, number=number: self.page_asked.emit(number))
            self._row.addWidget(button)
            self._buttons.append(button)
        for number, button in enumerate(self._buttons):
            button.setChecked(number == page)
        self.retranslate()
        self.setVisible(pages > 1)

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        for number, button in enumerate(self._buttons, start=1):
            button.setAccessibleName(tr("Page {n}", n=number))
