"""The exact values of tags in the live file: texts and whole numbers of which a float64 would lose digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.block import Block
from app.pubsub.live_map import LiveMap, order_memory

READ_ATTEMPTS = 50
_LENGTH = 2
_ELLIPSIS = "…"


class TextWriter:
    """The publisher's side: fills the idle slot of each tag that has exact values, before its `turn` goes on."""

    def __init__(self, live: LiveMap) -> None:
        """Take the file of which `live` is the writable map."""
        self._live = live
        self._row_of = {tag: row for row, tag in enumerate(live.text_tag.tolist())}

    def renew(self, last: Block, slot: NDArray[np.integer[Any]]) -> None:
        """Write the exact values of each tag's newest sample into `slot` (one per sample)."""
        if not self._row_of:
            return
        for at in np.flatnonzero(np.isin(last.handle, self._live.text_tag)).tolist():
            exact = None if last.exact is None else last.exact[at]
            row = self._row_of[int(last.handle[at])]
            _put(self._live.text[slot[at], row], "" if exact is None else str(exact))


class TextReader:
    """The subscriber's side; decodes only what is new."""

    def __init__(self, live: LiveMap) -> None:
        """Take the file of which `live` is a map."""
        self._live = live
        self._turn = np.zeros(len(live.text_tag), np.uint32)
        self._known: dict[int, str] = {}

    def latest(self) -> dict[int, str]:
        """Return the newest exact value of each tag that had one, by its handle; the caller's own."""
        live = self._live
        rows: NDArray[np.intp] = np.arange(len(self._turn))
        for _ in range(READ_ATTEMPTS):
            turn = live.turn[live.text_tag[rows]]
            rows, turn = rows[turn != self._turn[rows]], turn[turn != self._turn[rows]]
            if not len(rows):
                break
            order_memory()
            copied = live.text[turn & 1, rows]
            order_memory()
            whole = live.turn[live.text_tag[rows]] == turn
            for tag, row in zip(live.text_tag[rows[whole]].tolist(), copied[whole], strict=True):
                self._known[tag] = _text_of(row)
            self._turn[rows[whole]] = turn[whole]
        return dict(self._known)


def _put(row: NDArray[np.uint8], text: str) -> None:
    """Write a text, or as much of its beginning as there is room for, never half a character."""
    room = len(row) - _LENGTH
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > room:
        cut = encoded[: room - len(_ELLIPSIS.encode())].decode("utf-8", "ignore")
        encoded = f"{cut}{_ELLIPSIS}".encode()
    content = len(encoded).to_bytes(_LENGTH, "little") + encoded
    row[: len(content)] = np.frombuffer(content, np.uint8)


def _text_of(row: NDArray[np.uint8]) -> str:
    content = row.tobytes()
    length = int.from_bytes(content[:_LENGTH], "little")
    return content[_LENGTH : _LENGTH + length].decode("utf-8", "replace")
