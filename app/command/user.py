"""`foreshift user add|list|remove PLANT`: who may sign in to a plant, and in which role."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.role import Role

if TYPE_CHECKING:
    from app.plant.folder import PlantFolder
    from app.security.users import User


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "user",
        help="say who may sign in to a plant",
        description="Add, list and remove the users of a plant. The PIN is asked for, or read from standard input "
        "where that is no terminal. Changes hold at once and stand in the audit trail.",
    )
    deeds = command.add_subparsers(title="what to do", metavar="add|list|remove", required=True)
    add = deeds.add_parser("add", help="add a user, or give one another role and PIN")
    show = deeds.add_parser("list", help="list the users")
    remove = deeds.add_parser("remove", help="remove a user")
    for deed in (add, show, remove):
        deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    for deed in (add, remove):
        deed.add_argument("name", metavar="NAME", help="the user's name, as it will stand in the audit trail")
    add.add_argument("--role", choices=[role.value for role in Role], required=True, help="what the user may do")
    add.set_defaults(run=_add)
    show.set_defaults(run=_list)
    remove.set_defaults(run=_remove)


def asked_secret(name: str, *, twice: bool = False) -> str:
    """Return the PIN or password that is typed, or one line of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    secret = getpass.getpass(f"PIN or password of {name}: ")
    if twice and getpass.getpass("once more: ") != secret:
        raise UsageFailure("the two are not alike; nothing was changed")
    return secret


def _add(options: argparse.Namespace) -> int:
    from app.security.users import Users

    folder = plant_folder(options.plant)
    user = Users(folder.users).add(options.name, Role(options.role), asked_secret(options.name, twice=True))
    _note(folder, AuditAction.USER_ADDED, user)
    print(f"{user.name} may sign in to {folder.path.name} as {user.role}")
    return 0


def _list(options: argparse.Namespace) -> int:
    from app.security.users import Users

    users = Users(plant_folder(options.plant).users).all()
    for user in users:
        print(f"{user.name}  {user.role}")
    if not users:
        print("nobody may sign in: foreshift user add PLANT NAME --role operator", file=sys.stderr)
    return 0


def _remove(options: argparse.Namespace) -> int:
    from app.security.users import Users

    folder = plant_folder(options.plant)
    user = Users(folder.users).remove(options.name)
    _note(folder, AuditAction.USER_REMOVED, user)
    print(f"{user.name} may no longer sign in to {folder.path.name}")
    return 0


def _note(folder: PlantFolder, action: AuditAction, user: User) -> None:
    """Put the change into the audit trail; who made it is the owner of this process."""
    from app.audit.deed import note_deeds

    record = AuditRecord(
        clock.now_ns(), action, user=user.name, role=user.role, window="command line", reason=f"by {getpass.getuser()}"
    )
    note_deeds(folder.history, [record])
