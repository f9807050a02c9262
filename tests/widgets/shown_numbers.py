"""The numbers that a window shows, each with the place it stands at: painted, in labels, in the cells of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QLabel, QTableView, QWidget

from tests.widgets.text_room import PaintedTexts
from widgets.explain.reach import Explaining
from widgets.explain.subject import Subject
from widgets.explain.walk import places_of

VALUE = re.compile(r"^[<>≈~+]?\s?[−-]?\d[\d\u00a0\u202f ]*(\.\d+)?(\s?(?P<unit>[^\d\s:.,;()/-][^\s:.,;()]{0,7}))?$")
"""A number, with at most one word behind it: 104.8, 104.8 °C, 7.4 mm/s, 61 %, 340 h; no clock, no date, no sentence."""
MOST_ROWS = 40
NO_VALUES = {
    "Clock": "the time and the day",
    "PageTab": "a badge on the name of a page: what it counts is counted on that page",
    "QPushButton": "what the button does",
    "Segment": "what the button does",
    "PriorityChip": "what the button shows",
    "ConnectionRow": "how much is configured",
    "SheetView": "the configuration itself",
    "VersionPanel": "the numbers of versions",
    "LinePlot": "marks of an axis",
    "ExplainDialog": "the explanation itself",
    "Canvas": "a picture that is being drawn",
    "VersionDialog": "the numbers of versions",
    "PriorityShape": "the sign of a priority",
    "PictureView": "the sign of a priority; numbers are stamped, and asked for in the test of pictures",
}
"""Classes of widgets, or of what they stand in, whose numbers are no values, and why."""
NO_VALUES_BESIDE = {
    ("MaintenancePage", "QLabel"): "how many rows of a list are overdue",
    ("MaintenancePage", "TextTableView"): "the priority of work",
    ("AuditTrailPage", "AuditView"): "the number of a record that is about no tag",
    ("AuditTrailPage", "QLabel"): "how many records are listed",
    ("HandoverPage", "TextTableView"): "the priority of a point, and how many there are",
}


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as it stands on the screen: `place` is its middle, px of its `widget`."""

    text: str
    widget: QWidget
    place: QPoint


def shown_numbers(window: QWidget, painted: PaintedTexts) -> Iterator[ShownNumber]:
    """Yield what numbers a window shows that has just been painted."""
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() or widget.window() is not window or widget.visibleRegion().isEmpty():
            continue
        for text, place in _texts(widget, painted):
            if VALUE.match(text.strip()) and widget.visibleRegion().contains(place):
                yield ShownNumber(text.strip(), widget, place)


def _texts(widget: QWidget, painted: PaintedTexts) -> Iterator[tuple[str, QPoint]]:
    for each in painted.of.get(widget, ()):
        yield each.text, each.place.center().toPoint()
    if isinstance(widget, QHeaderView):
        return
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text(), widget.rect().center()
    view = widget.parentWidget()
    if isinstance(view, QAbstractItemView) and view.viewport() is widget and view.model() is not None:
        yield from _cells(view)


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, QPoint]]:
    model = view.model()
    for row in range(min(MOST_ROWS, model.rowCount())):
        for column in range(model.columnCount() if isinstance(view, QTableView) else 1):
            index = model.index(row, column)
            at: QRect = view.visualRect(index)
            text = index.data(Qt.ItemDataRole.DisplayRole)
            if isinstance(text, str) and not at.isEmpty():
                yield text, at.center()


def unexplained(window: QWidget, painted: PaintedTexts, explaining: Explaining) -> list[str]:
    """Return which shown values lead to no explanation: by the pointer, or by walking over them with the keyboard."""
    places = places_of(window, partial(explaining.subject_at, within=window))
    walked = {_key(place.subject) for place in places}
    found = []
    for shown in shown_numbers(window, painted):
        subject = explaining.subject_at(shown.widget.mapTo(window, shown.place), within=window)
        if subject is None:
            if not _is_no_value(shown.widget, window):
                found.append(f"{_where(shown.widget)} {shown.text!r}: nothing explains it")
        elif _key(subject) not in walked:
            found.append(f"{_where(shown.widget)} {shown.text!r}: no key comes to {subject.name}")
    return found


def _key(subject: Subject) -> tuple[str, str]:
    return subject.kind, subject.name


def _is_no_value(widget: QWidget, window: QWidget) -> bool:
    around = []
    here: QWidget | None = widget
    while here is not None:
        around.append(type(here).__name__)
        here = here.parentWidget() if here is not window else None
    pairs = ((outer, inner) for place, inner in enumerate(around) for outer in around[place:])
    return not NO_VALUES.keys().isdisjoint(around) or not NO_VALUES_BESIDE.keys().isdisjoint(pairs)


def _where(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(parent).__name__}/{type(widget).__name__}"
