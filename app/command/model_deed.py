"""What the command line does to models: into the plant's file and its log at once, also while it is collected."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.user import asked_secret
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.role import Role

if TYPE_CHECKING:
    from app.learning.store import ModelStore
    from app.model.learned_model import ModelRecord
    from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class Person:
    """Who does it; `role`: "" in a plant without users, where it is the owner of this process."""

    name: str
    role: str


def person(folder: PlantFolder, user: str) -> Person:
    """Return who acts, proven by a PIN where the plant has users; raise UsageFailure."""
    if not folder.users.exists():
        return Person(user or getpass.getuser(), "")
    from app.security.users import Users

    if not user:
        raise UsageFailure("say which engineer does it: --user NAME")
    found = Users(folder.users).verify(user, asked_secret(user))
    if found is None:
        raise UsageFailure(f"{user}: name or PIN is wrong")
    if not found.role.includes(Role.ENGINEER):
        raise UsageFailure(f"{user} is {found.role}, and this needs an {Role.ENGINEER}")
    return Person(found.name, found.role)


@contextmanager
def kept(folder: PlantFolder, records: list[AuditRecord]) -> Iterator[ModelStore]:
    """Give the store; what is done with it comes on disk with `records`, which may be filled until then, and signed."""
    from app.audit.checkpoints import CheckpointKeeper
    from app.audit.journal import AuditJournal
    from app.database import open_writer, transaction
    from app.learning.store import ModelStore

    with closing(open_writer(folder.history)) as connection:
        journal, store = AuditJournal(connection), ModelStore(connection)
        with transaction(connection):
            yield store
            journal.append(records)
        CheckpointKeeper(journal).keep(is_ending=True)


def line(action: AuditAction, who: Person, record: ModelRecord, *, outcome: str = "", reason: str = "") -> AuditRecord:
    """Return what the log has of a deed."""
    return AuditRecord(
        clock.now_ns(),
        action,
        user=who.name,
        role=who.role,
        window=f"command line {os.getpid()}",
        subject=f"model {record.number} {record.kind} {record.subject}".strip(),
        outcome=outcome,
        reason=reason,
        digest=record.digest if record.parameters else "",
    )
