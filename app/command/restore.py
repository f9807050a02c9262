"""`foreshift restore FILE PLANT`: put a backup in the place of a plant's history."""

from __future__ import annotations

import argparse
import getpass
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.plant.catalogue import PlantCatalogue, folder_of
from app.plant.folder import PlantFolder

if TYPE_CHECKING:
    from app.exchange.restore import RestoreReport

DESCRIPTION = """\
Check a backup and put it in the place of a plant's history. The file that it replaces is kept beside it as
history.sqlite.before-restore-TIME. A plant that is not there yet is made, with the plant file of the backup.
The plant must not be collected meanwhile (foreshift stop); close its windows.
"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "restore",
        help="put a backup in the place of a plant's history",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", metavar="FILE", help="a file that foreshift backup wrote")
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, or the name of a plant, known or new")
    command.add_argument(
        "--with-plant-file",
        action="store_true",
        help="replace the plant.toml too, where there is another one (it is kept beside it)",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Restore, while nobody can collect."""
    from app.collector.lock import collector_lock
    from app.command.progress_line import cancellable
    from app.exchange.restore import PlantFileFate, restore

    folder = _folder(options.plant)
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with collector_lock(folder):
        with cancellable("digesting", unit="MB") as progress:
            report = restore(Path(options.file), folder, with_plant_file=options.with_plant_file, stage=progress.stage)
        _note(folder, Path(options.file), report)
    print(f"{folder.path}: {report.samples:,} samples restored" + (f" of {report.made}" if report.made else ""))
    if report.kept is not None:
        print(f"what was there before: {report.kept}")
    told = {
        PlantFileFate.WRITTEN: "plant.toml written",
        PlantFileFate.SAME: "",
        PlantFileFate.LEFT: "plant.toml differs from that of the backup and was left; --with-plant-file replaces it",
        PlantFileFate.REPLACED: "plant.toml replaced; the one before is kept beside it",
    }[report.plant_file]
    if told:
        print(told)
    for name in report.left:
        print(f"{name} differs from that of the backup and was left; --with-plant-file replaces it")
    return 0


def _note(folder: PlantFolder, file: Path, report: RestoreReport) -> None:
    """Say in the log that it goes on from a backup, and which branch was given up: a theft would look alike."""
    from app.audit.fork import accept, unaccepted
    from app.audit.journal import AuditJournal
    from app.database import open_writer

    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        record = AuditRecord(
            clock.now_ns(),
            AuditAction.HISTORY_RESTORED,
            user=getpass.getuser(),
            window="command line",
            subject=str(file.resolve()),
            reason=f"from a backup of {report.made or 'an unknown time'}; before: {report.kept or 'nothing'}",
            detail=unaccepted(connection),
        )
        accept(journal, record)


def _folder(name: str) -> PlantFolder:
    """Return the folder of a plant, which need not be there yet."""
    try:
        return plant_folder(name)
    except UsageFailure:
        is_path = Path(name).exists() or len(Path(name).parts) > 1
        return folder_of(Path(name)) if is_path else PlantCatalogue().new_folder(name)
