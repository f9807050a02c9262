"""The benchmark of OPC UA clients goes on where a peer does not keep up, and says which."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks import opcua
from tests.benchmarks.child import Child
from tests.benchmarks.opcua import Costs, _take_turn

SILENT = [sys.executable, "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opcua, "CLIENT_S", 0.2)


@pytest.mark.usefixtures("quick")
def test_that_a_peer_that_tells_nothing_is_left_out_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    costs = {"ours": Costs(), "o6": Costs()}
    with Child(SILENT) as server:
        for _ in range(2):
            _take_turn(server, {"o6": (SILENT, {})}, "o6", costs)
    assert set(costs) == {"ours"}
    assert capsys.readouterr().err.count("not run: o6 (open62541)") == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", ["ours", "handler"])
def test_that_nothing_is_judged_without_those_that_the_goals_are_about(kind: str) -> None:
    with Child(SILENT) as server, pytest.raises(TimeoutError):
        _take_turn(server, {kind: (SILENT, {})}, kind, {kind: Costs()})
