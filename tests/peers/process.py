"""A peer's server in its own process: told new values line by line, and it says when it has them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.loopback import claim_port
from tests.benchmarks.history_store import Absent
from tests.benchmarks.libmodbus import compiled
from tests.peers.installed import environment
from tests.peers.node import node_environment

START_TIMEOUT_S = 90
"""node-opcua reads megabytes of XML before it serves, with one core among many."""


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
        for line in self._process.stdout:
            if line.strip() == "done":  # some peers say other things too
                return
        raise AssertionError("the peer has ended")


@asynccontextmanager
async def peer_server(package: str, script: str, *arguments: str, port: int = 0) -> AsyncIterator[PeerServer]:
    """Run a script of this folder with a port, a free one for 0, and `arguments`; skip where it does not start."""
    port = port or claim_port("127.0.0.1", 0)
    started, known = await asyncio.to_thread(_start_of, package, Path(__file__).with_name(script))
    command = [*started, str(port), *arguments]
    said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - a pipe that fills stops it
    process = subprocess.Popen(  # noqa: ASYNC220 - a pipe that can be written and read at once, without a task
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        env=known,
    )
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            line = await asyncio.to_thread(_first_words, process)
        if line != "ready":
            said.seek(0)
            pytest.skip(f"{package} does not start here: {said.read()[-300:]}")
        yield PeerServer(process, port)
    finally:
        process.kill()
        process.communicate()
        said.close()


def _start_of(package: str, script: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs a script, and its environment; install or compile what it needs, or skip."""
    if script.suffix == ".js":
        return ["node", str(script)], node_environment(package)
    if script.suffix == ".c":
        try:
            return [str(compiled(script, Path(tempfile.mkdtemp(prefix="foreshift-peer-"))))], dict(os.environ)
        except Absent as error:
            pytest.skip(str(error))
    return [sys.executable, str(script)], environment(package)


def _first_words(process: subprocess.Popen[str]) -> str:
    """Return "ready" once the peer says so, "" where it ends before; its banners are passed over."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            return "ready"
    return ""
