"""Who is signed in at which window, and until when: signing in is checked in the collector, never in a window."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from app.model.actor import Actor
from app.model.clock import NS_PER_S
from app.security.users import User

IDLE_S = 900.0


@dataclass(slots=True)
class _Session:
    """A user at a window; `used`: monotonic ns of the last command."""

    user: User
    window: str
    used: int


class Sessions:
    """The sessions by window (any hashable); `now` is always monotonic ns."""

    def __init__(self, *, idle_s: float = IDLE_S) -> None:
        """Begin with nobody; who gives no command for `idle_s` is signed off."""
        self._idle_ns = int(idle_s * NS_PER_S)
        self._sessions: dict[Hashable, _Session] = {}

    def sign_in(self, owner: Hashable, user: User, *, window: str, now: int) -> Actor:
        """Sign a user in at a window, in place of whoever was there."""
        self._sessions[owner] = _Session(user, window, now)
        return self.actor(owner, now)

    def sign_off(self, owner: Hashable) -> Actor | None:
        """Sign off whoever is at a window; return who that was."""
        session = self._sessions.pop(owner, None)
        return _actor(session) if session is not None else None

    def actor(self, owner: Hashable, now: int) -> Actor:
        """Return who acts at a window, and count that as a use; an Actor without a name where nobody is signed in."""
        session = self._sessions.get(owner)
        if session is None or now - session.used > self._idle_ns:
            return Actor("")
        session.used = now
        return _actor(session)

    def idle(self, now: int) -> list[Hashable]:
        """Return the windows whose session has been idle for too long."""
        return [owner for owner, session in self._sessions.items() if now - session.used > self._idle_ns]

    def recast(self, owner: Hashable, user: User | None) -> None:
        """Give a session the role that its user has by now; None signs off."""
        if user is None:
            self._sessions.pop(owner, None)
        elif owner in self._sessions:
            self._sessions[owner].user = user

    def name(self, owner: Hashable) -> str:
        """Return the name of who is signed in at a window, "" for nobody."""
        session = self._sessions.get(owner)
        return session.user.name if session is not None else ""


def _actor(session: _Session) -> Actor:
    return Actor(session.window, session.user.name, session.user.role)
