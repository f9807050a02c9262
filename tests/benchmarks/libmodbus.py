"""libmodbus (C) as a peer: the server and the client of `modbus_peer.c`, compiled where libmodbus is installed.

On Debian: `apt-get install libmodbus-dev gcc pkg-config`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.loopback import claim_port
from tests.benchmarks.history_store import Absent

SOURCE = Path(__file__).with_name("modbus_peer.c")
REGISTERS = 10_000
"""Holding registers 0 to 9,999 of its server, each of which holds its own offset."""
BLOCK = 125
"""Registers that its client reads at once, from offset 0 on."""
REMEDY = "apt-get install libmodbus-dev gcc pkg-config"
_TIMEOUT_S = 60


class Libmodbus:
    """The compiled peer, whose server listens on `port`."""

    def __init__(self, program: Path, port: int) -> None:
        self.port = port
        self._program = program

    def read(self, requests: int) -> tuple[float, float]:
        """Read a block so many times, one after the other; return seconds and processor seconds."""
        command = [str(self._program), "client", str(self.port), str(requests)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=True)
        elapsed, used = map(float, done.stdout.split())
        return elapsed, used


@contextmanager
def libmodbus() -> Iterator[Libmodbus]:
    """Compile the peer and run its server; raise Absent."""
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(SOURCE, Path(folder))
        port = claim_port("127.0.0.1", 0)
        server = subprocess.Popen(
            [str(program), "server", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            if server.stdout.readline().strip() != "ready":
                raise Absent(f"libmodbus's server does not start on port {port}")
            yield Libmodbus(program, port)
        finally:
            # Closing its standard input ends it.
            server.communicate(timeout=_TIMEOUT_S)


def compiled(source: Path, folder: Path) -> Path:
    """Compile a program that uses libmodbus into `folder`, and return it; raise Absent."""
    compiler, finder = (_found(name) for name in ("gcc", "pkg-config"))
    program = folder / source.stem
    flags = _run([finder, "--cflags", "--libs", "libmodbus"]).split()
    _run([compiler, "-O2", "-o", str(program), str(source), *flags])
    return program


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise Absent(f"libmodbus: there is no {program} ({REMEDY})")
    return path


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode:
        raise Absent(f"libmodbus: {done.stderr.strip()[-300:]} ({REMEDY})")
    return done.stdout
