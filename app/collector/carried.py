"""What was known of tags whose connections go on under another configuration: a device need not tell it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.model import clock
from app.model.block import Block, block_of, empty
from app.model.exact import DataType
from app.model.tag import TagDefinition
from app.pubsub.live import LiveSubscriber


def carried_over(live: Path, tags: Sequence[TagDefinition]) -> Block:
    """Return the newest samples that a collector which has ended had published of `tags`, at their source times.

    `live`: its file of live values. Raise LiveUnavailable where that is not there any more.
    """
    if not tags:
        return empty()
    with LiveSubscriber(live) as subscriber:
        latest = subscriber.latest()
    known = [tag for tag in tags if tag.handle < len(latest.time) and latest.time[tag.handle] > 0]
    handles = np.array([tag.handle for tag in known], np.uint32)
    block = block_of(
        handles, latest.time[handles], latest.value[handles], latest.status[handles], received=clock.now_ns()
    )
    exact = np.full(len(known), None, np.object_)
    for row, tag in enumerate(known):
        text = latest.text.get(tag.handle)
        if text is not None:
            exact[row] = text if tag.data_type is DataType.STRING else int(text)
    has_exact = any(each is not None for each in exact)
    return Block(block.handle, block.time, block.value, block.status, block.received, exact if has_exact else None)
