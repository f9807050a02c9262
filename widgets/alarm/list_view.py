"""The table view of alarm lists: rows of one height, columns as wide as their texts, a comment takes what is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.alarm.delegate import PADDING, ROW, AlarmDelegate
from widgets.theme import SEMIBOLD, theme

WIDEST = 420
WIDENED_SHARE = 0.24


class AlarmListView(QTableView):
    """Shows one of the alarm models; `stretched` columns share what is left after `widened` took its part."""

    def __init__(
        self,
        model: QAbstractTableModel,
        *,
        right: Collection[int],
        stretched: Collection[int],
        widened: int,
        is_journal: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        look = theme()
        self.delegate = AlarmDelegate(self, right=right, is_journal=is_journal)
        self._stretched = frozenset(stretched)
        self._widened = widened
        self._needed = 0
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.px(ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(look.px(40))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in self._stretched:
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def fit(self, samples: Mapping[int, Sequence[str]]) -> None:
        """Make columns wide enough for their heads and for these texts."""
        look = theme()
        text = QFontMetrics(look.font("body", weight=SEMIBOLD))
        head = QFontMetrics(look.font("small"))
        for column in range(self.model().columnCount()):
            title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            widths = [text.horizontalAdvance(sample) for sample in samples.get(column, ())]
            if column not in self._stretched:
                wide = max(head.horizontalAdvance(title) + look.px(14), *widths, 0)
                self.setColumnWidth(column, min(wide + look.px(2 * PADDING + 4), look.px(WIDEST)))
        self._needed = self.columnWidth(self._widened)
        self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widen()

    def _widen(self) -> None:
        """On a wide screen the messages take more than they need, so that the row does not fall apart."""
        self.setColumnWidth(self._widened, max(self._needed, round(self.viewport().width() * WIDENED_SHARE)))

    def blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink the signs of the first column: the signal Feed.blinked."""
        self.delegate.phase = phase
        self.viewport().update(0, 0, self.columnWidth(0), self.viewport().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.viewport().update()
        super().changeEvent(event)
