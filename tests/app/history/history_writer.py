"""A collector's history writer as a process of its own, to be killed: it tells each batch once it is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model.block import Block, block_of
from tests.app.history.plant import tag

TAGS = 20
ROWS = 7


def batch(number: int) -> Block:
    """Return batch `number`: every tag ROWS times, each value telling the batch."""
    time = np.arange(number * ROWS, (number + 1) * ROWS)
    return block_of(np.tile(np.arange(TAGS), ROWS), np.repeat(time, TAGS), float(number))


def main() -> None:
    """Write batches from the given number on without a pause until killed."""
    writer = HistoryWriter(open_writer(Path(sys.argv[1])), [tag(handle) for handle in range(TAGS)])
    number = int(sys.argv[2])
    while True:
        writer.write(batch(number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
