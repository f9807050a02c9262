"""Where the campaigns work, and the witness of file operations where there can be one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.place import working_folder
from tests.chaos.recording import NoWitness, compile_witness


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder to work in."""
    with working_folder() as empty:
        yield empty


@pytest.fixture(scope="session")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled witness; the test skips where there is no Linux or no compiler."""
    try:
        return compile_witness(tmp_path_factory.mktemp("witness"))
    except NoWitness as reason:
        pytest.skip(str(reason))
