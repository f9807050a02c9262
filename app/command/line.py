"""The grammar of the command line: which commands there are, and how what goes wrong is told."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from app.command import (
    aggregate,
    alarms,
    audit,
    backup,
    browse,
    call,
    check,
    collect,
    configuration,
    demo,
    doctor,
    export,
    history,
    import_,
    integrity,
    life,
    lint_pictures,
    model,
    probe,
    read,
    renew,
    replay,
    report,
    restore,
    secret,
    signatures,
    simulate,
    stop,
    tags,
    trust,
    user,
    verify,
    vibration,
    watch,
    window,
    work,
    write,
)
from app.command.failure import os_error_text, told_errors
from app.command.log_output import log_to_stderr
from app.command.progress_line import EXIT_CANCELLED
from app.exchange.failure import Cancelled
from app.supervisor import EXIT_UNUSABLE

EXIT_PIPE = 141
"""What a shell reports of a program whose reader, such as `head`, had enough: 128 and the number of SIGPIPE."""

COMMANDS = (
    window,
    demo,
    replay,
    collect,
    renew,
    stop,
    check,
    lint_pictures,
    configuration,
    export,
    import_,
    tags,
    backup,
    restore,
    trust,
    secret,
    probe,
    browse,
    call,
    read,
    watch,
    write,
    aggregate,
    alarms,
    work,
    report,
    vibration,
    life,
    model,
    signatures,
    history,
    integrity,
    user,
    verify,
    audit,
    doctor,
    simulate,
)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="foreshift",
        description="Collect, store, show, alarm and predict the signals of a plant on this PC. "
        "Without a command the window opens on the plant that was open last.",
    )
    top.add_argument("--version", action="version", version=f"foreshift {version('foreshift')}")
    top.add_argument("-v", "--verbose", action="store_true", help="write what happens to standard error")
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    window.set_defaults(top)
    for command in COMMANDS:
        command.add_to(commands)
    return top


def run(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong is one message on standard error and an exit code that is not 0."""
    options = parser().parse_args(arguments)
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
        if not isinstance(error, told_errors()):
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
