"""`foreshift audit export|accept|new-key|drop PLANT`: what is done to the log of a plant itself."""

from __future__ import annotations

import argparse
import getpass
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.command.stretch import add_stretch, stretch_of
from app.command.time_argument import instant
from app.model import clock
from app.model.audit import AuditAction, AuditRecord

_EVER = (-(1 << 62), 1 << 62)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "audit",
        help="export proofs of a plant's log, and what else is done to the log itself",
        description="The log of a plant: hand out proofs, accept what cannot be undone, change its key, drop texts. "
        "Whatever is done here is itself a record of the log. foreshift verify PLANT reads it.",
    )
    deeds = command.add_subparsers(title="what to do", metavar="export|accept|new-key|drop", required=True)
    export = deeds.add_parser("export", help="write records with their proofs, and verifiers that need nothing of ours")
    accept = deeds.add_parser("accept", help="accept a branch that was given up, or a key that nothing vouches for")
    rotate = deeds.add_parser("new-key", help="sign with another key from now on")
    drop = deeds.add_parser("drop", help="drop the texts of old records; their hashes stay, and the log still proves")
    for deed in (export, accept, rotate, drop):
        deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    export.add_argument("folder", metavar="FOLDER", help="where to write, such as a USB stick")
    export.add_argument("--checkpoint", metavar="FILE", default="", help="the older checkpoint that the receiver keeps")
    add_stretch(export)
    for deed in (accept, rotate, drop):
        deed.add_argument("--reason", required=True, help="why, as it will stand in the log")
    drop.add_argument("--before", metavar="T", required=True, help="texts older than T, such as 2026-01-01")
    export.set_defaults(run=_export)
    accept.set_defaults(run=_accept)
    rotate.set_defaults(run=_rotate)
    drop.set_defaults(run=_drop)


def _export(options: argparse.Namespace) -> int:
    from app.alarm.line_digest import line_texts
    from app.audit.checkpoints import CheckpointKeeper
    from app.audit.fork import oldest_held
    from app.audit.journal import AuditJournal
    from app.audit.pack import numbers_between, pack_of
    from app.command.verify import read_checkpoint
    from app.database import open_writer

    folder, target = plant_folder(options.plant), Path(options.folder)
    given = read_checkpoint(options.checkpoint) if options.checkpoint else None
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        span = numbers_between(connection, *stretch_of(options, _EVER))
        if span is None:
            raise UsageFailure(f"{folder.history}: the log has no record of that time")
        target.mkdir(parents=True, exist_ok=True)
        journal.append([_record(AuditAction.LOG_ANCHORED, subject=str(target.resolve()))])
        newer = CheckpointKeeper(journal).make()
        older = given or oldest_held(connection) or newer
        pack = pack_of(
            connection,
            *span,
            older=older,
            newer=newer,
            line_text=lambda number: dict(line_texts(connection, number, number)).get(number, b""),
        )
    (target / "pack.json").write_bytes(pack)
    (target / "checkpoint.txt").write_text(newer.note, encoding="utf-8", newline="\n")
    for name in ("verify.html", "verify.py"):
        (target / name).write_bytes((files("resources") / "verifier" / name).read_bytes())
    print(f"{target}: records {span[0]} to {span[1]} with their proofs, in the log of {newer.size} records")
    print("checkpoint.txt is the newest checkpoint: keep it away from this computer")
    return 0


def _accept(options: argparse.Namespace) -> int:
    from app.audit.fork import accept, unaccepted
    from app.audit.journal import AuditJournal
    from app.database import open_writer

    folder = plant_folder(options.plant)
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        detail = unaccepted(connection)
        if not detail:
            raise UsageFailure(
                f"{folder.history}: there is nothing to accept: foreshift verify PLANT says what is wrong"
            )
        accept(journal, _record(AuditAction.LOG_ACCEPTED, reason=options.reason, detail=detail))
    print(f"{folder.history}: accepted, as a record of the log; foreshift verify tells it from now on as a notice")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    from app.audit.checkpoints import CheckpointKeeper
    from app.audit.journal import AuditJournal
    from app.database import open_writer

    folder = plant_folder(options.plant)
    with closing(open_writer(folder.history)) as connection:
        key = CheckpointKeeper(AuditJournal(connection)).rotate(options.reason, user=getpass.getuser())
    print(key)
    return 0


def _drop(options: argparse.Namespace) -> int:
    from app.audit.dropping import drop_bodies
    from app.audit.journal import AuditJournal
    from app.database import open_writer

    folder, before = plant_folder(options.plant), instant(options.before)
    with closing(open_writer(folder.history)) as connection:
        record = _record(AuditAction.LOG_BODIES_DROPPED, reason=options.reason)
        count = drop_bodies(AuditJournal(connection), before, record)
    print(f"{folder.history}: the texts of {count} records are gone; their hashes stay")
    return 0


def _record(action: AuditAction, *, subject: str = "", reason: str = "", detail: str = "") -> AuditRecord:
    return AuditRecord(
        clock.now_ns(),
        action,
        user=getpass.getuser(),
        window="command line",
        subject=subject,
        reason=reason,
        detail=detail,
    )
