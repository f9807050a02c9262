"""The window's hold on the collector's live values: opened again by itself when a new collector has begun."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from app.model import clock
from app.pubsub.live import LatestValues, LiveRead, LiveSubscriber, LiveUnavailable
from widgets.station_text import station_text
from widgets.translation import tr

RETRY_NS = 200 * clock.NS_PER_MS
FOREVER_NS = sys.maxsize

log = logging.getLogger(__name__)


class LiveLink:
    """Values of `tags` tags from the file at `path`, while there is one."""

    def __init__(self, path: Path, *, tags: int) -> None:
        self._path = path
        self._tags = tags
        self._subscriber: LiveSubscriber | None = None
        self._position = 0
        self._looked = -RETRY_NS
        self._was_open = False
        self._is_fresh = False
        self.problem = ""

    @property
    def silence_ns(self) -> int:
        """Return how long the collector has given no sign of life, ns; FOREVER_NS where there is none."""
        return FOREVER_NS if self._subscriber is None else self._subscriber.silence_ns

    def pull(self) -> LiveRead | None:
        """Return the samples since the last pull, None where there are none (after an opening also an empty block)."""
        self._follow()
        if self._subscriber is None:
            return None
        read = self._subscriber.since(self._position)
        is_fresh, self._is_fresh = self._is_fresh, False
        self._position = read.position
        return read if len(read.block) or is_fresh else None

    def latest(self) -> LatestValues:
        """Return the newest sample of every tag; only after a pull that gave samples."""
        if self._subscriber is None:
            raise LiveUnavailable(f"{self._path}: is not open: pull first")
        return self._subscriber.latest()

    def close(self) -> None:
        """Let go of the file."""
        if self._subscriber is not None:
            self._subscriber.close()
            self._subscriber = None

    def _follow(self) -> None:
        """Look, a few times a second, whether there is a file, and whether it is still the collector's."""
        now = clock.monotonic_ns()
        if now - self._looked < RETRY_NS:
            return
        self._looked = now
        if self._subscriber is not None and not self._subscriber.is_replaced:
            return
        self.close()
        self._open()

    def _open(self) -> None:
        try:
            subscriber = LiveSubscriber(self._path)
        except LiveUnavailable as error:
            self.problem = "" if not self._path.exists() else station_text(error)
            return
        if subscriber.tags != self._tags:
            subscriber.close()
            self.problem = tr("The collector runs with another configuration; open the plant again")
            return
        self.problem = ""
        # what a new collector has read before it was noticed is shown too; the past of an older one is the history's
        self._position = 0 if self._was_open else subscriber.position
        self._was_open = self._is_fresh = True
        self._subscriber = subscriber
        log.info("live.opened pid=%d generation=%d", subscriber.pid, subscriber.generation)
