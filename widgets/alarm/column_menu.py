"""Which columns a list shows, and how high its rows are: chosen in a menu, and remembered with the window."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from widgets.alarm.list_view import AlarmListView
from widgets.preference import Preferences
from widgets.translation import tr

AnyColumn = TypeVar("AnyColumn", bound=IntEnum)
TOUCH = "touch-rows"


class ColumnMenu(QObject, Generic[AnyColumn]):
    """The choice of one list, remembered under `name`; `always`: columns without which a row says nothing."""

    def __init__(
        self,
        view: AlarmListView,
        preferences: Preferences,
        name: str,
        *,
        columns: type[AnyColumn],
        at_first: Sequence[AnyColumn],
        always: Collection[AnyColumn],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._preferences = preferences
        self._name = name
        self._columns = columns
        self._at_first = tuple(at_first)
        self._always = frozenset(always)
        head = view.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda place: self.menu({}).popup(head.mapToGlobal(place)))
        self.restore()
        head.sectionMoved.connect(lambda *_: self._remember())

    def restore(self) -> None:
        """Show the list as it was left; a name that there is no more is passed over."""
        known = {column.name.lower(): column for column in self._columns}
        chosen = [known[name] for name in self._preferences.columns(self._name) if name in known]
        chosen += [column for column in self._at_first if column in self._always and column not in chosen]
        is_remembered = bool(self._preferences.columns(self._name))
        self._show(chosen if is_remembered else self._at_first)
        self._view.show_touch_rows(is_touch=self._preferences.is_on(TOUCH))

    def toggle(self, column: AnyColumn) -> None:
        """Show a column at the end, or no longer."""
        shown = self._view.shown_columns()
        if column in self._always:
            return
        self._show([each for each in shown if each != column] if column in shown else [*shown, column])
        self._remember()

    def set_touch_rows(self, is_touch: bool) -> None:  # noqa: FBT001 - a slot
        """Make the rows of this list, and of the others from the next start on, high or low."""
        self._preferences.set_on(TOUCH, is_on=is_touch)
        self._view.show_touch_rows(is_touch=is_touch)

    def menu(self, titles: Mapping[AnyColumn, str]) -> QMenu:
        """Return the menu; it deletes itself. `titles`: of the columns, as in the head where it gives none."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self._view.shown_columns()
        for column in self._columns:
            title = titles.get(column) or str(self._view.model().headerData(column, Qt.Orientation.Horizontal))
            action = self._entry(menu, title, is_on=column in shown)
            action.setEnabled(column not in self._always)
            action.triggered.connect(lambda _=False, column=column: self.toggle(column))
        menu.addSeparator()
        touch = self._entry(menu, tr("High rows for gloves"), is_on=self._preferences.is_on(TOUCH))
        touch.triggered.connect(self.set_touch_rows)
        first = menu.addAction(tr("As at first"))
        first.triggered.connect(self._reset)
        return menu

    def _reset(self) -> None:
        self._show(self._at_first)
        self._preferences.set_columns(self._name, ())

    def _show(self, columns: Sequence[int]) -> None:
        head = self._view.horizontalHeader()
        head.blockSignals(True)
        self._view.show_columns(columns)
        head.blockSignals(False)
        self._view.viewport().update()

    def _remember(self) -> None:
        names = [self._columns(column).name.lower() for column in self._view.shown_columns()]
        self._preferences.set_columns(self._name, names)

    @staticmethod
    def _entry(menu: QMenu, title: str, *, is_on: bool) -> QAction:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(is_on)
        return action
