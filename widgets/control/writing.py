"""What lets the operator of one window write and call: opens faceplates, and knows who is signed in."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.model.control import ControlRecord, ControlState
from app.model.method import MethodDefinition
from app.model.tag import TagDefinition
from widgets.control.call_plate import CallPlate
from widgets.control.command_plate import CommandPlate
from widgets.control.faceplate import Faceplate
from widgets.control.session import ControlSession
from widgets.control.sign_in import SignInDialog
from widgets.control.wording import reason_text
from widgets.feed import Feed
from widgets.translation import local, tr


class Writing(QObject):
    """`told` says what became of a write that nobody watches any more, and of those that a crash left unknown."""

    told = Signal(str)

    def __init__(self, feed: Feed, window: QWidget) -> None:
        super().__init__(window)
        self.session = ControlSession(feed, self)
        self._feed = feed
        self._window = window
        self._open: dict[str, Faceplate] = {}
        self._open_calls: dict[str, CallPlate] = {}
        feed.control_changed.connect(self._watch)

    @property
    def tags(self) -> list[TagDefinition]:
        """Return the tags that can be written; none in a plant that is read-only."""
        plant = self._feed.plant
        return [] if plant.is_read_only else [tag for tag in plant.tags if tag.write is not None]

    def open(self, name: str) -> Faceplate | None:
        """Open the faceplate of a tag, or bring the open one forward; None where the tag cannot be written."""
        tag = next((tag for tag in self.tags if tag.name == name), None)
        if tag is None or tag.write is None:
            return None
        if name not in self._open:
            plate = Faceplate(self._feed, self.session, tag, tag.write, self._window)
            plate.finished.connect(lambda: self._forget(name))
            self._open[name] = plate
            plate.show()
        self._open[name].activateWindow()
        return self._open[name]

    @property
    def methods(self) -> list[MethodDefinition]:
        """Return the methods that can be called; none in a plant that is read-only."""
        plant = self._feed.plant
        return [] if plant.is_read_only else [method for method in plant.methods if method.is_enabled]

    def open_method(self, name: str) -> CallPlate | None:
        """Open the faceplate of a method, or bring the open one forward; None where it cannot be called."""
        method = next((method for method in self.methods if method.name == name), None)
        if method is None:
            return None
        if name not in self._open_calls:
            plate = CallPlate(self._feed, self.session, method, self._window)
            plate.finished.connect(lambda: self._forget_call(name))
            self._open_calls[name] = plate
            plate.show()
        self._open_calls[name].activateWindow()
        return self._open_calls[name]

    def sign_in_or_off(self) -> None:
        """Sign off who is signed in, else ask who wants to be."""
        if self.session.is_signed_in:
            self.session.sign_off()
        else:
            self.ask_sign_in()

    def ask_sign_in(self) -> None:
        """Ask who wants to sign in."""
        dialog = SignInDialog(self.session, parent=self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget(self, name: str) -> None:
        plate = self._open.pop(name, None)
        if plate is not None:
            plate.deleteLater()

    def _forget_call(self, name: str) -> None:
        plate = self._open_calls.pop(name, None)
        if plate is not None:
            plate.deleteLater()

    def _watch(self, record: ControlRecord) -> None:
        """Tell what no faceplate of this window shows, where somebody has to look after it."""
        plates: list[CommandPlate] = [*self._open.values(), *self._open_calls.values()]
        is_shown = any(plate.record is not None and plate.record.operation == record.operation for plate in plates)
        if is_shown or record.state not in {ControlState.FAILED, ControlState.UNKNOWN}:
            return
        tag = self._feed.tags.get(record.tag)
        title = local(tag.title) if tag is not None else record.tag
        reason = reason_text(record.reason) if record.reason is not None else ""
        if record.method:
            told = tr("Call of {method} by {user}: {reason}", method=record.method, user=record.user, reason=reason)
            self.told.emit(told)
            return
        self.told.emit(
            tr("Write of {tag} by {user}: {reason}", tag=f"{record.tag} {title}", user=record.user, reason=reason)
        )
