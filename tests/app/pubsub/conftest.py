"""An address at which a collector and its windows meet."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.pubsub.channel import address_of


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    runtime = Path("/tmp") / f"fs-test-{os.getpid()}-{threading.get_ident() % 1000}"  # noqa: S108 - short by purpose
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    yield address_of(tmp_path)
    subprocess.run(["rm", "-r", str(runtime)], check=True)  # noqa: S607
