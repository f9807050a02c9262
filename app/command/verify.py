"""`foreshift verify PLANT`: prove that the audit trail is as it was written."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model import clock

if TYPE_CHECKING:
    from app.audit.journal import AuditLine, Head

EXIT_ALTERED = 1
_MOST_FAULTS = 20


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "verify",
        help="prove that the audit trail is as it was written",
        description="Read the whole audit trail of a plant and tell every row that was altered, taken out, added or "
        "moved. Exit code 0: none. Its end is printed: note it elsewhere and give it back with --noted, and rows that "
        "were cut off are found too.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--noted", metavar="END", default="", help="an end that an earlier run has printed")
    command.add_argument("--show", metavar="N", type=int, default=0, help="print the newest N rows too")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify the trail."""
    from app.audit.journal import page, verify
    from app.database import open_reader

    folder = plant_folder(options.plant)
    noted = _noted(options.noted) if options.noted else None
    with closing(open_reader(folder.history)) as connection:
        found = verify(connection, noted)
        for line in reversed(page(connection, limit=options.show) if options.show and not found.faults else []):
            print(_text(line))
    for fault in found.faults[:_MOST_FAULTS]:
        print(f"{folder.history}: {fault}", file=sys.stderr)
    if found.faults:
        print(f"{folder.history}: {len(found.faults)} faults in the audit trail", file=sys.stderr)
        return EXIT_ALTERED
    print(f"{folder.history}: {found.head.number} rows of the audit trail, as they were written; their end is")
    print(found.head)
    return 0


def _noted(text: str) -> Head:
    from app.audit.journal import Head

    number, _, link = text.partition(":")
    try:
        return Head(int(number), bytes.fromhex(link))
    except ValueError:
        raise UsageFailure(f"{text}: is no end of an audit trail: give one as an earlier run printed it") from None


def _text(line: AuditLine) -> str:
    record = line.record
    moment = clock.to_datetime(record.time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    change = f"{record.old!r} -> {record.new!r}, read back {record.read!r}" if record.tag else ""
    parts = (record.user, record.role, record.window, record.tag, change, record.outcome, record.reason)
    return "  ".join([str(line.number), moment, record.action, *(part for part in parts if part)])
