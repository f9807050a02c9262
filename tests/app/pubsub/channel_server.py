"""A collector's end of the channel as a process of its own, to be killed."""

from __future__ import annotations

import sys
import threading

from app.pubsub.channel import EventServer
from app.pubsub.frame import CommandDone


def main() -> None:
    """Listen at the given address with the given token until killed."""
    address, token = sys.argv[1:]
    with EventServer(address, token, lambda *_: None, snapshot=lambda: [CommandDone(7, done=True)]):
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
