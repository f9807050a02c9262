"""`foreshift secret set|list|remove PLANT`: passwords of devices, which never stand in a plant file."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.command.user import asked_secret

if TYPE_CHECKING:
    from drivers.secret_store import SecretStore


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "secret",
        help="keep the password of a device",
        description="Keep a password under a name that a plant file gives as password_secret: in the keyring of "
        "this user where there is one, else encrypted beside the plant file under the passphrase of "
        "FORESHIFT_PASSPHRASE. The password is asked for, or read from standard input where that is no terminal.",
    )
    deeds = command.add_subparsers(title="what to do", metavar="set|list|remove", required=True)
    keep = deeds.add_parser("set", help="keep a password, in place of a former one")
    show = deeds.add_parser("list", help="list the names of the encrypted ones")
    remove = deeds.add_parser("remove", help="forget a password")
    for deed in (keep, show, remove):
        deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    for deed in (keep, remove):
        deed.add_argument("name", metavar="NAME", help="what the plant file calls it")
    keep.set_defaults(run=_set)
    show.set_defaults(run=_list)
    remove.set_defaults(run=_remove)


def _store(options: argparse.Namespace) -> SecretStore:
    from drivers.secret_store import SecretStore

    return SecretStore(plant_folder(options.plant).path)


def _set(options: argparse.Namespace) -> int:
    place = _store(options).write(options.name, asked_secret(options.name, twice=True))
    print(f'kept in {place}; the plant file names it: password_secret = "{options.name}"')
    return 0


def _list(options: argparse.Namespace) -> int:
    names = _store(options).names()
    print("\n".join(names)) if names else print("no encrypted passwords", file=sys.stderr)
    return 0


def _remove(options: argparse.Namespace) -> int:
    _store(options).remove(options.name)
    print(f"{options.name} is forgotten")
    return 0
