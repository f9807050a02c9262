"""The view of the audit trail: what was done, to what, and its details have what the others leave."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.audit.table import AuditColumn
from widgets.theme import theme

ROW = 28
WIDTHS = {
    AuditColumn.NUMBER: 76,
    AuditColumn.TIME: 160,
    AuditColumn.ACTION: 190,
    AuditColumn.PERSON: 110,
    AuditColumn.OBJECT: 330,
}
FLEXIBLE = frozenset({AuditColumn.PERSON, AuditColumn.OBJECT})
LAST_WANTED, LAST_LEAST = 400, 110
"""What the last column has before the flexible ones give, and keeps on a page beside panels, px at scale 1."""
LEAST_SHARE, FLEXIBLE_PART = 0.35, 0.75
"""What the flexible columns keep of their widths, and get of what is left where that is little."""


class AuditView(QTableView):
    """All columns stand in it, however narrow it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "texts")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme().hit(ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        room, flexible = self.viewport().width() / theme().scale, sum(WIDTHS[each] for each in FLEXIBLE)
        left = room - (sum(WIDTHS.values()) - flexible)
        wanted = min((left - LAST_WANTED) / flexible, 1.0)
        share = max(LEAST_SHARE, wanted, min(left * FLEXIBLE_PART, left - LAST_LEAST, left / 2) / flexible)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, int(theme().px(width) * (min(share, 1.0) if column in FLEXIBLE else 1.0)))
