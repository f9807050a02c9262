"""A short form of the campaign of hostile OPC UA answers, and that it finds a decoder that is careless."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tests.chaos.answers import HostileAnswers, record
from tests.drivers.opcua.middleman import BROWSE, CREATE_ITEMS, CREATE_SESSION, PUBLISH, READ


@pytest.fixture(scope="module")
def recorded() -> list[tuple[int, bytes]]:
    return asyncio.run(record())


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)


def test_that_ten_thousand_hostile_answers_give_no_wrong_value_no_hang_and_no_growth(
    recorded: list[tuple[int, bytes]],
) -> None:
    assert {kind for kind, _ in recorded} >= {BROWSE, CREATE_ITEMS, CREATE_SESSION, PUBLISH, READ}
    report = HostileAnswers(11, recorded).run(range(10_000))
    assert report.holds, report.as_text()
    assert report.outcomes["same as asyncua"] > 500, report.as_text()


def test_that_a_wrong_value_is_found_out(recorded: list[tuple[int, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.opcua.notification._BOOLEAN", 11)
    monkeypatch.setattr("drivers.opcua.notification._layout", _layout_without_memory())
    assert any(", not [" in fault for fault in HostileAnswers(11, recorded).run(range(300)).faults)


def test_that_a_transport_that_waits_for_any_length_is_found_out(
    recorded: list[tuple[int, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.opcua.transport.CHUNK", 2**31)
    long = [(PUBLISH, bytes(70_000))]
    assert any("bytes wait" in fault for fault in HostileAnswers(11, [*recorded[:1], *long]).run(range(400)).faults)


def _layout_without_memory() -> object:
    from drivers.opcua import notification

    return notification._layout.__wrapped__
