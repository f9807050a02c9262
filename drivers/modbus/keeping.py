"""What devices have taught, kept in the plant's folder, so that a start need not trace all holes again.

A device may be repaired or changed while the station is off. So what is kept only saves the tracing: at a start each
hole is asked for at once, alone, which costs a request instead of the 2 log2(n) that found it, and a cut holds no
longer than `hole_s` after it was found. Block sizes and windows are not kept: only a start tries larger ones.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import msgspec

from app.model import clock
from drivers.modbus.address import Table
from drivers.modbus.traits import Traits
from drivers.whole_file import replace_file

log = logging.getLogger(__name__)

FOLDER = "devices"
_MOST = 100_000


class _Hole(msgspec.Struct, frozen=True):
    unit: int
    table: Table
    offset: int
    count: int
    status: int


class _Cut(msgspec.Struct, frozen=True):
    unit: int
    table: Table
    offset: int
    until: int
    """ns UTC"""


class _Kept(msgspec.Struct, frozen=True):
    url: str
    holes: list[_Hole] = []
    cuts: list[_Cut] = []


class TraitsFile:
    """The file of one device; without a folder nothing is kept."""

    def __init__(self, folder: str, url: str) -> None:
        """Prepare the file of the device at `url` in a plant's `folder`."""
        self._url = url
        name = re.sub(r"[^\w.]+", "-", url).strip("-")
        self._path = Path(folder) / FOLDER / f"{name}.json" if folder else None

    def load(self, traits: Traits, hole_s: int) -> None:
        """Take up what is kept, where the process knows nothing of the device yet; a damaged file is as none."""
        if self._path is None or traits.version:
            return
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            log.warning("modbus.traits.unreadable path=%s %s: holes are traced anew", self._path, error)
            return
        now, wall = clock.monotonic_ns(), clock.now_ns()
        if kept.url != self._url:  # two URLs may have one name
            return
        for hole in kept.holes[:_MOST]:
            traits.refuse((hole.unit, hole.table), (hole.offset, hole.count), hole.status, now)
        for cut in kept.cuts[:_MOST]:
            rest = min(cut.until - wall, hole_s * clock.NS_PER_S)
            if rest > 0:
                traits.cut((cut.unit, cut.table), cut.offset, now + rest)
        traits.kept = traits.version

    def news(self, traits: Traits) -> bytes:
        """Return what is to be written since something has changed, b"" where nothing has."""
        if self._path is None or traits.kept == traits.version:
            return b""
        traits.kept = traits.version
        ahead = clock.now_ns() - clock.monotonic_ns()
        kept = _Kept(
            self._url,
            [
                _Hole(*place, *span, hole.status)
                for place, holes in traits.holes.items()
                for span, hole in holes.items()
            ],
            [
                _Cut(*place, offset, until + ahead)
                for place, cuts in traits.cuts.items()
                for offset, until in cuts.items()
            ],
        )
        return msgspec.json.format(msgspec.json.encode(kept))

    def save(self, content: bytes) -> None:
        """Write `news`, from any thread; a disk that cannot be written costs the tracing at the next start."""
        if self._path is None or not content:
            return
        try:
            replace_file(self._path, content)
        except OSError as error:
            log.warning("modbus.traits.not_kept path=%s %s", self._path, error)
