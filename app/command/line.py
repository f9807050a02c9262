"""The grammar of the command line: which commands there are, and how what goes wrong is told.

Only the module of the command that was asked for is imported: all of them would cost each start a third of a second.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from app.command.failure import is_told, os_error_text
from app.command.log_output import log_to_stderr
from app.command.progress_line import EXIT_CANCELLED
from app.exchange.failure import Cancelled
from app.supervisor import EXIT_UNUSABLE

EXIT_PIPE = 141
"""What a shell reports of a program whose reader, such as `head`, had enough: 128 and the number of SIGPIPE."""

COMMANDS = (
    "open",
    "demo",
    "replay",
    "collect",
    "renew",
    "stop",
    "check",
    "lint-pictures",
    "configuration",
    "export",
    "import",
    "tags",
    "backup",
    "restore",
    "trust",
    "secret",
    "probe",
    "browse",
    "call",
    "read",
    "watch",
    "write",
    "aggregate",
    "alarms",
    "work",
    "report",
    "vibration",
    "life",
    "model",
    "signatures",
    "history",
    "integrity",
    "user",
    "verify",
    "audit",
    "doctor",
    "simulate",
)
_MODULES = {"open": "window", "import": "import_", "lint-pictures": "lint_pictures"}
"""Modules of `app.command` that are not named as their command is."""


class _Version(argparse.Action):
    """Tells the version, which is only looked up when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        print(f"foreshift {version('foreshift')}")
        parser.exit()


def parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of these commands."""
    top = argparse.ArgumentParser(
        prog="foreshift",
        description="Collect, store, show, alarm and predict the signals of a plant on this PC. "
        "Without a command the window opens on the plant that was open last.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version of this program and end")
    top.add_argument("-v", "--verbose", action="store_true", help="write what happens to standard error")
    parsers = top.add_subparsers(title="commands", metavar="COMMAND")
    for command in commands:
        module = import_module(f"app.command.{_MODULES.get(command, command)}")
        module.add_to(parsers)
        if command == "open":
            module.set_defaults(top)
    return top


def asked_for(arguments: Sequence[str]) -> Sequence[str]:
    """Return the command that `arguments` name; all of them where help, or the list of what there is, is to be told."""
    named = next((argument for argument in arguments if not argument.startswith("-")), None)
    if named is None and set(arguments) <= {"-v", "--verbose"}:
        return ("open",)
    return (named,) if named in COMMANDS else COMMANDS


def run(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong is one message on standard error and an exit code that is not 0."""
    options = parser(asked_for(arguments)).parse_args(arguments)
    log_to_stderr(verbose=options.verbose)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        _let_go_of_output()
        return EXIT_PIPE
    except Cancelled as cancelled:
        print(f"foreshift: cancelled; {str(cancelled) or 'nothing half done was left'}", file=sys.stderr)
        return EXIT_CANCELLED
    except Exception as error:
        if not is_told(error):
            raise
        text = os_error_text(error) if isinstance(error, OSError) else str(error)
        print(f"foreshift: {text}", file=sys.stderr)
        _let_go_of_output()
        return EXIT_UNUSABLE
    return code


def _let_go_of_output() -> None:
    """Let Python drop what it has for an output that takes no more: its end would complain beside our message."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
