"""Numbers on the command line, refused where they lie outside of what the command can do."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable

HIGHEST_PORT = 65_535


def number(low: float, high: float = math.inf) -> Callable[[str], float]:
    """Return the reader of a number from `low` to `high`, for argparse's `type`."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high or math.isinf(value):
            raise ArgumentTypeError(f"{text}: give a number {_range(low, high)}")
        return value

    return read


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return the reader of a whole number from `low` to `high`, for argparse's `type`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise ArgumentTypeError(f"{text}: give a whole number {_range(low, high)}")
        return value

    return read


def port(text: str) -> int:
    """Return a TCP port, 0 for any free one; for argparse's `type`."""
    return whole_number(0, HIGHEST_PORT)(text)


def _range(low: float, high: float) -> str:
    return f"from {low:.12g}" if math.isinf(high) else f"from {low:.12g} to {high:.12g}"
