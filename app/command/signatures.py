"""`foreshift signatures export|import`: known causes of a class of equipment, from plant to plant as one file."""

from __future__ import annotations

import argparse
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "signatures",
        help="share the known causes of a class of equipment with another plant",
        description="Export what signatures.toml and the verdicts on cases know of a class of equipment as one file "
        "that people can read, and bind such a file to the equipment of the same class of another plant.",
    )
    deeds = command.add_subparsers(dest="deed", metavar="DEED", required=True)
    export = deeds.add_parser("export", help="write the signatures of a class into a file")
    take = deeds.add_parser("import", help="take the signatures of a file for a class")
    for deed in (export, take):
        deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
        deed.add_argument("kind", metavar="CLASS", help="class of equipment: its kind in plant.toml")
        deed.add_argument("file", metavar="FILE")
    take.add_argument("--name", action="append", default=[], metavar="ROLE=HERE", help="what a tag is called here")
    take.add_argument("--user", default="", metavar="NAME", help="which engineer does it; the PIN is asked for")
    export.set_defaults(run=_export)
    take.set_defaults(run=_import)


def _export(options: argparse.Namespace) -> int:
    from app.case.signature_file import read_signatures
    from app.case.signature_sharing import as_toml, taught
    from app.case.store import effects
    from app.command.failure import UsageFailure
    from app.database import DatabaseMissing, open_reader

    folder = plant_folder(options.plant)
    kinds = {each.id: each.kind for each in plant_in(folder).equipment}
    found = [each for each in read_signatures(folder.signatures) if each.kind == options.kind]
    try:
        with closing(open_reader(folder.history)) as connection:
            learned = taught(effects(connection), kinds, options.kind)
    except DatabaseMissing:
        learned = []
    written = {each.cause.en.casefold() for each in found}
    found += [each for each in learned if each.cause.en.casefold() not in written]
    if not found:
        there = ", ".join(sorted({*kinds.values()} - {""})) or "none"
        raise UsageFailure(f"{options.kind}: no cause of this class is known; the plant has the classes: {there}")
    Path(options.file).write_text(as_toml(found), encoding="utf-8")
    print(f"{options.file}: {len(found)} signatures of {options.kind}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from app.audit.deed import note_deeds
    from app.case.signature_file import read_signatures
    from app.case.signature_sharing import as_toml, bound
    from app.command.failure import UsageFailure
    from app.command.model import names_of
    from app.command.model_deed import person
    from app.model import clock
    from app.model.audit import AuditAction, AuditRecord
    from app.plant.atomic import replace_text

    folder = plant_folder(options.plant)
    who = person(folder, options.user)
    offered = read_signatures(Path(options.file))
    if not offered:
        raise UsageFailure(f"{options.file}: there is no such file, or no signature in it")
    known = read_signatures(folder.signatures)
    new = bound(offered, plant_in(folder), options.kind, names=names_of(options.name), known=known)
    if new:
        before = folder.signatures.read_text("utf-8") if folder.signatures.exists() else ""
        after = f"{before.rstrip()}\n\n{as_toml(new)}".lstrip()
        record = AuditRecord(
            clock.now_ns(), AuditAction.CONFIGURATION_CHANGED, user=who.name, role=who.role, window="command line",
            subject=folder.signatures.name, digest=sha256(after.encode()).hexdigest(),
            reason=f"{len(new)} signatures of {options.kind} from {Path(options.file).name}",
        )  # fmt: skip
        note_deeds(folder.history, [record])
        replace_text(folder.signatures, after)
    print(
        f"{len(new)} signatures are new, {len(offered) - len(new)} were known; they hold from the next start or renew"
    )
    return 0
