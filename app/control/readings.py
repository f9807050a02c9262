"""The newest samples of the tags that writes are judged by: the writable ones, and those of their conditions."""

from __future__ import annotations

import numpy as np

from app.model import status
from app.model.block import Block
from app.model.datavalue import DataValue
from app.model.plant import Plant


class Readings:
    """Follows the tags that matter to the writes of a plant; of all others nothing is kept."""

    def __init__(self, plant: Plant) -> None:
        """Begin without any sample."""
        names = {tag.name for tag in plant.tags if tag.write is not None}
        for tag in plant.tags:
            if tag.write is not None:
                names |= {interlock.tag for interlock in tag.write.interlocks}
                names |= {tag.write.state.tag} if tag.write.state is not None else set()
        self._handles = {tag.name: tag.handle for tag in plant.tags}
        self._matters = np.zeros(len(plant.tags), np.bool_)
        self._matters[[self._handles[name] for name in names]] = True
        self._is_needed = bool(names)
        self._newest: dict[int, DataValue] = {}

    def take(self, block: Block) -> None:
        """Take the newest samples out of a Block."""
        if not self._is_needed:
            return
        rows = np.flatnonzero(self._matters[block.handle])
        for row in rows.tolist():
            handle = int(block.handle[row])
            exact = None if block.exact is None else block.exact[row]
            self._newest[handle] = DataValue(
                float(block.value[row]),
                int(block.status[row]),
                int(block.time[row]),
                text="" if exact is None else str(exact),
            )

    def of(self, tag: str) -> DataValue:
        """Return the newest sample of a tag that matters; a bad one where there is none yet."""
        nothing = DataValue(float("nan"), status.BAD_WAITING_FOR_INITIAL_DATA, 0)
        return self._newest.get(self._handles[tag], nothing)
