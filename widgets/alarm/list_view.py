"""The table view of alarm lists: rows of one height, columns that share the width of the screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from widgets.alarm.column_width import ColumnWidth, widths
from widgets.alarm.delegate import PADDING, ROW, AlarmDelegate
from widgets.theme import SEMIBOLD, theme

WIDEST = 420
ELASTIC_LEAST = 90
ELASTIC_SHARE = 4.0


class AlarmListView(QTableView):
    """Shows one of the alarm models; `elastic` columns hold free texts, which gain most and give first."""

    def __init__(
        self,
        model: QAbstractTableModel,
        *,
        right: Collection[int],
        elastic: Collection[int],
        is_journal: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        look = theme()
        self.delegate = AlarmDelegate(self, right=right, is_journal=is_journal)
        self._elastic = frozenset(elastic)
        self._columns: list[ColumnWidth] = []
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

    def fit(self, samples: Mapping[int, Sequence[str]]) -> None:
        """Make columns wide enough for their heads and for these texts, as far as the screen allows."""
        self._columns = [self._column(place, samples.get(place, ())) for place in range(self.model().columnCount())]
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share()

    def _column(self, place: int, samples: Sequence[str]) -> ColumnWidth:
        look = theme()
        text = QFontMetrics(look.font("body", weight=SEMIBOLD))
        head = QFontMetrics(look.font("small")).horizontalAdvance(
            str(self.model().headerData(place, Qt.Orientation.Horizontal))
        )
        padding = look.px(2 * PADDING + 4)
        widest = max([head + look.px(14), *(text.horizontalAdvance(sample) for sample in samples)])
        needed = min(widest + padding, look.px(WIDEST))
        if place in self._elastic:
            least = min(max(head + look.px(14) + padding, look.px(ELASTIC_LEAST)), needed)
            return ColumnWidth(needed, least, ELASTIC_SHARE)
        return ColumnWidth(needed, needed, 1.0 if place else 0.0)

    def _share(self) -> None:
        for place, width in enumerate(widths(self._columns, self.viewport().width())):
            self.setColumnWidth(place, width)

    def blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink the signs of the first column: the signal Feed.blinked."""
        self.delegate.phase = phase
        self.viewport().update(0, 0, self.columnWidth(0), self.viewport().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.viewport().update()
        super().changeEvent(event)
