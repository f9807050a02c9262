"""A collector's publisher as a process of its own, to be killed: every sample's columns follow from its number."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.model.block import Block
from app.pubsub.live import LivePublisher

TAGS = 64
CAPACITY = 1024
ROWS = 300


def block_from(first: int, count: int) -> Block:
    """Return samples number `first` and up, each column telling the number."""
    number: NDArray[np.int64] = np.arange(first, first + count)
    return Block(
        (number % TAGS).astype(np.uint32),
        number * 1_000,
        number.astype(np.float64),
        (number & 0xFFFF).astype(np.uint32),
        number * 3,
    )


def is_whole(block: Block) -> bool:
    """Return whether every sample is one that was written, and none a mixture of two."""
    number = block.received // 3
    return (
        np.array_equal(block.handle, number % TAGS)
        and np.array_equal(block.time, number * 1_000)
        and np.array_equal(block.value, number.astype(np.float64))
        and np.array_equal(block.status, number & 0xFFFF)
    )


def main() -> None:
    """Publish without a pause until killed."""
    publisher = LivePublisher(Path(sys.argv[1]), TAGS, capacity=CAPACITY)
    sys.stdout.write("publishing\n")
    sys.stdout.flush()
    number = 0
    while True:
        publisher.publish(block_from(number, ROWS))
        publisher.beat()
        number += ROWS


if __name__ == "__main__":
    main()
