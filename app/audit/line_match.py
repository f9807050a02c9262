"""Holds the lines of the alarm journal against their digests in the log, both in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class LineMatch:
    """Takes what the log says of each line; `lines`: number and digest of those that are there, in order."""

    def __init__(self, lines: Iterable[tuple[int, str]] | None) -> None:
        """Without `lines` nothing is compared."""
        self._lines = None if lines is None else iter(lines)

    def take(self, line: int, written: str) -> Iterator[str]:
        """Yield what is wrong with a line, and with those before it that the log does not know."""
        if self._lines is None:
            return
        for number, digest in self._lines:
            if number < line:
                yield f"line {number} of the alarm journal is not in the log: inserted"
                continue
            if number > line:
                yield f"line {line} of the alarm journal is missing"
                self._lines = _again(number, digest, self._lines)
            elif digest != written:
                yield f"line {number} of the alarm journal is not as it was written"
            return
        yield f"line {line} of the alarm journal is missing"

    def end(self) -> Iterator[str]:
        """Yield what is wrong with the lines that are left."""
        for number, _ in self._lines or ():
            yield f"line {number} of the alarm journal is not in the log: inserted"


def _again(number: int, digest: str, rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield number, digest
    yield from rest
