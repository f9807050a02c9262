"""Ports for the servers that a command starts on this PC."""

from __future__ import annotations

import socket

from app.command.failure import UsageFailure

HOST = "127.0.0.1"


def free_port(asked: int) -> int:
    """Return `asked` if it is free, any free port for 0; raise UsageFailure for one in use."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, asked))
        except OSError as error:
            message = (
                f"port {asked} on {HOST} cannot be used ({error.strerror}); end what uses it, or give another port"
            )
            raise UsageFailure(message) from error
        return int(probe.getsockname()[1])
