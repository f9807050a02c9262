"""An MQTT broker of others, mosquitto, in its own process; tests that need one are skipped where it is absent."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.loopback import claim_port

START_TIMEOUT_S = 10


@contextmanager
def mosquitto(folder: Path, *lines: str) -> Iterator[int]:
    """Run a broker on a port of this machine, with further lines of its configuration, and yield the port."""
    program = shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    if program is None:
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    port = claim_port("127.0.0.1", 0)
    configuration = folder / "mosquitto.conf"
    told = [f"listener {port} 127.0.0.1", *(lines or ("allow_anonymous true",))]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        told.append("user root")  # else it becomes somebody who may not read the folders of tests
    configuration.write_text("\n".join(told) + "\n")
    process = subprocess.Popen([program, "-c", str(configuration)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _await_port(process, port)
        yield port
    finally:
        process.kill()
        process.communicate()


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
        else:
            return
    process.kill()
    said = process.stdout.read() if process.stdout is not None else b""
    pytest.fail(f"mosquitto does not start: {said.decode(errors='replace')}")
