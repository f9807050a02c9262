"""How the pages of engineering lay out their lines, tables and trees."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QTableView,
    QTreeView,
    QWidget,
)

from widgets.choice import TickDelegate
from widgets.theme import theme

ROW = 32


def line_of(*parts: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None is empty space."""
    row = QHBoxLayout()
    row.setSpacing(theme().px(10))
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, 1 if isinstance(part, QLineEdit) else 0)
    return row


def scrolling(widget: QWidget) -> QScrollArea:
    """Return what lets a widget scroll that may be longer than there is room."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    return area


def plain_tree(view: QTreeView, model: QAbstractItemModel, widths: Mapping[int, int]) -> None:
    """Show a model as a tree with columns of these widths, its last one as wide as there is room."""
    view.setProperty("kind", "cells")
    view.setModel(model)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setItemDelegate(TickDelegate(view))
    view.setUniformRowHeights(True)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    _widen(view.header(), widths)


def plain_table(view: QTableView, model: QAbstractItemModel, widths: Mapping[int, int]) -> None:
    """Show a model as a table whose cells are written where one begins to type."""
    view.setProperty("kind", "cells")
    view.setModel(model)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(theme().hit(ROW))
    _widen(view.horizontalHeader(), widths)


def _widen(head: QHeaderView, widths: Mapping[int, int]) -> None:
    head.setStretchLastSection(True)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in widths.items():
        head.resizeSection(column, theme().px(width))
