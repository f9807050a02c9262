"""Who is signed in at this window; the collector has the last word, here it is only shown and asked for."""

from __future__ import annotations

import os
from itertools import count

from PySide6.QtCore import QObject, Signal

from app.model.role import Role
from app.pubsub.frame import SessionChanged, SignIn, SignOff
from widgets.control.wording import reason_text
from widgets.feed import Feed
from widgets.translation import tr


class ControlSession(QObject):
    """`changed` comes whenever somebody signs in or off; `refused` says why a sign-in failed."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.role: Role | None = None
        self._feed = feed
        self._requests = count(1)
        self._asked = 0
        feed.session_changed.connect(self._take)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is signed in at this window."""
        return bool(self.name)

    def sign_in(self, name: str, secret: str) -> None:
        """Ask the collector to let somebody in."""
        self._asked = next(self._requests)
        if not self._feed.requests.send(SignIn(self._asked, name.strip(), secret, f"window {os.getpid()}")):
            self.refused.emit(tr("The collector was not reached; try again when it is connected"))

    def sign_off(self) -> None:
        """Tell the collector that whoever is signed in leaves."""
        self._feed.requests.send(SignOff())

    def _take(self, told: SessionChanged) -> None:
        if told.reason is not None and told.request:
            self.refused.emit(reason_text(told.reason))
            return
        if (told.name, told.role) != (self.name, self.role):
            self.name, self.role = told.name, told.role
            self.changed.emit()
