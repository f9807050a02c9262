"""Pages of rollups that were unpacked lately: a view that is zoomed or moved asks for the same ones again and again.

They are known by what is stored of them, so that neither another connection nor what was written since then matters.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.history.rollup import Buckets, Tier
from app.history.rollup_page import unpack_page

MOST_BUCKETS = 250_000
"""About 20 MB: two signals over ten years."""


class UnpackedPages:
    """The pages asked for last, of all readers of a process; any thread may ask."""

    def __init__(self, most_buckets: int = MOST_BUCKETS) -> None:
        self._most = most_buckets
        self._pages: OrderedDict[tuple[int, int, int, bytes], Buckets] = OrderedDict()
        self._held = 0
        self._lock = Lock()

    def page(self, tier: Tier, count: int, crc: int, data: bytes) -> Buckets:
        """Return the buckets of a page, not to be written to; raise CodecError where it is damaged."""
        key = tier.width, count, crc, data
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                return page
        page = unpack_page(tier, count, crc, data)
        with self._lock:
            if key not in self._pages:
                self._pages[key] = page
                self._held += len(page)
            while self._held > self._most:
                self._held -= len(self._pages.popitem(last=False)[1])
        return page
