"""`foreshift backup PLANT FILE`: copy a plant while it is collected, and check the copy."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.model.audit import AuditAction
from app.model.byte_size import byte_size

if TYPE_CHECKING:
    from app.exchange.manifest import Manifest

DESCRIPTION = """\
Copy the history and the plant file of a plant into one file, while its collector goes on. The copy is checked
(structure, number of rows and samples) before it gets its name; FILE.json beside it says what it holds and its SHA-256.
A copy on the same disk does not survive that disk: keep one elsewhere.
"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "backup",
        help="copy a plant while it is collected",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("file", metavar="FILE", help="the file to write; in a folder, it is named by plant and time")
    command.add_argument(
        "--verify", action="store_true", help="take no backup: check FILE once more, as after years or a journey"
    )
    command.add_argument("--force", action="store_true", help="replace FILE where it exists")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Take a backup, or check one."""
    from app.command.deed import note_deed
    from app.command.progress_line import cancellable
    from app.exchange.backup import backup, verify

    if options.verify:
        with cancellable("digesting", unit="MB") as progress:
            contents, manifest = verify(Path(options.file), stage=progress.stage)
        print(f"{options.file}: is good: {contents.samples:,} samples{_span(manifest)}")
        if contents.damaged:
            _complain(f"{contents.damaged} parts of its history were damaged already when it was taken")
        if manifest is None:
            print(f"{options.file}.json is missing, so the checksum could not be compared")
        return 0
    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    target = Path(options.file)
    if target.is_dir():
        target /= _name(plant.id)
    with cancellable("copying", unit="pages") as progress:
        manifest = backup(folder, plant.id, target, may_replace=options.force, stage=progress.stage)
    note_deed(folder, AuditAction.HISTORY_BACKED_UP, subject=str(target.resolve()), digest=manifest.sha256)
    if manifest.damaged:
        _complain(f"{manifest.damaged} parts of the history are damaged in the plant too: see foreshift integrity")
    print(
        f"{target}: {manifest.samples:,} samples{_span(manifest)}, {byte_size(manifest.bytes)}, checked, "
        f"SHA-256 {manifest.sha256[:16]}..."
    )
    return 0


def _name(plant: str) -> str:
    """Return a name by plant and time, such as "air-20261125T211900Z.sqlite"."""
    from app.model import clock

    return f"{plant}-{clock.to_datetime(clock.now_ns()):%Y%m%dT%H%M%SZ}.sqlite"


def _span(manifest: Manifest | None) -> str:
    return "" if manifest is None or not manifest.first else f", {manifest.first} to {manifest.last}"


def _complain(text: str) -> None:
    print(f"foreshift: {text}", file=sys.stderr)
