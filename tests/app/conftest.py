"""A zone of its own for tests that tell local times."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let local time be that of Shanghai."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be set for one process")
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()
