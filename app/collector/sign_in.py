"""Signing in and off at the windows of one plant: checked here, delayed after wrong PINs, and audited."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from app.model import clock
from app.model.actor import Actor
from app.model.audit import AuditAction, AuditRecord
from app.model.control import Reason, ReasonCode
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.pubsub.channel import Reply
from app.pubsub.frame import SessionChanged, SignIn
from app.security.attempts import Attempts
from app.security.session import IDLE_S, Sessions
from app.security.users import User, UserError, Users

log = logging.getLogger(__name__)


class SignInDesk:
    """Knows who acts at which window; `audit` takes a line for the trail."""

    def __init__(self, folder: PlantFolder, audit: Callable[[AuditRecord], object], *, idle_s: float = IDLE_S) -> None:
        """Use the users of the plant in `folder`."""
        self._users = Users(folder.users)
        self._sessions = Sessions(idle_s=idle_s)
        self._attempts = Attempts()
        self._audit = audit
        self._idle_s = idle_s

    def actor(self, window: Reply) -> Actor:
        """Return who acts at a window now, in the role that the file of users says by now."""
        name = self._sessions.name(window)
        if name:
            try:
                self._sessions.recast(window, self._users.find(name))
            except UserError as error:
                log.error("session.users_unusable %s", error)  # noqa: TRY400 - the message says all
                self._sessions.recast(window, None)
        return self._sessions.actor(window, clock.monotonic_ns())

    @property
    def has_users(self) -> bool:
        """Return whether the plant has users; of a file that cannot be read it is not known that it has none."""
        try:
            return bool(self._users.all())
        except UserError as error:
            log.error("session.users_unusable %s", error)  # noqa: TRY400 - the message says all
            return True

    def role_of(self, name: str) -> Role | None:
        """Return the role that the file of users gives to somebody, None for nobody of that name."""
        try:
            user = self._users.find(name)
        except UserError as error:
            log.error("session.users_unusable %s", error)  # noqa: TRY400 - the message says all
            return None
        return None if user is None else user.role

    async def proof_refusal(self, name: str, secret: str) -> Reason | None:
        """Return why a secret does not prove that somebody is `name`, None where it does; wrong ones are delayed."""
        found = await self._proven(name, secret)
        return found if isinstance(found, Reason) else None

    async def sign_in(self, command: SignIn, window: Reply) -> None:
        """Sign in at a window, and answer it."""
        user = await self._proven(command.name, command.secret)
        if isinstance(user, Reason):
            self._refuse(command, window, user)
            return
        actor = self._sessions.sign_in(window, user, window=command.window, now=clock.monotonic_ns())
        self._note(AuditAction.SIGN_IN, actor)
        window(SessionChanged(command.request, actor.name, actor.role))

    def sign_off(self, window: Reply, *, reason: Reason | None = None) -> None:
        """Sign off at a window, and tell it."""
        actor = self._sessions.sign_off(window)
        if actor is not None:
            self._note(AuditAction.SIGN_OFF, actor, reason)
        window(SessionChanged(0, "", None, reason))

    def leave(self, window: Reply) -> None:
        """Forget a window that is gone."""
        actor = self._sessions.sign_off(window)
        if actor is not None:
            self._note(AuditAction.SIGN_OFF, actor, Reason(ReasonCode.WINDOW_GONE))

    def tick(self) -> None:
        """Sign off who has not used a window for too long."""
        reason = Reason(ReasonCode.IDLE, {"minutes": f"{self._idle_s / 60:.3g}"})
        for window in self._sessions.idle(clock.monotonic_ns()):
            assert callable(window)  # noqa: S101 - sessions are keyed by what answers their window
            self.sign_off(window, reason=reason)

    async def _proven(self, name: str, secret: str) -> User | Reason:
        wait_s = self._attempts.wait_s(name, clock.monotonic_ns())
        if wait_s > 0:
            return Reason(ReasonCode.WAIT, {"seconds": f"{wait_s:.0f}"})
        try:
            user = await asyncio.to_thread(self._users.verify, name, secret)
        except UserError as error:
            return Reason(ReasonCode.NO_USERS, {"reason": str(error)})
        if user is None:
            self._attempts.note_wrong(name, clock.monotonic_ns())
            return Reason(ReasonCode.WRONG_SIGN_IN)
        self._attempts.note_right(name)
        return user

    def _refuse(self, command: SignIn, window: Reply, reason: Reason) -> None:
        self._note(AuditAction.SIGN_IN_REFUSED, Actor(command.window, command.name), reason)
        window(SessionChanged(command.request, "", None, reason))

    def _note(self, action: AuditAction, actor: Actor, reason: Reason | None = None) -> None:
        self._audit(
            AuditRecord(
                clock.now_ns(),
                action,
                user=actor.name,
                role=actor.role or "",
                window=actor.window,
                reason=str(reason or ""),
            )
        )
