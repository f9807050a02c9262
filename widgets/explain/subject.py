"""Which value of a screen is meant: a tag's, the health or the remaining life of an equipment, or a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPointF
from PySide6.QtWidgets import QAbstractItemView


class SubjectKind(StrEnum):
    """What kind of value it is."""

    TAG = "tag"
    HEALTH = "health"
    FORECAST = "forecast"
    LIFE = "life"


@dataclass(frozen=True, slots=True)
class Subject:
    """`name`: of the tag, the id of the equipment or of the forecast."""

    kind: SubjectKind
    name: str


@runtime_checkable
class ShowsValues(Protocol):
    """A widget that knows which value it shows at a place of it; None: the one that has the focus, or the only one."""

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return what is shown there, None for nothing that could be explained."""
        ...


def of_tag(name: str) -> Subject | None:
    """Return the value of a tag, None for no name."""
    return Subject(SubjectKind.TAG, name) if name else None


def of_health(equipment: str) -> Subject | None:
    """Return the health of an equipment, None for no name."""
    return Subject(SubjectKind.HEALTH, equipment) if equipment else None


def row_at(view: QAbstractItemView, place: QPointF | None) -> QModelIndex:
    """Return the row of a list at a place of it, None: the present one; an invalid one where there is none."""
    if place is None:
        return view.currentIndex()
    return view.indexAt(view.viewport().mapFrom(view, place.toPoint()))
