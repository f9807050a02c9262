"""Checkpoints: what they look like, when they are made, and whose key signs them."""

from __future__ import annotations

import base64
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit.anchor import AnchorFile
from app.audit.checkpoints import CheckpointKeeper, newest_checkpoint
from app.audit.journal import AuditJournal, newest, page
from app.audit.key import KeyFolder, KeyUnreachable
from app.audit.signed_note import Checkpoint, NoteError, SignerKey, VerifierKey
from app.audit.verdict import Known
from app.audit.verification import verify
from app.database import open_writer
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from drivers import secret_store

DEED = AuditRecord(1_000, AuditAction.SIGN_IN, user="李娜")
KEY = SignerKey("foreshift/test/1", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[AuditJournal]:
    with closing(open_writer(tmp_path / "plant" / "history.sqlite")) as connection:
        yield AuditJournal(connection)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "plant").mkdir()


def test_that_a_checkpoint_is_a_signed_note_that_others_can_read() -> None:
    made = Checkpoint.sign(KEY, 7, bytes(32))
    origin, size, root, empty, signature, end = made.note.split("\n")
    assert (origin, size, empty, end) == ("foreshift/test/1", "7", "", "")
    assert base64.b64decode(root) == bytes(32)
    dash, name, coded = signature.split(" ")
    public = KEY.private.public_key().public_bytes_raw()
    assert (dash, name) == ("—", origin)
    assert base64.b64decode(coded)[:4] == sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    KEY.private.public_key().verify(base64.b64decode(coded)[4:], f"{origin}\n{size}\n{root}\n".encode())
    assert Checkpoint.parse(made.note) == made == Checkpoint.parse(made.note.replace("\n", "\r\n"))
    assert made.is_signed_by(VerifierKey.parse(str(KEY.verifier)))


def test_that_no_other_text_is_a_checkpoint_and_no_other_size_is_signed() -> None:
    note = Checkpoint.sign(KEY, 7, bytes(32)).note
    for text in ("", "x", note.replace("7", "seven"), note.split("\n\n")[0], note.replace("A=", "A"), f"x\n{note}"):
        with pytest.raises(NoteError):
            Checkpoint.parse(text)
    assert not Checkpoint.parse(note.replace("\n7\n", "\n8\n")).is_signed_by(KEY.verifier)
    for text in ("", "a+b+c", str(KEY.verifier)[:-4], str(KEY.verifier).replace("test", "other")):
        with pytest.raises(NoteError):
            VerifierKey.parse(text)


def test_that_the_log_is_signed_after_a_thousand_records_a_minute_and_at_the_end(journal: AuditJournal) -> None:
    with clock.frozen(10**18) as advance:
        keeper = CheckpointKeeper(journal)
        assert keeper.keep() is None
        journal.append([DEED])
        assert keeper.keep() is not None
        journal.append([DEED] * 999)
        assert keeper.keep() is None
        journal.append([DEED])
        assert keeper.keep() is not None
        journal.append([DEED])
        advance(59 * clock.NS_PER_S)
        assert keeper.keep() is None
        advance(2 * clock.NS_PER_S)
        assert keeper.keep() is not None
        assert keeper.keep(is_ending=True) is None
        journal.append([DEED])
        made = keeper.keep(is_ending=True)
    assert made is not None
    found = newest_checkpoint(journal.connection)
    assert found is not None
    assert found[1] == made
    anchors = AnchorFile(journal.connection.path).read()
    assert [anchor.size for anchor in anchors] == [2, 1_002, 1_003, 1_004]
    assert verify(journal.connection, Known(anchors, anchors[0])).faults == []
    sizes = journal.connection.execute("SELECT size FROM checkpoint").fetchall()
    assert sizes == [(2,), (1_004,)]  # within a thousand a later one takes an earlier one's place
    for statement in ("DELETE FROM checkpoint", "UPDATE checkpoint SET size = 5"):
        with pytest.raises(sqlite3.IntegrityError):
            journal.connection.execute(statement)


def test_that_the_key_is_made_at_first_need_for_its_owner_alone_and_told_in_the_log(journal: AuditJournal) -> None:
    keys = KeyFolder.of(journal.connection.path)
    assert keys.held() is None
    journal.append([DEED])
    made = CheckpointKeeper(journal).make()
    key = keys.known()
    assert key is not None
    assert made.is_signed_by(key)
    told = newest(journal.connection, AuditAction.KEY_MADE)
    assert told is not None
    assert (told.subject, made.size) == (str(key), 2)
    assert made.origin == key.name
    assert key.name.startswith("foreshift/plant/")
    if sys.platform != "win32":
        assert stat.S_IMODE(keys.private.stat().st_mode) == 0o600


def test_that_a_rotated_key_is_vouched_for_and_a_swapped_one_is_found(journal: AuditJournal) -> None:
    journal.append([DEED])
    keeper = CheckpointKeeper(journal)
    older = keeper.make()
    keeper.rotate("yearly", user="Li Na")
    rotated = newest(journal.connection, AuditAction.KEY_ROTATED)
    assert rotated is not None
    assert (rotated.user, rotated.reason) == ("Li Na", "yearly")
    anchors = AnchorFile(journal.connection.path).read()
    assert verify(journal.connection, Known(anchors, older)).faults == []

    KeyFolder.of(journal.connection.path).make(older.origin)
    journal.append([DEED])
    keeper.make()
    (fault,) = verify(journal.connection, Known(anchors, older)).faults
    assert "another key" in fault.text
    key = newest(journal.connection, AuditAction.KEY_REPLACED)
    assert key is not None
    journal.append([AuditRecord(5, AuditAction.LOG_ACCEPTED, user="Li Na", reason="lost", detail=key.subject)])
    found = verify(journal.connection, Known(anchors, older))
    assert found.faults == []
    assert "by Li Na: lost" in found.notices[0]


def test_that_a_key_that_cannot_be_had_is_not_replaced_and_the_log_goes_on_unsigned(
    journal: AuditJournal, caplog: pytest.LogCaptureFixture
) -> None:
    journal.append([DEED])
    keeper = CheckpointKeeper(journal)
    keeper.make()
    keys = KeyFolder.of(journal.connection.path)
    keys.private.unlink()
    journal.append([DEED])
    assert keeper.keep(is_ending=True) is None
    assert "audit.not_signed" in caplog.text
    assert "new-key" in caplog.text
    with pytest.raises(KeyUnreachable):
        keys.held()
    found = verify(journal.connection)
    assert (found.faults, found.unsigned) == ([], 1)
    assert page(journal.connection)[0].action == "sign_in"


def test_that_a_keyring_keeps_the_key_where_there_is_one(
    journal: AuditJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ring:
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012 - one for the test

        def get_password(self, service: str, name: str) -> str | None:
            return self.kept.get((service, name))

        def set_password(self, service: str, name: str, secret: str) -> None:
            self.kept[service, name] = secret

    monkeypatch.setattr(secret_store, "_keyring", Ring)
    journal.append([DEED])
    CheckpointKeeper(journal).make()
    keys = KeyFolder.of(journal.connection.path)
    assert not keys.private.exists()
    assert keys.held() is not None
    assert len(Ring.kept) == 1


def test_that_a_broken_line_beside_the_file_is_passed_over_and_old_checkpoints_are_thinned(
    journal: AuditJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audit.anchor._LARGE_BYTES", 30_000)
    monkeypatch.setattr("app.audit.anchor._KEPT", 100)
    anchors = AnchorFile(journal.connection.path)
    made = [Checkpoint.sign(KEY, size, bytes(32)) for size in range(1, 301)]
    for checkpoint in made[:2]:
        anchors.append(checkpoint)
    with anchors.path.open("a") as file:
        file.write("\nforeshift/test/1\n12")
    assert anchors.read() == made[:2]
    for checkpoint in made[2:]:
        anchors.append(checkpoint)
    kept = anchors.read()
    assert kept[-100:] == made[-100:]
    assert kept[0] == made[0]
    assert len(kept) < 250
