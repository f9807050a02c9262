"""Whatever somebody makes of a record, with its hash made anew: the verification names it instead of failing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.audit.anchor import AnchorFile
from app.audit.checkpoints import CheckpointKeeper
from app.audit.dropping import drop_bodies
from app.audit.fork import one_line
from app.audit.journal import AuditJournal
from app.audit.merkle import leaf_hash
from app.audit.verdict import Known
from app.audit.verification import verify
from app.database import PlantConnection, open_writer
from app.model.audit import AuditAction, AuditRecord
from drivers import secret_store

CHANGES = ("x", "1-", "9" * 5_000, "\n\n— a b|\n")
LINES = ((1, "ab"), (2, "cd"))


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlantConnection]:
    """A log with a record of each kind that a verification looks into."""
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        journal = AuditJournal(connection)
        keeper = CheckpointKeeper(journal)
        journal.append([AuditRecord(5, AuditAction.SIGN_IN, user="otto"), AuditRecord(6, AuditAction.SIGN_OFF)])
        journal.append([AuditRecord(7, AuditAction.ALARM_CHANGED, line=n, digest=digest) for n, digest in LINES])
        given_up = one_line(keeper.make())
        keeper.rotate("yearly", user="Li Na")
        journal.append([AuditRecord(8, AuditAction.HISTORY_RESTORED, detail=given_up, user="Li Na", reason="disk")])
        drop_bodies(journal, 6, AuditRecord(9, AuditAction.LOG_BODIES_DROPPED))
        journal.append([AuditRecord(10, AuditAction.SIGN_OFF)])
        keeper.make()
        yield connection


def test_that_no_text_of_a_record_makes_the_verification_fail(connection: PlantConnection) -> None:
    known = Known(anchors := AnchorFile(connection.path).read(), anchors[-1], lines=LINES)
    assert verify(connection, known).faults == []
    connection.execute("DROP TRIGGER audit_is_not_altered")
    bodies = connection.execute("SELECT seq, body FROM audit WHERE body IS NOT NULL ORDER BY seq").fetchall()
    looked_into = {json.loads(body)["action"] for _, body in bodies}
    assert {"log.key_made", "log.key_rotated", "log.bodies_dropped", "history.restored"} <= looked_into
    for seq, body in bodies[:-1]:
        content = json.loads(body)
        for name in (*content, "line"):
            for change in CHANGES:
                text = json.dumps(content | {name: change}, ensure_ascii=False)
                _put(connection, seq, text)
                assert verify(connection, known).faults, f"{name} of record {seq} is {change!r}"
        for text in ("", "[]", "{", "{}", '{"number":5}'):
            _put(connection, seq, text)
            assert verify(connection, known).faults, f"record {seq} is {text!r}"
        _put(connection, seq, body)
    assert verify(connection, known).faults == []


def _put(connection: PlantConnection, seq: int, body: str) -> None:
    connection.execute("UPDATE audit SET body = ?, leaf = ? WHERE seq = ?", (body, leaf_hash(body.encode()), seq))
