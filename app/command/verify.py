"""`foreshift verify PLANT`: prove that the audit trail and the alarm journal are as they were written."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.audit.journal import AuditLine
    from app.audit.signed_note import Checkpoint, VerifierKey
    from app.audit.verdict import Head, Verification
    from app.database import PlantConnection
    from app.handover.store import HandoverFault
    from app.plant.folder import PlantFolder

EXIT_ALTERED = 1
_MOST_FAULTS = 20

DESCRIPTION = """\
Read the whole log of a plant (every write, alarm change, acknowledgement, change of users, certificates and
configuration) and name every record that was edited, deleted, inserted, swapped, cut off or rewritten. The collector
may run meanwhile. Exit code 0: all is as it was written.
An older checkpoint that was kept elsewhere shows what nothing on this computer can: that all of it was made anew.
--checkpoint without a file prints the newest one, to be kept on paper, a stick or another computer.
"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "verify",
        help="prove that the audit trail and the alarm journal are as they were written",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument(
        "--checkpoint",
        metavar="FILE",
        nargs="?",
        const="-",
        default="",
        help="an older checkpoint that the log must go on from; without FILE: print the newest",
    )
    command.add_argument("--key", metavar="KEY", default="", help="the public key that was noted, or a file with it")
    command.add_argument(
        "--noted", metavar="END", default="", help="an end (number:hash) that an older version printed"
    )
    command.add_argument("--show", metavar="N", type=int, default=0, help="print the newest N records too")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify the log, or print its newest checkpoint."""
    from app.database import open_reader
    from app.report.seal import handover_faults

    folder = plant_folder(options.plant)
    with closing(open_reader(folder.history)) as connection:
        if options.checkpoint == "-":
            return _print_newest(connection, folder)
        found = verified(
            folder,
            connection,
            given=read_checkpoint(options.checkpoint) if options.checkpoint else None,
            noted=_noted(options.noted) if options.noted else None,
            key=_key(options.key) if options.key else None,
        )
        _show(connection, options.show)
        handovers = handover_faults(connection)
    return max(_tell(folder.history, found), _tell_handovers(folder.history, handovers))


def verified(
    folder: PlantFolder,
    connection: PlantConnection,
    *,
    given: Checkpoint | None = None,
    noted: Head | None = None,
    key: VerifierKey | None = None,
) -> Verification:
    """Return what a reading of the whole log of a plant finds."""
    from app.alarm.line_digest import line_digests
    from app.audit.anchor import AnchorFile
    from app.audit.verdict import Known
    from app.audit.verification import verify

    known = Known(AnchorFile(folder.history).read(), given, noted, line_digests(connection), key)
    return verify(connection, known, on_progress=_show_progress)


def read_checkpoint(file: str) -> Checkpoint:
    """Return the checkpoint in a file; raise UsageFailure where there is none."""
    from app.audit.signed_note import Checkpoint, NoteError

    try:
        return Checkpoint.parse(Path(file).read_text(encoding="utf-8"))
    except (NoteError, UnicodeDecodeError) as error:
        raise UsageFailure(f"{file}: {error}; give one that foreshift verify --checkpoint printed") from error


def _print_newest(connection: PlantConnection, folder: PlantFolder) -> int:
    from app.audit.checkpoints import newest_checkpoint

    found = newest_checkpoint(connection)
    if found is None:
        raise UsageFailure(f"{folder.history}: has no checkpoint yet: the collector makes one in its first minute")
    print(found[1].note, end="")
    return 0


def _tell(history: Path, found: Verification) -> int:
    for notice in found.notices:
        print(f"{history}: {notice}")
    for fault in found.faults[:_MOST_FAULTS]:
        print(f"{history}: {fault}", file=sys.stderr)
    if found.faults:
        print(f"{history}: {len(found.faults)} faults in the log", file=sys.stderr)
        return EXIT_ALTERED
    print(f"{history}: {found.size} records, as they were written")
    if found.newest is None:
        print("none of them is signed yet")
    else:
        print(f"the newest checkpoint is of {found.newest.size} records; {found.unsigned} came after it")
    return 0


def _tell_handovers(history: Path, faults: Sequence[HandoverFault]) -> int:
    """Tell which handovers are not as the log has them; return the exit code."""
    for fault in faults[:_MOST_FAULTS]:
        print(f"{history}: {fault.text}", file=sys.stderr)
    return EXIT_ALTERED if faults else 0


def _show(connection: PlantConnection, count: int) -> None:
    from app.audit.journal import page

    for line in reversed(page(connection, limit=count) if count else []):
        print(_text(line))


def _noted(text: str) -> Head:
    from app.audit.verdict import Head

    number, _, link = text.partition(":")
    try:
        return Head(int(number), bytes.fromhex(link))
    except ValueError:
        raise UsageFailure(f"{text}: is no end of an audit trail: give one as an earlier run printed it") from None


def _key(text: str) -> VerifierKey:
    from app.audit.signed_note import NoteError, VerifierKey

    try:
        return VerifierKey.parse(Path(text).read_text(encoding="utf-8") if Path(text).is_file() else text)
    except NoteError as error:
        raise UsageFailure(str(error)) from error


def _text(line: AuditLine) -> str:
    moment = clock.to_datetime(line.time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record = line.record
    if record is None:
        return "  ".join([str(line.number), moment, line.action, "(its text was dropped)"])
    is_write, is_call = (line.action.startswith(kind) for kind in ("write.", "method."))
    change = f"{record.old!r} -> {record.new!r}, read back {record.read!r}" if is_write else ""
    call = "; ".join(record.detail.splitlines()) if is_call else ""
    what = (record.tag, change, record.subject, call)
    parts = (record.user, record.role, record.window, *what, record.outcome, record.reason)
    return "  ".join([str(line.number), moment, record.action, *(part for part in parts if part)])


def _show_progress(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:6.1%}", end="\n" if share >= 1.0 else "", file=sys.stderr, flush=True)
