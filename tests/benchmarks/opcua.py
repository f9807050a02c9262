"""`opcua`: processor time of a client per notified and per read value, ours and others against the same server."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.loopback import claim_port
from tests.benchmarks.__main__ import Options
from tests.benchmarks.child import Child, module
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run
from tests.benchmarks.opcua_client import READ, TAGS
from tests.benchmarks.opcua_server import HOST, url
from tests.peers.installed import path_of
from tests.peers.node import node_environment

PERIOD_MS = {0: 100, 1_000: 100, 5_000: 300}
"""How often each of so many variables changes: as often as the server bears."""
PEERS = {"handler": "asyncua handler", "iterator": "asyncua iterator", "o6": "o6 (open62541)", "node": "node-opcua"}
MONITOR_GOAL, READ_GOAL = "ratio <= 0.04", "ratio <= 0.1"
CLIENT_S = 90.0

Commands = dict[str, tuple[list[str], dict[str, str]]]
"""The command line and the environment of each client."""


@dataclass(slots=True)
class Costs:
    """Microseconds of processor time per value, one per turn; and how many values came."""

    monitor: dict[int, list[float]] = field(default_factory=lambda: {tags: [] for tags in TAGS})
    read: list[float] = field(default_factory=list)


def measure(options: Options) -> Iterator[Figure]:
    """Let each client have its turns; with `--quick` one of 0.9 s per measurement."""
    turns, seconds = (1, 0.9) if options.quick else (3, 5.0)
    port = claim_port(HOST, 0)
    commands = _commands(url(port), seconds)
    costs = {kind: Costs() for kind in commands}
    with Child(module("opcua_server", port)) as server:
        server.wait_for("ready")
        for turn in range(turns):
            kinds = list(commands) if turn % 2 == 0 else list(reversed(commands))
            for kind in kinds:
                _take_turn(server, commands, kind, costs)
    for tags in TAGS:
        ours = statistics.median(costs["ours"].monitor[tags])
        for kind, name in PEERS.items():
            if kind in costs:
                peer = statistics.median(costs[kind].monitor[tags])
                goal = MONITOR_GOAL if kind == "handler" else ""
                yield Figure(f"processor time per notified value, {tags:,} tags", "us", ours, peer, name, goal)
    ours = statistics.median(costs["ours"].read)
    for kind, name in PEERS.items():
        if kind in costs and kind != "iterator":
            peer = statistics.median(costs[kind].read)
            goal = READ_GOAL if kind == "handler" else ""
            shown = "asyncua" if kind == "handler" else name
            yield Figure(f"processor time per value, {READ:,} read at once", "us", ours, peer, shown, goal)


def _commands(address: str, seconds: float) -> Commands:
    """Return the command line and the environment of each client that can run here."""
    commands: Commands = {}
    commands |= {kind: (module("opcua_client", kind, address, seconds), {}) for kind in ("ours", "handler", "iterator")}
    try:
        commands["o6"] = (module("opcua_client", "o6", address, seconds), {"PYTHONPATH": str(path_of("o6"))})
    except pytest.skip.Exception as reason:
        say_not_run(str(reason))
    try:
        script = Path(__file__).with_name("opcua_client.js")
        commands["node"] = (["node", str(script), address, str(seconds)], node_environment("node-opcua"))
    except pytest.skip.Exception as reason:
        say_not_run(str(reason))
    return commands


def _take_turn(server: Child, commands: Commands, kind: str, costs: dict[str, Costs]) -> None:
    """Let a client have its turn; a peer that does not keep up here is left out, and that is said."""
    if kind not in costs:
        return
    try:
        _turn(server, *commands[kind], costs[kind])
    except TimeoutError as error:
        if kind in {"ours", "handler"}:  # those that the goals are about
            raise
        _change(server, 0)
        del costs[kind]
        say_not_run(f"{PEERS[kind]}: {error}")


def _turn(server: Child, command: list[str], environment: dict[str, str], costs: Costs) -> None:
    with Child(command, **environment) as client:
        for tags in TAGS:
            client.wait_for("subscribing", str(tags), timeout_s=CLIENT_S)
            _change(server, tags)
            client.wait_for("monitor", str(tags), timeout_s=CLIENT_S)
            values, cpu_s = client.told("monitor", str(tags))[0]
            costs.monitor[tags].append(float(cpu_s) / int(values) * 1e6)
        _change(server, 0)
        if "iterator" in command:
            return  # it reads as the handler does
        client.wait_for("read", timeout_s=CLIENT_S)
        values, cpu_s = client.told("read")[0]
        costs.read.append(float(cpu_s) / int(values) * 1e6)


def _change(server: Child, tags: int) -> None:
    assert server.process.stdin is not None
    server.process.stdin.write(f"{tags} {PERIOD_MS[tags]}\n")
    server.process.stdin.flush()
