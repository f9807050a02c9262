"""One station for all tests of a module that need no special one: its start takes longer than most of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.app.collector.controls.station import Station, station_at


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Station]:
    async with station_at(tmp_path_factory.mktemp("station")) as station:
        yield station


@pytest_asyncio.fixture(loop_scope="module")
async def station(shared: Station) -> Station:
    await shared.begin_anew()
    return shared
