"""The plant that trends are tested with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.model import clock
from tests.widgets.trend.air_station import Station, build_station
from widgets.operation import wait_for_all

NOW = 1_795_530_727_000_000_000


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """Eight hours of history in a file, the last minute live."""
    yield build_station(tmp_path, now=clock.now_ns(), hours=2.0, step_s=10.0)
    wait_for_all()
