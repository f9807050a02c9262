"""A history of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.database import PlantConnection, open_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history will be."""
    return tmp_path / "history.sqlite"


@pytest.fixture
def connection(path: Path) -> Iterator[PlantConnection]:
    """The one writing connection to it."""
    with closing(open_writer(path)) as connection:
        yield connection
