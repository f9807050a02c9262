"""`foreshift configuration history|diff|return PLANT`: every plant file and picture, and the way back to each."""

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
        help="every plant file and process picture that was taken: list, compare, return to one",
        description="Every plant file that was taken is kept, with time, who, why and its digest, and so is every "
        "process picture, of which --picture tells. A version is named by its number, by seven or more digits of its "
        f'digest, or by "{NOW}": the file as it is now.',
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
        deed.add_argument(
            "--picture", default="", metavar="NAME", help="of this process picture, not of the plant file"
        )
    history.add_argument("--limit", type=int, default=20, metavar="N", help="how many at most (default: 20)")
    diff.add_argument("old", metavar="OLD", nargs="?", default="", help="default: the newest version")
    diff.add_argument("new", metavar="NEW", nargs="?", default=NOW, help="default: plant.toml as it is now")
    diff.add_argument("--text", action="store_true", help="tell lines of the file instead")
    back.add_argument("version", metavar="VERSION")
    back.add_argument("--reason", default="", help="why, as it will stand in the audit trail; needed with --apply")
    back.add_argument("--apply", action="store_true", help="write the file")
    history.set_defaults(run=_history)
    diff.set_defaults(run=_diff)
    back.set_defaults(run=_return)


def _history(options: argparse.Namespace) -> int:
    from app.exchange.time_text import LOCAL, in_zone

    found = _versions(plant_folder(options.plant), options.picture)
    for version in reversed(found[-max(1, options.limit) :]):
        mark = version.digest[:10] or ("-" if version.is_removal else "(dropped)")
        who = version.user or "-"
        kept = "" if version.is_kept else "  (taken away)" if version.is_removal else "  (its text is not kept)"
        time = in_zone(version.time, LOCAL).isoformat(" ", "seconds")
        print(f"{version.number:>5}  {time}  {mark:<10}  {who}  {version.window}: {version.reason}{kept}")
    if len(found) > options.limit:
        print(f"... and {len(found) - options.limit:,} older ones: --limit {len(found)}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from app.plant.alarm_revision import difference

    folder = plant_folder(options.plant)
    before, after = (_text(folder, name, options.picture) for name in (options.old, options.new))
    if options.picture:
        print(_picture_difference(options.picture, before, after) or "the same\n", end="")
    elif options.text:
        print(difference(before, after), end="")
    else:
        _tell(before, after)
    return 0


def _return(options: argparse.Namespace) -> int:
    from app.command.plant_change import change_plant, text_of

    folder = plant_folder(options.plant)
    if options.picture:
        return _return_picture(folder, options)
    before, after = text_of(folder), _text(folder, options.version).removeprefix("\ufeff")
    if before == after:
        print(f"{folder.configuration}: is as version {options.version} has it already")
        return 0
    _tell(before, after)
    if not options.apply:
        print("nothing was changed; --apply writes it to plant.toml")
        return 0
    former = change_plant(folder, before, after, reason=_reason(options))
    print(f"{folder.configuration}: written; the former one is {former.name}")
    _tell_how_taken(folder)
    return 0


def _return_picture(folder: PlantFolder, options: argparse.Namespace) -> int:
    from app.command.picture_history import present_text, return_picture

    before, after = present_text(folder, options.picture), _text(folder, options.version, options.picture)
    if not after:
        raise UsageFailure(f"version {options.version}: the picture was taken away then; name one that it had")
    if before == after.removeprefix("\ufeff"):
        print(f"{options.picture}: is as version {options.version} has it already")
        return 0
    print(_picture_difference(options.picture, before, after), end="")
    if not options.apply:
        print("nothing was changed; --apply writes it")
        return 0
    print(f"{return_picture(folder, options.picture, after, reason=_reason(options))}: written")
    _tell_how_taken(folder)
    return 0


def _reason(options: argparse.Namespace) -> str:
    if not options.reason.strip():
        raise UsageFailure("say why with --reason: it stands in the audit trail")
    return f"return to version {options.version}: {options.reason.strip()}"


def _tell_how_taken(folder: PlantFolder) -> None:
    if is_held(folder.lock):
        print(f"the running collector takes it with: foreshift renew {folder.path}")


def _picture_difference(picture: str, before: str, after: str) -> str:
    from app.plant.picture.saving import PictureSaving

    return PictureSaving(picture, before, after).difference


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


def _text(folder: PlantFolder, name: str, picture: str = "") -> str:
    """Return the text of a version, or of the file as it is: of a picture, else of the plant file."""
    from app.audit.configuration import VersionMissing, version_text
    from app.command.picture_history import present_text, text_of_version
    from app.command.plant_change import text_of
    from app.database import open_reader

    if name == NOW:
        return present_text(folder, picture) if picture else text_of(folder)
    found = _versions(folder, picture)
    version = found[-1] if found and not name else _named(found, name)
    try:
        if picture:
            return text_of_version(folder, version)
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


def _versions(folder: PlantFolder, picture: str) -> list[Version]:
    from app.audit.configuration import versions
    from app.command.picture_history import versions_of_picture
    from app.database import DatabaseMissing, open_reader

    if picture:
        return versions_of_picture(folder, picture)
    try:
        with closing(open_reader(folder.history)) as connection:
            return versions(connection)
    except DatabaseMissing:
        return []
