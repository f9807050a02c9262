"""A peer's server in its own process: told new values line by line, and it says when it has them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.loopback import claim_port
from tests.peers.installed import environment
from tests.peers.node import node_environment

START_TIMEOUT_S = 20


class PeerServer:
    """A server that is not ours, on a port of this machine."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._process = process

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()

    def publish(self, values: Mapping[str, float]) -> None:
        """Let the server hold new values; returns when it does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(dict(values)) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == "done"


@asynccontextmanager
async def peer_server(package: str, script: str, *arguments: str, port: int = 0) -> AsyncIterator[PeerServer]:
    """Run a script of this folder with a port, a free one for 0, and `arguments`; skip where it does not start."""
    port = port or claim_port("127.0.0.1", 0)
    path = str(Path(__file__).with_name(script))
    if script.endswith(".js"):
        runner, known = "node", node_environment(package)
    else:
        runner, known = sys.executable, environment(package)
    command = [runner, path, str(port), *arguments]
    process = subprocess.Popen(  # noqa: ASYNC220 - a pipe that can be written and read at once, without a task
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=known,
    )
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            line = await asyncio.to_thread(_first_words, process)
        if line != "ready":
            pytest.skip(f"{package} does not start here: {(process.stderr.read() if process.stderr else '')[-300:]}")
        yield PeerServer(process, port)
    finally:
        process.kill()
        process.communicate()


def _first_words(process: subprocess.Popen[str]) -> str:
    """Return "ready" once the peer says so, "" where it ends before; its banners are passed over."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            return "ready"
    return ""
