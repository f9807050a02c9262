"""`foreshift write URL ADDRESS VALUE`: one value straight into a device, sent once and read back."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Mapping

from app.command.device import NO_OPTIONS, opened, specs_of
from app.command.failure import UsageFailure
from app.command.write import EXIT_NOT_WRITTEN, EXIT_UNKNOWN
from app.control.write_execution import PAUSE_S
from app.model import clock, status
from app.model.block import Block
from app.model.write_rule import WriteRule
from drivers.driver import WriteItem

_EXACT = 1 << 53
"""Beyond it a float64 does not hold every whole number."""

Content = float | str


async def write_to_device(
    url: str,
    address: str,
    text: str,
    *,
    is_text: bool = False,
    options: Mapping[str, object] = NO_OPTIONS,
    folder: str = "",
) -> int:
    """Write what `text` says, print what became of it, and return the exit code; `options`, `folder`: as `opened`.

    It is a text where the device holds one now, or where `is_text` says so; else a number, whole ones exactly.
    """
    specs = specs_of([address])
    async with opened(url, options, folder=folder) as driver:
        before = held(await driver.read(specs))
        value = text if is_text or isinstance(before, str) else number_of(text)
        rule = _rule_of(value)
        expires = clock.monotonic_ns() + int(rule.expiry_s * clock.NS_PER_S)
        (result,) = await driver.write([WriteItem(address, value, expires)])
        if not result.is_sent or (result.is_answered and not result.is_written):
            print(f"foreshift: not written: {result.reason}", file=sys.stderr)
            return EXIT_NOT_WRITTEN
        deadline = clock.monotonic_ns() + int(rule.read_back_s * clock.NS_PER_S)
        after = await driver.read(specs)
        while not _is_as_written(rule, value, held(after)) and clock.monotonic_ns() < deadline:
            await asyncio.sleep(PAUSE_S)
            after = await driver.read(specs)
    read, code = held(after), int(after.status[0])
    print(f"{address}  {before!r} -> {value!r}, read back {read!r}  {status.name(code)}")
    if _is_as_written(rule, value, read):
        return 0
    if result.is_answered and code < status.BAD:
        print(f"foreshift: {address}: was written, but the device reads {read!r}", file=sys.stderr)
        return EXIT_NOT_WRITTEN
    print(f"foreshift: {address}: whether it was written is not known", file=sys.stderr)
    return EXIT_UNKNOWN


def number_of(text: str) -> float:
    """Return the number that a text is, a whole one beyond 2^53 as an int; raise UsageFailure."""
    try:
        value = float(text)
        whole = int(text) if text.strip().lstrip("+-").isdecimal() else 0
    except ValueError as error:
        raise UsageFailure(f"{text}: is no number; a text that the device does not hold yet needs --text") from error
    if not math.isfinite(value):
        raise UsageFailure(f"{text}: is no number")
    return whole if abs(whole) > _EXACT else value


def held(block: Block) -> Content:
    """Return what the one sample of a Block is: a text, a whole number beyond 2^53, or a float."""
    exact = None if block.exact is None else block.exact[0]
    if isinstance(exact, str) or (isinstance(exact, int) and abs(exact) > _EXACT):
        return exact
    return float(block.value[0])


def _rule_of(value: Content) -> WriteRule:
    size = 0.0 if isinstance(value, str) else abs(value)
    return WriteRule(-math.inf, math.inf, step=0.0, tolerance=1e-6 * max(1.0, size))


def _is_as_written(rule: WriteRule, value: Content, read: Content) -> bool:
    if isinstance(value, float) and isinstance(read, float):
        return rule.is_as_written(value, read)
    return value == read
