"""The commands in docs/how-to are commands that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from app.command.line import parser

FOLDER = Path(__file__).parents[3] / "docs" / "how-to"


def commands() -> list[str]:
    text = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.md")))
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("foreshift ")]


@pytest.mark.parametrize("line", commands())
def test_that_a_command_of_the_documentation_is_understood(line: str) -> None:
    options = parser().parse_args(shlex.split(line)[1:])
    assert callable(options.run)


def test_that_the_documentation_shows_every_command_of_the_exchange() -> None:
    if not FOLDER.is_dir():
        pytest.skip("the documentation is not here")
    assert {line.split()[1] for line in commands()} >= {"export", "import", "backup", "restore", "stop"}
