"""A log that does not go on from the checkpoints beside it: it was restored from an older copy, or somebody has cut it.

Both look alike. Whoever restored it says so in a record, which names the newest checkpoint of
the branch that was given up.
"""

from __future__ import annotations

from dataclasses import replace

from app.audit.anchor import AnchorFile
from app.audit.checkpoints import KEY_ACTIONS, CheckpointKeeper
from app.audit.journal import AuditJournal, is_log, newest, size_of, with_actions
from app.audit.merkle import ProofError
from app.audit.signed_note import Checkpoint
from app.audit.tail import StoredTree
from app.database import PlantConnection
from app.model.audit import AuditAction, AuditRecord

_DEEDS = (AuditAction.HISTORY_RESTORED, AuditAction.LOG_ACCEPTED)


def given_up(connection: PlantConnection) -> Checkpoint | None:
    """Return the newest checkpoint beside the file that the log does not go on from; None where it goes on from all."""
    return next((anchor for anchor in reversed(_anchors(connection)) if not holds(connection, anchor)), None)


def oldest_held(connection: PlantConnection) -> Checkpoint | None:
    """Return the oldest checkpoint beside the file that the log goes on from."""
    return next((anchor for anchor in _anchors(connection) if holds(connection, anchor)), None)


def holds(connection: PlantConnection, checkpoint: Checkpoint) -> bool:
    """Return whether the log goes on from a checkpoint."""
    if not is_log(connection) or checkpoint.size > size_of(connection):
        return False
    try:
        return StoredTree(connection).root(checkpoint.size) == checkpoint.root
    except ProofError:
        return False


def unaccepted(connection: PlantConnection) -> str:
    """Return what nobody has accepted yet, as the `detail` of the record that does it has to say; "" for nothing."""
    accepted = {line for deed in with_actions(connection, *_DEEDS) for line in deed.detail.splitlines()}
    found = [record.subject for record in with_actions(connection, AuditAction.KEY_REPLACED)]
    branch = given_up(connection)
    if branch is not None:
        found.append(one_line(branch))
    return "\n".join(line for line in found if line not in accepted)


def accept(journal: AuditJournal, record: AuditRecord) -> None:
    """Put a record that accepts something into the log, and sign it.

    Where there is no key, as on another computer, one is made first, and accepted along with the rest.
    """
    keeper = CheckpointKeeper(journal)
    before = newest(journal.connection, *KEY_ACTIONS)
    keeper.make()
    after = newest(journal.connection, *KEY_ACTIONS)
    if before is not None and after is not None and after.subject != before.subject:
        record = replace(record, detail="\n".join(filter(None, (record.detail, after.subject))))
    journal.append([record])
    keeper.make()


def one_line(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as a line of a record's detail."""
    return checkpoint.note.strip().replace("\n", "|")


def _anchors(connection: PlantConnection) -> list[Checkpoint]:
    return AnchorFile(connection.path).read()
