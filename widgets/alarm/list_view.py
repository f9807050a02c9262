"""The table view of alarm lists: rows of one height, columns that share the width of the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from app.model.alarm import AlarmRecord
from widgets.alarm.delegate import PADDING, ROW, TOUCH_ROW, AlarmDelegate
from widgets.column_width import ColumnWidth, widths
from widgets.drag.value_drag import ValueDrag
from widgets.explain.subject import Subject, of_tag, row_at
from widgets.theme import SEMIBOLD, theme

WIDEST = 420
ELASTIC_LEAST, LAST_LEAST = 250, 90
"""So much a column of free texts keeps where room is short, and one of the `last` ones, px at scale 1.

Nearly all messages are whole in the first."""
ELASTIC_SHARE = 4.0
YIELDING_LEAST = 112


class AlarmListView(QTableView):
    """Shows one of the alarm models; `elastic` columns hold free texts, which gain most and give first.

    Where room is short, `yielding` columns do without what stands in them seldom, and `last` ones at the right end are
    reached by scrolling instead of cutting the others.

    A drag that begins on a chosen row carries the tags of all chosen ones; elsewhere it chooses rows.

    `keys`: what keys of the keyboard do while the list has the focus, by QKeyCombination.toCombined().
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        *,
        right: Collection[int],
        elastic: Collection[int],
        last: Collection[int] = (),
        yielding: Collection[int] = (),
        is_journal: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        look = theme()
        self.delegate = AlarmDelegate(self, right=right, is_journal=is_journal)
        self._elastic, self._last, self._yielding = frozenset(elastic), frozenset(last), frozenset(yielding)
        self._columns: list[ColumnWidth] = []
        self._samples: Mapping[int, Sequence[str]] = {}
        self.keys: dict[int, Callable[[], object]] = {}
        self.drag = ValueDrag(self.viewport(), self.tags_at)
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
        self.verticalHeader().setDefaultSectionSize(look.hit(ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(look.px(40))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionsMovable(True)

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row in view; the last is below the first where there is none."""
        first, height = max(0, self.rowAt(0)), self.viewport().height()
        last = self.rowAt(height - 1)
        if last < 0:  # the rows end above, or have just come and are not laid out yet
            last = min(self.model().rowCount() - 1, first + height // self.verticalHeader().defaultSectionSize())
        return first, last

    def tags_at(self, place: QPointF) -> list[str]:
        """Return the tags of the chosen rows where one of them is there, else none."""
        chosen = self.selectionModel().selectedRows()
        if self.rowAt(round(place.y())) not in {index.row() for index in chosen}:
            return []
        records = [index.data(Qt.ItemDataRole.UserRole) for index in chosen]
        return list(dict.fromkeys(each.tag for each in records if isinstance(each, AlarmRecord) and each.tag))

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value of the alarm in the row at a place, or in the present row."""
        row = row_at(self, place)
        record = row.siblingAtColumn(0).data(Qt.ItemDataRole.UserRole) if row.isValid() else None
        return of_tag(record.tag) if isinstance(record, AlarmRecord) else None

    def show_touch_rows(self, *, is_touch: bool) -> None:
        """Make the rows high enough for a finger in a glove, or as many as fit."""
        self.verticalHeader().setDefaultSectionSize(theme().hit(TOUCH_ROW if is_touch else ROW))

    def show_columns(self, order: Sequence[int]) -> None:
        """Show these columns in this order, and no other."""
        head = self.horizontalHeader()
        for place, column in enumerate(order):
            head.moveSection(head.visualIndex(column), place)
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column not in order)
        self.fit(self._samples)

    def shown_columns(self) -> list[int]:
        """Return the columns that are in view, from left to right."""
        head = self.horizontalHeader()
        every = [head.logicalIndex(place) for place in range(head.count())]
        return [column for column in every if not self.isColumnHidden(column)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        call = self.keys.get(event.keyCombination().toCombined())
        if call is not None:
            call()
        else:
            super().keyPressEvent(event)

    def fit(self, samples: Mapping[int, Sequence[str]]) -> None:
        """Make columns wide enough for their heads and for these texts, as far as the screen allows."""
        self._samples = samples
        self._columns = [self._column(place, samples.get(place, ())) for place in self.shown_columns()]
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
            own = look.px(LAST_LEAST if place in self._last else ELASTIC_LEAST)
            return ColumnWidth(needed, min(max(head + look.px(14) + padding, own), needed), ELASTIC_SHARE)
        least = min(needed, look.px(YIELDING_LEAST)) if place in self._yielding else needed
        return ColumnWidth(needed, least, 1.0 if place else 0.0)

    def _share(self) -> None:
        shown, room, front = self.shown_columns(), self.viewport().width(), len(self._columns)
        while front and shown[front - 1] in self._last and sum(each.least for each in self._columns[:front]) > room:
            front -= 1
        shared = widths(self._columns[:front], room) + [each.needed for each in self._columns[front:]]
        for column, width in zip(shown, shared, strict=False):
            self.setColumnWidth(column, width)

    def blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        """Blink the signs of the first column: the signal Feed.blinked."""
        self.delegate.phase = phase
        self.viewport().update(0, 0, self.columnWidth(0), self.viewport().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.viewport().update()
        super().changeEvent(event)
