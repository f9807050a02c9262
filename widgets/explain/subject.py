"""Which value of a screen is meant: a tag's, the health or remaining life of an equipment, a forecast, or a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QSize
from PySide6.QtWidgets import QAbstractItemView

from widgets.explain.figure import Figure


class SubjectKind(StrEnum):
    """What kind of value it is."""

    TAG = "tag"
    HEALTH = "health"
    FORECAST = "forecast"
    LIFE = "life"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Subject:
    """`name`: of the tag, the id of the equipment or of the forecast, the title of the figure; `figure`: how it is."""

    kind: SubjectKind
    name: str
    figure: Figure | None = None


@runtime_checkable
class ShowsValues(Protocol):
    """A widget that knows which value it shows at a place of it; None: the one that has the focus, or the only one."""

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return what is shown there, None for nothing that could be explained."""
        ...


@runtime_checkable
class ListsValues(ShowsValues, Protocol):
    """One that also knows where its values stand, and need not be asked place by place."""

    def shown_places(self) -> Iterable[tuple[QRect, Subject]]:
        """Return the places that can be seen, px of the widget, each with what is shown there."""
        ...


def of_tag(name: str) -> Subject | None:
    """Return the value of a tag, None for no name."""
    return Subject(SubjectKind.TAG, name) if name else None


def of_health(equipment: str) -> Subject | None:
    """Return the health of an equipment, None for no name."""
    return Subject(SubjectKind.HEALTH, equipment) if equipment else None


def of_figure(figure: Figure) -> Subject:
    """Return a figure as what is to be explained."""
    return Subject(SubjectKind.FIGURE, figure.title, figure)


def row_places(view: QAbstractItemView) -> Iterator[QRect]:
    """Yield where the rows of a list stand that can be seen, px of the list."""
    viewport = view.viewport()
    y, row = 1, view.indexAt(QPoint(1, 1))
    while row.isValid() and y < viewport.height():
        at = view.visualRect(row)
        yield QRect(viewport.mapTo(view, QPoint(0, at.top())), QSize(viewport.width(), at.height()))
        y = at.bottom() + 2
        row = view.indexAt(QPoint(1, y))


def row_at(view: QAbstractItemView, place: QPointF | None) -> QModelIndex:
    """Return the row of a list at a place of it, None: the present one; an invalid one where there is none."""
    if place is None:
        return view.currentIndex()
    return view.indexAt(view.viewport().mapFrom(view, place.toPoint()))
