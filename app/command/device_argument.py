"""How a device that no plant file describes is reached: the options of its driver on the command line."""

from __future__ import annotations

import argparse
import tomllib

from app.command.failure import UsageFailure

_SECURITY_OPTIONS = ("security", "user", "password_env", "accept")


def add_device_options(command: argparse.ArgumentParser) -> None:
    """Add the options of a device's driver."""
    command.add_argument(
        "--security", metavar="HOW", help='OPC UA: "auto" (default), "None", or such as Basic256Sha256/SignAndEncrypt'
    )
    command.add_argument("--user", metavar="NAME", help="OPC UA: who logs in")
    command.add_argument("--password-env", metavar="VARIABLE", help="OPC UA: environment variable with the password")
    command.add_argument("--accept", metavar="FAULTS", help="OPC UA: faults of the server's certificate to pass over")
    command.add_argument(
        "-o",
        "--option",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="any option that a plant file may give a connection, such as timeout_ms=2000; may be given again",
    )
    add_certificate_folder(command)


def add_certificate_folder(command: argparse.ArgumentParser) -> None:
    """Add the option that names where certificates are."""
    command.add_argument(
        "--folder", metavar="FOLDER", default="", help="plant whose certificates are used (default: those of the user)"
    )


def options_of(options: argparse.Namespace) -> dict[str, object]:
    """Return the options of the driver that were given; raise UsageFailure for one that has no value."""
    given: dict[str, object] = {}
    for text in options.option:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageFailure(f"--option {text}: write KEY=VALUE, such as timeout_ms=2000")
        given[key.strip()] = _value(value.strip())
    named = {name: getattr(options, name) for name in _SECURITY_OPTIONS}
    return given | {name: value for name, value in named.items() if value is not None}


def _value(text: str) -> object:
    """Return the value as a plant file would hold it; what is no number, truth or quoted text stands for itself."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, int | float | str) else text
