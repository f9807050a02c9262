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
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path | str:
    """The compiled witness, or why there is none."""
    try:
        return compile_witness(tmp_path_factory.mktemp("witness"))
    except NoWitness as reason:
        return str(reason)


@pytest.fixture
def possible_witness(compiled: Path | str) -> Path | None:
    """The compiled witness where there can be one."""
    return compiled if isinstance(compiled, Path) else None


@pytest.fixture
def witness(compiled: Path | str) -> Path:
    """The compiled witness; the test skips where there is no Linux or no compiler."""
    if isinstance(compiled, str):
        pytest.skip(compiled)
    return compiled
