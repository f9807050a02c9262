"""How an operator asks for an explanation of a value or for its trend: by its menu, by a key, or by a long press.

So it is in the window and in every dialog before it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog, QGestureEvent, QMenu, QTapAndHoldGesture, QWidget

from widgets.dock.kinds import TREND, VALUES
from widgets.explain.dialog import ExplainDialog
from widgets.explain.subject import ShowsValues, Subject, SubjectKind
from widgets.explain.walk import ValueWalk, places_of
from widgets.feed import Feed
from widgets.keyboard.shortcut import bind
from widgets.navigation import Navigation
from widgets.translation import tr

_ATTENDED = "explains its values"
"""The property of a window whose values can be explained already."""


class Explaining(QObject):
    """Of one window: finds which value is meant, and opens the dialog that explains it."""

    def __init__(self, feed: Feed, navigation: Navigation, window: QWidget) -> None:
        super().__init__(window)
        self._feed, self._navigation, self._window = feed, navigation, window
        navigation.explanation_asked.connect(self.explain)
        self._take_keys(window)
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr] # there is one

    def attend(self, window: QWidget, *, has_keys: bool = False) -> None:
        """Let keys, menu and long press of a dialog, or another window, do what they do in the plant's window.

        `has_keys`: whether it takes the keys of the plant's window anyway.
        """
        if window.property(_ATTENDED):
            return
        window.setProperty(_ATTENDED, True)
        window.installEventFilter(self)
        if has_keys:
            window.grabGesture(Qt.GestureType.TapAndHoldGesture)
        else:
            self._take_keys(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer what a dialog or a panel's window was asked that nothing within it answered."""
        if isinstance(watched, QWidget):
            if isinstance(event, QContextMenuEvent):
                return self.answer_menu(event, within=watched)
            if isinstance(event, QGestureEvent):
                self.press(event, within=watched)
        return super().eventFilter(watched, event)

    def _follow_focus(self, _: QWidget | None, focused: QWidget | None) -> None:
        """Attend a dialog of this window as soon as the keyboard comes to it."""
        top = focused.window() if focused is not None else None
        if isinstance(top, QDialog) and _belongs(top, self._window):
            self.attend(top)

    def _take_keys(self, window: QWidget) -> None:
        bind("window.explain", window, self.explain_focused)
        bind("window.trend", window, self.trend_focused)
        bind("window.walk", window, self.walk_active)
        window.grabGesture(Qt.GestureType.TapAndHoldGesture)

    def walk_active(self) -> None:
        """Walk over the values of the window, dialog or panel that has the keyboard."""
        active = QApplication.activeWindow()
        self.walk(active if active is not None and _belongs(active, self._window) else self._window)

    def walk(self, window: QWidget) -> ValueWalk | None:
        """Let the arrow keys come to every value that is seen of a window; None where there is none."""
        places = places_of(window, partial(self.subject_at, within=window))
        if not places:
            return None
        walk = ValueWalk(window, places)
        walk.explained.connect(self.explain)
        walk.menu_asked.connect(lambda subject, place: self.menu_of(subject, within=window).popup(place))
        return walk

    def subject_at(self, place: QPoint, *, within: QWidget | None = None) -> Subject | None:
        """Return the value that is shown at a place of the window, or of one that belongs to it; None for none."""
        root = within or self._window
        widget: QWidget | None = root.childAt(place)
        widget = widget or root
        while widget is not None:
            if isinstance(widget, ShowsValues):
                found = widget.shown_at(QPointF(widget.mapFrom(root, place)))
                if found is not None:
                    return found
            widget = widget.parentWidget() if widget is not root else None
        return None

    def focused(self) -> Subject | None:
        """Return the value that has the focus, or that is the only one of what has it."""
        widget: QWidget | None = QApplication.focusWidget() or self._window.focusWidget()
        while widget is not None and widget is not self._window:
            if isinstance(widget, ShowsValues):
                found = widget.shown_at(None)
                if found is not None:
                    return found
            if isinstance(widget, QDialog):
                return None  # what the page behind it shows is not meant
            widget = widget.parentWidget()
        return Subject(SubjectKind.TAG, self._navigation.tag) if self._navigation.tag else None

    def menu_at(self, place: QPoint, *, within: QWidget | None = None) -> QMenu | None:
        """Return the menu of the value at a place of the window, None where there is none; it deletes itself."""
        subject = self.subject_at(place, within=within)
        return self.menu_of(subject, within=within) if subject is not None else None

    def answer_menu(self, event: QContextMenuEvent, *, within: QWidget | None = None) -> bool:
        """Show the menu of the value that the pointer, or with the menu key the keyboard, is on."""
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        subject = self.focused() if is_key else self.subject_at(event.pos(), within=within)
        if subject is not None:
            self.menu_of(subject, within=within).popup(event.globalPos())
        return subject is not None

    def menu_of(self, subject: Subject, *, within: QWidget | None = None) -> QMenu:
        """Return the menu of a value; it deletes itself."""
        menu = QMenu(within or self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Explain this number (Alt+Enter)")).triggered.connect(partial(self._explain, subject))
        tag = self._tag_of(subject)
        if tag and self._feed.tags[tag].write is not None and not self._feed.plant.is_read_only:
            write = menu.addAction(tr("Write this value…"))
            write.triggered.connect(lambda: self._navigation.write_asked.emit(tag))
        if tag:
            trend = menu.addAction(tr("Show on the trends (Alt+T)"))
            trend.triggered.connect(lambda: self._navigation.open_trend((tag,)))
            for kind, text in (
                (TREND, tr("Keep its trend beside the page")),
                (VALUES, tr("Keep its value beside the page")),
            ):
                keep = menu.addAction(text)
                keep.triggered.connect(lambda _=False, kind=kind: self._ask_panel(kind, tag))
        if tag and self._feed.tags[tag].has_limits and not self._feed.is_replay:
            limits = menu.addAction(tr("Set limits…"))
            limits.triggered.connect(lambda: self._navigation.limits_asked.emit(tag))
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
        if subject.figure is not None:
            name = next(iter(subject.figure.tags), "")
        if subject.kind is SubjectKind.FORECAST:
            name = next((each.tag for each in self._feed.plant.forecasts if each.id == subject.name), "")
        return name if name in self._feed.tags and not self._feed.tags[name].is_text else ""

    def press(self, event: QGestureEvent, *, within: QWidget | None = None) -> None:
        """Explain the value that somebody keeps a finger on."""
        root = within or self._window
        gesture = event.gesture(Qt.GestureType.TapAndHoldGesture)
        if isinstance(gesture, QTapAndHoldGesture) and gesture.state() is Qt.GestureState.GestureFinished:
            subject = self.subject_at(root.mapFromGlobal(gesture.position().toPoint()), within=root)
            if subject is not None:
                self.explain(subject)

    def explain(self, subject: Subject) -> ExplainDialog | None:
        """Open the dialog of a value; None where the plant has it no more."""
        if subject.kind is SubjectKind.TAG and subject.name not in self._feed.tags:
            return None
        dialog = ExplainDialog(self._feed, subject, QApplication.activeModalWidget() or self._window)
        dialog.trend_asked.connect(lambda tag: self._navigation.open_trend((tag,)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        return dialog

    def _explain(self, subject: Subject, _: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot of QAction.triggered
        self.explain(subject)


def _belongs(widget: QWidget, window: QWidget) -> bool:
    """Return whether a window of its own was opened from a window."""
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        parent = parent.parentWidget()
    return parent is window
