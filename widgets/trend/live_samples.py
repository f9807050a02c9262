"""The live buffers of all tags that some chart of the window shows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from app.model import clock
from app.model.block import Block
from app.model.status import BAD_NO_COMMUNICATION
from widgets.feed import Feed, ValuesChanged
from widgets.trend.live_buffer import LiveBuffer

_NO_VALUE = np.array([np.nan])
_NO_COMMUNICATION = np.array([BAD_NO_COMMUNICATION], np.uint32)


class LiveSamples(QObject):
    """Takes each frame's block apart once, for every chart together; a tag is kept from its first chart on."""

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buffers: dict[int, LiveBuffer] = {}
        self._is_fed = not feed.is_replay
        feed.values_changed.connect(self._take)
        feed.collector_link_changed.connect(self._take_link)

    def buffer(self, handle: int) -> LiveBuffer:
        """Return the live samples of a tag by its handle."""
        if handle not in self._buffers:
            self._buffers[handle] = LiveBuffer(is_fed=True) if self._is_fed else LiveBuffer(1, is_fed=False)
        return self._buffers[handle]

    def _take(self, change: ValuesChanged) -> None:
        block = change.block
        if len(block) and self._buffers:
            self._sort_in(block)
        if change.lost:
            for buffer in self._buffers.values():
                buffer.late += 1  # what was lost on the way is in the history

    def _take_link(self, is_linked: bool) -> None:  # noqa: FBT001 - a Qt slot
        """Interrupt the curves where nothing comes any more: no value holds until one that was told after a break."""
        if is_linked:
            return
        now = np.array([clock.now_ns()], np.int64)
        for buffer in self._buffers.values():
            if len(buffer) and buffer.is_fed:
                buffer.append(now, _NO_VALUE, _NO_COMMUNICATION)

    def _sort_in(self, block: Block) -> None:
        order = np.argsort(block.handle, kind="stable")
        ordered = block.handle[order]
        handles = np.fromiter(self._buffers, np.uint32, len(self._buffers))
        starts = np.searchsorted(ordered, handles)
        ends = np.searchsorted(ordered, handles, side="right")
        for buffer, start, end in zip(self._buffers.values(), starts, ends, strict=True):
            if end > start:
                rows = order[start:end]
                buffer.append(block.time[rows], block.value[rows], block.status[rows])
