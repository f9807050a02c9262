"""From a value's change in the server to its paint and to the disk, beside a plain loop of the same libraries.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.__main__ import Options
from tests.benchmarks.figure import Figure
from tests.benchmarks.offered import DEFAULT_SCAN_MS, modbus_name, opcua_name
from tests.benchmarks.station_run import Run
from tests.benchmarks.station_turn import our_run, peer_run, servers

TAGS, FAST_MS = 1_000, 100
MANY_TAGS = 5_000
LOOP = "pymodbus/asyncua/sqlite-utils loop"
QUICK_S, FULL_S, SATURATED_S = 8.0, 20.0, 10.0
TURNS = 3


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures; the quick form measures one turn of each side and leaves out the saturating load."""
    seconds, turns = (QUICK_S, 1) if options.quick else (FULL_S, TURNS)
    with tempfile.TemporaryDirectory(prefix="foreshift-benchmark-", ignore_cleanup_errors=True) as home:
        ours, peers = _turns(Path(home, "even"), TAGS, turns=turns, seconds=seconds, has_window=True)
        yield from _delay_figures(ours, peers)
        yield from _cost_figures(ours, peers)
        yield from _loss_figures(ours, peers)
        if not options.quick:
            ours, peers = _turns(Path(home, "saturated"), MANY_TAGS, turns=TURNS, seconds=SATURATED_S, has_window=False)
            yield _rate_figure(ours, peers, goal="ratio >= 1.05")


def _turns(home: Path, tags: int, *, turns: int, seconds: float, has_window: bool) -> tuple[list[Run], list[Run]]:
    """Return the runs of ours and of the peer, which take turns beside the same servers; who begins changes."""
    ours: list[Run] = []
    peers: list[Run] = []
    with servers(tags, period_ms=FAST_MS) as offered:
        for turn in range(turns):
            for is_ours in (turn % 2 == 0, turn % 2 == 1):
                folder = home / f"{'ours' if is_ours else 'peer'}-{turn}"
                folder.mkdir(parents=True)
                if is_ours:
                    ours.append(our_run(offered, folder, seconds=seconds, has_window=has_window))
                else:
                    peers.append(peer_run(offered, folder, seconds=seconds))
    return ours, peers


def _delay_figures(ours: Sequence[Run], peers: Sequence[Run]) -> Iterator[Figure]:
    for protocol, name in (("Modbus", modbus_name), ("OPC UA", opcua_name)):
        for tag, scan_ms in ((name(0), DEFAULT_SCAN_MS), (name(1), FAST_MS)):
            for share, goal in ((50, "ratio <= 0.9"), (99, f"ours <= {1_000 + scan_ms}")):
                yield Figure(
                    f"{protocol}, scan {scan_ms} ms: change in the server to paint, p{share}",
                    "ms",
                    _delay_ms(ours, tag, share),
                    _delay_ms(peers, tag, share),
                    f"{LOOP}, to the end of its insert",
                    goal,
                )


def _delay_ms(runs: Sequence[Run], tag: str, share: int) -> float:
    every = np.concatenate([run.delays[tag] for run in runs])
    return float(np.percentile(every, share, method="inverted_cdf") * 1_000)


def _cost_figures(ours: Sequence[Run], peers: Sequence[Run]) -> Iterator[Figure]:
    yield _rate_figure(ours, peers, goal="ratio >= 0.9")
    yield Figure(
        "processor time of one million samples, from the servers to durable SQLite",
        "s",
        _cost(ours),
        _cost(peers),
        LOOP,
        "ratio <= 0.5",
    )


def _cost(runs: Sequence[Run]) -> float:
    return sum(run.cpu_s for run in runs) / sum(run.samples for run in runs) * 1e6


def _rate(runs: Sequence[Run]) -> float:
    return sum(run.samples for run in runs) / sum(run.seconds for run in runs)


def _rate_figure(ours: Sequence[Run], peers: Sequence[Run], *, goal: str) -> Figure:
    runs = [*ours, *peers]
    offered = sum(run.offered for run in runs) / sum(run.seconds for run in runs)
    return Figure(
        f"samples from both servers to durable SQLite, {round(offered, -3):,.0f}/s offered",
        "1/s",
        _rate(ours),
        _rate(peers),
        LOOP,
        goal,
    )


def _loss_figures(ours: Sequence[Run], peers: Sequence[Run]) -> Iterator[Figure]:
    yield Figure(
        "OPC UA changes that are not in the file",
        "samples",
        sum(run.lost for run in ours),
        sum(run.lost for run in peers),
        LOOP,
        "ours <= 0",
    )
    yield Figure(
        "Modbus samples of scans that were not made when due",
        "samples",
        sum(run.left_out for run in ours),
        sum(run.left_out for run in peers),
        LOOP,
    )
    yield Figure(
        "acknowledged samples that are not in the file", "samples", sum(run.unkept for run in ours), goal="ours <= 0"
    )
