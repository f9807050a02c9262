"""A process that has imported the program already and forks itself for each command of it that a test starts.

`python -P -m tests.warm_server`, started by `warm_start`: a socket is its standard input. Each request is one message
of it: the folder, environment and arguments of the command in JSON, with four descriptors, the last of them a socket on
which the command's process number and, at its end, its exit code are told.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
from importlib import import_module
from typing import Any

MOST_BYTES = 1 << 20
COLLECTING = ("app.collector.process",)
DEVICES = ("drivers.modbus.client", "drivers.opcua.client", "drivers.sparkplug.client", "app.command.device")
WINDOW = ("widgets.desktop", "app.command.services")
WARMED = {
    "check": (*DEVICES, "app.plant.file", "app.command.certificate_deed"),
    "doctor": DEVICES,
    "read": DEVICES,
    "browse": DEVICES,
    "watch": DEVICES,
    "write": DEVICES,
    "call": DEVICES,
    "collect": COLLECTING,
    "simulate": ("app.simulator",),
    "demo": (*COLLECTING, "app.simulator"),
    "replay": ("app.replay",),
    "open": WINDOW,
    "export": ("app.exchange.export", "openpyxl", "pyarrow.parquet", "xlsxwriter"),
    "import": (*COLLECTING, "openpyxl", "pyarrow.parquet"),
    "backup": COLLECTING,
    "restore": COLLECTING,
}
"""What a command imports, beyond its own module: before the fork, so that only the first of its kind takes the time."""


class Ended(BaseException):
    """The command's process is to end, with all that Python does at its end."""

    def __init__(self, code: str | int | None) -> None:
        super().__init__()
        self.code = code


def serve(requests: socket.socket) -> None:
    """Fork a process for each request until there will be no more; raise Ended in each of them."""
    selector = selectors.DefaultSelector()
    selector.register(requests, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is not requests:
                selector.unregister(key.fileobj)
                _tell_end(key.fd, *key.data)
                continue
            message, descriptors, *_ = socket.recv_fds(requests, MOST_BYTES, 4)
            if not message:
                return
            request = json.loads(message)
            _warm(request["arguments"])
            answers = socket.socket(fileno=descriptors[3])
            process = os.fork()
            if process == 0:
                selector.close()
                requests.close()
                answers.close()
                _become(request, descriptors[:3])
            for descriptor in descriptors[:3]:
                os.close(descriptor)
            answers.send(str(process).encode())
            selector.register(os.pidfd_open(process), selectors.EVENT_READ, (process, answers))


def _tell_end(descriptor: int, process: int, answers: socket.socket) -> None:
    os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with answers:
        answers.send(str(code).encode())


def _warm(arguments: list[str]) -> None:
    from app.command.line import asked_for, parser

    commands = asked_for(arguments)
    parser(commands)
    for module in WARMED.get(commands[0], ()) if len(commands) == 1 else ():
        import_module(module)
    gc.collect()
    gc.freeze()  # else each process writes to every page of what they share


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Run the command as if the process had begun with it; raise Ended with what it returns."""
    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv[1:] = request["arguments"]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, for all of its life
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from app.__main__ import main

    code: str | int | None
    try:
        code = main()
    except SystemExit as end:
        code = end.code
    raise Ended(code)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a Ctrl+C at the terminal: the tests end us by closing the socket
    try:
        serve(socket.socket(fileno=os.dup(0)))
    except Ended as ended:
        sys.exit(ended.code)
