"""Which key signed the log from which record on, as the log itself tells, and whether each was vouched for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.audit.checkpoints import rotation_text
from app.audit.signed_note import Checkpoint, NoteError, VerifierKey
from app.model.audit import AuditAction, AuditRecord


@dataclass(slots=True)
class KeyHistory:
    """The keys of a log, fed with its records in their order. `notices`: what was not vouched for but accepted."""

    keys: list[tuple[int, VerifierKey]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _faults: list[tuple[int, str, str]] = field(default_factory=list)
    _accepted: dict[str, str] = field(default_factory=dict)

    def take(self, number: int, record: AuditRecord) -> None:
        """Take the record of a key."""
        try:
            key = VerifierKey.parse(record.subject)
        except NoteError as error:
            self._faults.append((number, f"record {number}: {error}", ""))
            return
        if not self._is_vouched_for(record, key):
            text = f"record {number}: another key signs from here on, and the one before does not vouch for it"
            self._faults.append((number, text, record.subject))
        self.keys.append((number, key))

    def accept(self, key: str, by: str) -> None:
        """Take that somebody accepted a key that nothing vouches for."""
        self._accepted[key] = by

    def faults(self) -> Iterator[tuple[int, str]]:
        """Yield record and text of each key that nothing vouches for; those that were accepted become notices."""
        for number, text, key in self._faults:
            if key and key in self._accepted:
                self.notices.append(f"{text} (accepted: {self._accepted[key]})")
            else:
                yield number, text

    def at(self, size: int) -> VerifierKey | None:
        """Return the key that signs a checkpoint of so many records."""
        return next((key for number, key in reversed(self.keys) if number <= size), None)

    def knows(self, key: VerifierKey) -> bool:
        """Return whether the log ever had that key."""
        return any(other == key for _, other in self.keys)

    def has_signed(self, checkpoint: Checkpoint) -> bool:
        """Return whether any key of the log has signed a checkpoint."""
        return any(checkpoint.is_signed_by(key) for _, key in self.keys)

    def _is_vouched_for(self, record: AuditRecord, key: VerifierKey) -> bool:
        if not self.keys:
            return record.action == AuditAction.KEY_MADE
        if record.action != AuditAction.KEY_ROTATED:
            return False
        try:
            return self.keys[-1][1].signed(rotation_text(key), bytes.fromhex(record.detail))
        except ValueError:
            return False
