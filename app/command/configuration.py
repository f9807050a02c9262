"""`foreshift configuration history|diff|return PLANT`: every plant file that was taken, and the way back to it."""

from __future__ import annotations

import argparse
import re
from contextlib import closing
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.keeper import is_held
from app.command.options import Commands
from app.command.plant_argument import plant_folder

if TYPE_CHECKING:
    from app.audit.configuration import Version
    from app.plant.folder import PlantFolder

NOW = "file"
_NUMBER = re.compile(r"\d{1,6}")
_DIGEST = re.compile(r"[0-9a-f]{7,64}")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "configuration",
        help="every plant file that was taken: list, compare, return to one",
        description="Every plant file that was taken is kept, with time, who, why and its digest. A version is named "
        f'by its number, by seven or more digits of its digest, or by "{NOW}": plant.toml as it is now.',
    )
    deeds = command.add_subparsers(title="commands", metavar="history|diff|return", required=True)
    history = deeds.add_parser("history", help="list the versions, the newest first")
    diff = deeds.add_parser("diff", help="what is otherwise in one version than in another, in terms of the plant")
    back = deeds.add_parser(
        "return",
        help="make a former version the plant file again",
        description="Make a former version the plant file again. Without --apply only what that would change is told. "
        "With --apply the version is checked as a whole and written; it is then a new version itself, and the audit "
        "trail says who has returned to it and why.",
    )
    for deed in (history, diff, back):
        deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    history.add_argument("--limit", type=int, default=20, metavar="N", help="how many at most (default: 20)")
    diff.add_argument("old", metavar="OLD", nargs="?", default="", help="default: the newest version")
    diff.add_argument("new", metavar="NEW", nargs="?", default=NOW, help="default: plant.toml as it is now")
    diff.add_argument("--text", action="store_true", help="tell lines of the file instead")
    back.add_argument("version", metavar="VERSION")
    back.add_argument("--reason", default="", help="why, as it will stand in the audit trail; needed with --apply")
    back.add_argument("--apply", action="store_true", help="write plant.toml")
    history.set_defaults(run=_history)
    diff.set_defaults(run=_diff)
    back.set_defaults(run=_return)


def _history(options: argparse.Namespace) -> int:
    from app.exchange.time_text import LOCAL, in_zone

    found = _versions(plant_folder(options.plant))
    for version in reversed(found[-max(1, options.limit) :]):
        mark = version.digest[:10] or "(dropped)"
        who = version.user or "-"
        kept = "" if version.is_kept else "  (its text is not kept)"
        time = in_zone(version.time, LOCAL).isoformat(" ", "seconds")
        print(f"{version.number:>5}  {time}  {mark:<10}  {who}  {version.window}: {version.reason}{kept}")
    if len(found) > options.limit:
        print(f"... and {len(found) - options.limit:,} older ones: --limit {len(found)}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from app.plant.alarm_revision import difference

    folder = plant_folder(options.plant)
    before, after = (_text(folder, name) for name in (options.old, options.new))
    if options.text:
        print(difference(before, after), end="")
    else:
        _tell(before, after)
    return 0


def _return(options: argparse.Namespace) -> int:
    from app.command.plant_change import change_plant, text_of

    folder = plant_folder(options.plant)
    before, after = text_of(folder), _text(folder, options.version).removeprefix("\ufeff")
    if before == after:
        print(f"{folder.configuration}: is as version {options.version} has it already")
        return 0
    _tell(before, after)
    if not options.apply:
        print("nothing was changed; --apply writes it to plant.toml")
        return 0
    if not options.reason.strip():
        raise UsageFailure("say why with --reason: it stands in the audit trail")
    reason = f"return to version {options.version}: {options.reason.strip()}"
    former = change_plant(folder, before, after, reason=reason)
    print(f"{folder.configuration}: written; the former one is {former.name}")
    if is_held(folder.lock):
        print(f"the running collector takes it with: foreshift renew {folder.path}")
    return 0


def _tell(before: str, after: str) -> None:
    import tomllib

    from app.plant.configuration_difference import configuration_changes, effects
    from app.plant.configuration_text import changes_text, effects_text

    try:
        old, new = (tomllib.loads(text.removeprefix("\ufeff")) for text in (before, after))
    except tomllib.TOMLDecodeError as error:
        raise UsageFailure(f"one of the two is no TOML ({error}): compare the lines with --text") from error
    changes = configuration_changes(old, new)
    for line in changes_text(changes):
        print(line)
    found = effects(old, new)
    if found:
        print(f"in all: {effects_text(found)}")
    if not changes:
        print("the same" if before == after else "only comments or the layout are otherwise")


def _text(folder: PlantFolder, name: str) -> str:
    """Return the text of a version, or of the plant file as it is."""
    from app.audit.configuration import VersionMissing, version_text
    from app.command.plant_change import text_of
    from app.database import open_reader

    if name == NOW:
        return text_of(folder)
    found = _versions(folder)
    version = found[-1] if found and not name else _named(found, name)
    try:
        with closing(open_reader(folder.history)) as connection:
            return version_text(connection, version)
    except VersionMissing as error:
        raise UsageFailure(f"{folder.history}: {error}") from error


def _named(found: list[Version], name: str) -> Version:
    if _NUMBER.fullmatch(name) and 0 < int(name) <= len(found):
        return found[int(name) - 1]
    if _DIGEST.fullmatch(name.lower()):
        fitting = [version for version in found if version.digest.startswith(name.lower())]
        if fitting:
            return fitting[-1]
    known = f"there are 1 to {len(found)}" if found else "there is none: no collector has run yet"
    raise UsageFailure(f"{name or 'version'}: there is no such version; {known}")


def _versions(folder: PlantFolder) -> list[Version]:
    from app.audit.configuration import versions
    from app.database import DatabaseMissing, open_reader

    try:
        with closing(open_reader(folder.history)) as connection:
            return versions(connection)
    except DatabaseMissing:
        return []
