"""The plant and the samples of the benchmark `replay`."""

from __future__ import annotations

import numpy as np

from app.model import clock, status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText

SECOND = clock.NS_PER_S
START = 1_795_500_000 * SECOND
OF_EQUIPMENT = 10


def plant_of(tags: int) -> Plant:
    """Return a plant of so many tags, ten to a machine."""
    return Plant(
        "replayed",
        LocalText("Replayed"),
        tuple(Equipment(f"E{n}", LocalText(f"Machine {n}")) for n in range(-(-tags // OF_EQUIPMENT))),
        (ConnectionDefinition("device", "modbus", "modbus://127.0.0.1:1?unit=1"),),
        tuple(
            TagDefinition(
                n, f"T{n}", f"E{n // OF_EQUIPMENT}", LocalText(f"T{n}"), "device", f"HR{n}", low=0.0, high=100.0
            )
            for n in range(tags)
        ),
    )


def block_of(tags: int, time: int, second: int | None = None) -> Block:
    """Return one sample of every tag at `time` (int64 ns UTC), as it is at a `second`, that of `time` unless given."""
    handle = np.arange(tags, dtype=np.uint32)
    at = (time - START) // SECOND if second is None else second
    value = 50.0 + 40.0 * np.sin(at / 30.0 + handle / 7.0)
    times = np.full(tags, time, np.int64)
    return Block(handle, times, value, np.full(tags, status.GOOD, np.uint32), times)
