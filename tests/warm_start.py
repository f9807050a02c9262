"""Starts commands of the program without the second that a new Python needs to import it.

Each is a process of its own, with its own standard streams, environment and exit code, that differs from one begun anew
only in what was imported before it. Where a system cannot fork, it is begun anew.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from app.supervisor import own_command

ROOT = Path(__file__).parents[1]
CAN_FORK = hasattr(os, "fork") and hasattr(os, "pidfd_open")


def run(
    arguments: Sequence[str], environment: Mapping[str, str], *, timeout_s: float = 45.0
) -> subprocess.CompletedProcess[str]:
    """Run one command of the program to its end; raise subprocess.TimeoutExpired where it does not end."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = start(arguments, environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        try:
            code = process.wait(timeout_s)
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(own_command(arguments), code, output.read(), errors.read())


def run_anew(
    arguments: Sequence[str], environment: Mapping[str, str], *, timeout_s: float = 45.0
) -> subprocess.CompletedProcess[str]:
    """Run one command as `run` does, in a Python that has imported nothing."""
    return subprocess.run(
        own_command(arguments),
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: int = subprocess.PIPE,
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.STDOUT,
) -> subprocess.Popen[str]:
    """Start one command in the project's folder, with streams as `subprocess.Popen` takes them."""
    if CAN_FORK:
        return Forked(arguments, environment, stdin, stdout, stderr)
    return subprocess.Popen(
        own_command(arguments),
        cwd=ROOT,
        env=dict(environment),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        text=True,
    )


class Forked(subprocess.Popen[str]):
    """A process of the warm server's, handled as one of our own."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        stdin: int,
        stdout: int | IO[str],
        stderr: int | IO[str],
    ) -> None:
        self.args = own_command(arguments)
        self.stdin = self.stdout = self.stderr = None
        self.returncode: int | None = None
        self._communication_started = False
        self._input = None
        self.text_mode, self.encoding, self.errors = True, None, None
        self._answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            given = [self._end_of(stdin, "stdin"), self._end_of(stdout, "stdout")]
            given.append(os.dup(given[1]) if stderr == subprocess.STDOUT else self._end_of(stderr, "stderr"))
            request = {"folder": str(ROOT), "environment": dict(environment), "arguments": list(arguments)}
            socket.send_fds(_server()[0], [json.dumps(request).encode()], [*given, theirs.fileno()])
            for descriptor in given:
                os.close(descriptor)
        self.pid = int(self._answers.recv(64))

    def _end_of(self, stream: int | IO[str], name: str) -> int:
        """Return the descriptor that the process gets, and keep our end of a pipe."""
        if not isinstance(stream, int):
            return os.dup(stream.fileno())
        if stream == subprocess.DEVNULL:
            return os.open(os.devnull, os.O_RDWR)
        if stream != subprocess.PIPE:
            return os.dup(stream)
        reading, writing = os.pipe()
        ours, theirs, mode = (writing, reading, "w") if name == "stdin" else (reading, writing, "r")
        setattr(self, name, open(ours, mode))  # noqa: PTH123, SIM115 - a descriptor, closed by who asked for it
        return theirs

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended; raise subprocess.TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return code

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None:
            self._answers.settimeout(timeout_s)
            try:
                told = self._answers.recv(64)
            except (BlockingIOError, TimeoutError):
                return None
            assert told, "the warm server has died"
            self.returncode = int(told)
            self._answers.close()
        return self.returncode


@cache
def _server() -> tuple[socket.socket, subprocess.Popen[str]]:
    """Return the line to the server of this process, which ends when the line is closed, and the server."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-P", "-m", "tests.warm_server"]
        return ours, subprocess.Popen(command, cwd=ROOT, stdin=theirs.fileno(), text=True)
