"""How a child comes by its end of a socket pair on Windows, where sockets are not inherited (WSADuplicateSocket).

The bytes that stand for a socket hold for one process id alone. The python.exe of a virtual environment there is a
small program that starts the real interpreter and waits for it, so that the process which was started is not the one
that is to have the socket: the real one is started instead, and told by a variable whose environment it is to find.
CPython's own multiprocessing does the same (multiprocessing.popen_spawn_win32, bpo-35797).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

_LAUNCHED_BY = "__PYVENV_LAUNCHER__"


def interpreter(
    environment: Mapping[str, str],
    *,
    platform: str = sys.platform,
    executable: str = sys.executable,
    real: str = getattr(sys, "_base_executable", ""),
) -> tuple[str, dict[str, str]]:
    """Return the program that a child is started with so that its process id is its own, and its environment."""
    if platform != "win32" or not real or os.path.normcase(real) == os.path.normcase(executable):
        return executable, dict(environment)
    return real, {**environment, _LAUNCHED_BY: executable}


def read_whole(read: Callable[[int], bytes], size: int) -> bytes:
    """Return `size` bytes of a pipe, which may give them in pieces; raise EOFError where it ends before."""
    whole = b""
    while len(whole) < size:
        piece = read(size - len(whole))
        if not piece:
            raise EOFError(f"the pipe ended after {len(whole)} of {size} bytes: the collector has gone")
        whole += piece
    return whole
