"""A collector's commits as a process of its own: how long each takes, told as JSON once standard input is closed."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np

from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.block import block_of
from app.model.clock import NS_PER_MS
from tests.app.history.plant import tag

TAGS = 1_000
PERIOD_S = 0.1


def _wait_for_end(ending: threading.Event) -> None:
    sys.stdin.read()
    ending.set()


def main() -> None:
    """Commit one sample of each tag every PERIOD_S to the history that the command line names."""
    ending = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ending,), daemon=True).start()
    took_ms = []
    chance = np.random.default_rng(1)
    with closing(open_writer(Path(sys.argv[1]))) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(TAGS)])
        print("ready", flush=True)
        while not ending.wait(PERIOD_S):
            block = block_of(np.arange(TAGS), clock.now_ns(), chance.normal(0, 1, TAGS))
            began = clock.monotonic_ns()
            writer.write(block)
            took_ms.append((clock.monotonic_ns() - began) / NS_PER_MS)
    print(json.dumps(took_ms))


if __name__ == "__main__":
    main()
