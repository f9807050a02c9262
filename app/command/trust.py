"""`foreshift trust URL` and `foreshift trust PLANT`: look at the certificates of devices, and trust them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in

if TYPE_CHECKING:
    from app.model.connection import ConnectionDefinition
    from drivers.trust import Identity

EXIT_NOT_TRUSTED = 1


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "trust",
        help="look at the certificate of a device, and trust it",
        description="Show the certificate of an OPC UA server and ask whether it is to be trusted. Compare the "
        "thumbprint, or its words, with what the server itself shows. Exit code 1: it is not trusted.",
    )
    command.add_argument("target", metavar="URL|PLANT", help="a server, or a plant whose servers are gone through")
    command.add_argument("connection", metavar="CONNECTION", nargs="?", default="", help="only this one of the plant")
    command.add_argument("--yes", metavar="THUMBPRINT", default="", help="trust this certificate without asking")
    command.add_argument(
        "--certificate", metavar="FILE", default="", help="judge this file, for a server that shows its own to nobody"
    )
    command.add_argument("--refuse", action="store_true", help="note that it was looked at and refused")
    command.add_argument("--own", action="store_true", help="show our own certificate, which servers have to trust")
    command.add_argument("--renew", action="store_true", help="make a new certificate of ours; the former one overlaps")
    add_device_options(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the certificates, and trust what the user says."""
    definitions = _definitions(options)
    if options.own or options.renew:
        return _show_own(definitions[0], is_new=options.renew)
    codes = [_judge(definition, options) for definition in definitions]
    return max(codes)


def _definitions(options: argparse.Namespace) -> list[ConnectionDefinition]:
    from app.acquisition.registry import definition_of
    from app.command.certificate_deed import has_certificates, in_folder
    from app.plant.catalogue import home_folder

    if "://" in options.target:
        folder = options.folder or str(home_folder())
        return [definition_of(options.target, options=options_of(options), folder=str(Path(folder).absolute()))]
    folder_of_plant = plant_folder(options.target)
    known = plant_in(folder_of_plant).connections
    wanted = [each for each in known if options.connection in {"", each.id}]
    found = [in_folder(each, folder_of_plant.path) for each in wanted if has_certificates(each)]
    if not found:
        names = ", ".join(each.id for each in known if has_certificates(each)) or "none"
        raise UsageFailure(f"{options.target}: no connection to trust; with certificates there are: {names}")
    return found


def _judge(definition: ConnectionDefinition, options: argparse.Namespace) -> int:
    from app.command.certificate_deed import identified, refuse, trust
    from app.command.certificate_text import identity_lines
    from drivers.trust import LASTING

    driver = identified(definition)
    if options.certificate:
        found = driver.present(definition, Path(options.certificate))
    else:
        found = run_drivers(driver.identify(definition))
    print("\n".join(identity_lines(found)), flush=True)
    if found.offered is None or not found.faults:
        return 0
    mark = found.offered.thumbprint
    if options.refuse:
        refuse(definition, mark, window="command line")
        print("refused; it stays among the rejected certificates")
        return EXIT_NOT_TRUSTED
    if not _is_wanted(found, options.yes):
        where = f' --folder "{options.folder}"' if options.folder else ""
        print(f"not trusted. To trust it: foreshift trust {options.target} --yes {mark}{where}", file=sys.stderr)
        return EXIT_NOT_TRUSTED
    trust(definition, mark, window="command line")
    lasting = [fault.text for fault in found.faults if fault.fault in LASTING]
    print("trusted from now on" + (", but it cannot be used yet:" if lasting else ""))
    print("\n".join(f"! {text}" for text in lasting), end="\n" if lasting else "", flush=True)
    return 0


def _is_wanted(found: Identity, yes: str) -> bool:
    """Return whether the user trusts what was shown; raise UsageFailure where another certificate was named."""
    from app.command.certificate_text import is_thumbprint_of

    assert found.offered is not None  # noqa: S101 - asked before
    if yes:
        if not is_thumbprint_of(yes, found.offered):
            raise UsageFailure(
                f"{found.url}: the server shows another certificate than {yes}: compare again before you trust it"
            )
        return True
    if not sys.stdin.isatty():
        return False
    return input("Trust this certificate from now on? Type yes: ").strip().lower() in {"yes", "y", "是"}


def _show_own(definition: ConnectionDefinition, *, is_new: bool) -> int:
    from app.command.certificate_deed import identified
    from app.command.certificate_text import certificate_lines

    path, facts = identified(definition).own(definition, is_new=is_new)
    print("\n".join(certificate_lines(facts)))
    print(f"file        {path}")
    print("give this file to the administrators of your servers, who let them trust it")
    return 0
