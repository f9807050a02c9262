"""Only what a command needs is imported for it, and nothing is missing for that."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from app.command.failure import TOLD_ERRORS, UsageFailure, is_told
from app.command.line import COMMANDS, asked_for, parser
from app.database import DatabaseError

START = """
import sys
from app.command.line import parser
parser(("stop",)).parse_args(["stop", "plant"])
print({"asyncua", "pymodbus", "numpy", "sqlite3", "PySide6"} & set(sys.modules))
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_that_the_module_of_a_command_adds_that_command(command: str) -> None:
    [commands] = [each for each in parser((command,))._actions if isinstance(each, argparse._SubParsersAction)]
    assert list(commands.choices) == [command]


def test_that_a_command_without_data_starts_without_the_libraries_of_devices_numbers_and_windows() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", START], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


@pytest.mark.parametrize(
    ("arguments", "commands"),
    [
        (["-v", "stop", "plant"], ("stop",)),
        ([], ("open",)),
        (["--verbose"], ("open",)),
        (["--help"], COMMANDS),
        (["-v", "nonsense"], COMMANDS),
    ],
    ids=" ".join,
)
def test_that_the_command_is_found_among_the_arguments(arguments: list[str], commands: tuple[str, ...]) -> None:
    assert asked_for(arguments) == commands


@pytest.mark.parametrize(("module", "name"), TOLD_ERRORS)
def test_that_each_error_that_is_told_by_its_message_is_there(module: str, name: str) -> None:
    assert issubclass(getattr(import_module(module), name), Exception)


def test_that_errors_for_the_user_are_told_and_those_of_the_program_are_not() -> None:
    assert all(is_told(error) for error in (DatabaseError("no"), UsageFailure("no"), FileNotFoundError("no")))
    assert not is_told(KeyError("a mistake of ours"))
