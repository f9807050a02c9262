"""From a Modbus device to durable SQLite, beside pymodbus and rows: values a second, and what each costs.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.command.free_port import free_port
from tests.benchmarks.__main__ import Options
from tests.benchmarks.border_cost import border_figures
from tests.benchmarks.child import Child, module
from tests.benchmarks.figure import Figure

BLOCKS = 200
"""Requests of a scan, each of 62 values: more than can be scanned each 10 ms, so that the worker never rests."""
PEER = "pymodbus and rows"
WAYS = ("ours", "plain", "whole")
QUICK_S, FULL_S = 6.0, 15.0
TURNS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One turn: values that became durable, the seconds and processor seconds for it, and those that were not good."""

    values: int
    seconds: float
    cpu_s: float
    bad: int


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures; the quick form makes one short turn of each."""
    seconds, turns = (QUICK_S, 1) if options.quick else (FULL_S, TURNS)
    port = free_port(0)
    runs: dict[str, list[Kept]] = {way: [] for way in WAYS}
    with (
        tempfile.TemporaryDirectory(prefix="foreshift-benchmark-") as home,
        Child(module("fast_device", port)) as device,
    ):
        device.wait_for("ready")
        for turn in range(turns):
            for way in WAYS if turn % 2 == 0 else reversed(WAYS):
                runs[way].append(_turn(way, port, Path(home, f"{way}-{turn}"), seconds))
    rate = {way: statistics.median([one.values / one.seconds for one in side]) for way, side in runs.items()}
    cost = {way: statistics.median([1e6 * one.cpu_s / one.values for one in side]) for way, side in runs.items()}
    name = "values from the device to durable SQLite"
    yield Figure(name, "1/s", rate["ours"], goal="ours >= 1000000")
    yield Figure(f"{name}, beside the plain way", "1/s", rate["ours"], rate["plain"], PEER, "ratio >= 5")
    yield Figure(f"{name}, sealed and summed up as well", "1/s", rate["whole"], rate["plain"], PEER)
    yield Figure("processor time of a value, worker and border included", "us", cost["ours"], cost["plain"], PEER)
    yield Figure("the same, sealed and summed up as well", "us", cost["whole"], cost["plain"], PEER)
    yield Figure("values that were not good", "", sum(one.bad for one in runs["ours"]), goal="ours <= 0")
    yield from border_figures()


def _turn(way: str, port: int, folder: Path, seconds: float) -> Kept:
    folder.mkdir()
    with Child(module("device_sink", way, port, folder, seconds, BLOCKS)) as sink:
        sink.wait_for("stored", timeout_s=90.0)
        values, took, cpu_s, bad = (float(word) for word in sink.told("stored")[0])
    return Kept(int(values), took, cpu_s, int(bad))
