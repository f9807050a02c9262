"""How an operator asks for an explanation of a value or for its trend: by its menu, by a key, or by a long press."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QGestureEvent, QMenu, QTapAndHoldGesture, QWidget

from widgets.dock.kinds import TREND, VALUES
from widgets.explain.dialog import ExplainDialog
from widgets.explain.subject import ShowsValues, Subject, SubjectKind
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.shortcut import bind
from widgets.translation import tr


class Explaining(QObject):
    """Of one window: finds which value is meant, and opens the dialog that explains it."""

    def __init__(self, feed: Feed, navigation: Navigation, window: QWidget) -> None:
        super().__init__(window)
        self._feed, self._navigation, self._window = feed, navigation, window
        navigation.explanation_asked.connect(self.explain)
        bind("window.explain", window, self.explain_focused)
        bind("window.trend", window, self.trend_focused)
        window.grabGesture(Qt.GestureType.TapAndHoldGesture)

    def subject_at(self, place: QPoint, *, within: QWidget | None = None) -> Subject | None:
        """Return the value that is shown at a place of the window, or of one that belongs to it; None for none."""
        root = within or self._window
        widget: QWidget | None = root.childAt(place)
        while widget is not None and widget is not root:
            if isinstance(widget, ShowsValues):
                found = widget.shown_at(QPointF(widget.mapFrom(root, place)))
                if found is not None:
                    return found
            widget = widget.parentWidget()
        return None

    def focused(self) -> Subject | None:
        """Return the value that has the focus, or that is the only one of what has it."""
        widget: QWidget | None = QApplication.focusWidget() or self._window.focusWidget()
        while widget is not None and widget is not self._window:
            if isinstance(widget, ShowsValues):
                found = widget.shown_at(None)
                if found is not None:
                    return found
            widget = widget.parentWidget()
        return Subject(SubjectKind.TAG, self._navigation.tag) if self._navigation.tag else None

    def menu_at(self, place: QPoint, *, within: QWidget | None = None) -> QMenu | None:
        """Return the menu of the value at a place of the window, None where there is none; it deletes itself."""
        subject = self.subject_at(place, within=within)
        if subject is None:
            return None
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Explain this number (Alt+Enter)")).triggered.connect(partial(self._explain, subject))
        tag = self._tag_of(subject)
        if tag:
            trend = menu.addAction(tr("Show on the trends (Alt+T)"))
            trend.triggered.connect(lambda: self._navigation.open_trend((tag,)))
            for kind, text in (
                (TREND, tr("Keep its trend beside the page")),
                (VALUES, tr("Keep its value beside the page")),
            ):
                keep = menu.addAction(text)
                keep.triggered.connect(lambda _=False, kind=kind: self._ask_panel(kind, tag))
        return menu

    def _ask_panel(self, kind: str, tag: str) -> None:
        self._navigation.panel_asked.emit(kind, (tag,))

    def explain_focused(self) -> None:
        """Explain the value that has the focus."""
        subject = self.focused()
        if subject is not None:
            self.explain(subject)

    def trend_focused(self) -> None:
        """Show the value that has the focus on the trends."""
        subject = self.focused()
        tag = self._tag_of(subject) if subject is not None else ""
        if tag:
            self._navigation.open_trend((tag,))

    def _tag_of(self, subject: Subject) -> str:
        """Return the tag whose trend shows a value: of a forecast the one that it is of; "" for none."""
        name = subject.name if subject.kind is SubjectKind.TAG else ""
        if subject.kind is SubjectKind.FORECAST:
            name = next((each.tag for each in self._feed.plant.forecasts if each.id == subject.name), "")
        return name if name in self._feed.tags and not self._feed.tags[name].is_text else ""

    def explain_at(self, place: QPoint) -> None:
        """Explain the value at a place of the window, if there is one."""
        subject = self.subject_at(place)
        if subject is not None:
            self.explain(subject)

    def press(self, event: QGestureEvent) -> None:
        """Explain the value that somebody keeps a finger on."""
        gesture = event.gesture(Qt.GestureType.TapAndHoldGesture)
        if isinstance(gesture, QTapAndHoldGesture) and gesture.state() is Qt.GestureState.GestureFinished:
            self.explain_at(self._window.mapFromGlobal(gesture.position().toPoint()))

    def explain(self, subject: Subject) -> ExplainDialog | None:
        """Open the dialog of a value; None where the plant has it no more."""
        if subject.kind is SubjectKind.TAG and subject.name not in self._feed.tags:
            return None
        dialog = ExplainDialog(self._feed, subject, self._window)
        dialog.trend_asked.connect(lambda tag: self._navigation.open_trend((tag,)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        return dialog

    def _explain(self, subject: Subject, _: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot of QAction.triggered
        self.explain(subject)
