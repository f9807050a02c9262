"""The loopback address that a server of ours listens on: nothing of the plant is offered to a network."""

from __future__ import annotations

import ipaddress
import os
import socket

from drivers.driver import DriverError


def claim_port(host: str, port: int) -> int:
    """Return the port to listen on: `port`, or a free one for 0.

    Raise DriverError, with the remedy, where `host` is not a loopback address or the port cannot be opened.
    """
    if not _is_loopback(host):
        raise DriverError(f"{host} is not a loopback address: servers are offered on 127.0.0.1 only")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise DriverError(
                f"port {port} on {host} cannot be opened ({error}): end the program that uses it, or give another port"
            ) from error
        return int(probe.getsockname()[1])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
