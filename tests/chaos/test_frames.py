"""A short form of the campaign of hostile Modbus frames, and that it finds a transport that is careless."""

from __future__ import annotations

import pytest

from drivers.modbus.transport import Transport
from tests.chaos.frames import Frames


def test_that_ten_thousand_hostile_frames_give_no_wrong_value_no_hang_and_no_growth() -> None:
    report = Frames(7).run(range(5_000))
    assert report.holds, report.as_text()
    assert report.outcomes["right"] > report.outcomes["BadAnswer"] > 100


def test_that_a_transport_that_looks_at_neither_transaction_nor_length_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def accept_any(self: Transport, transaction: int, unit: int, answer: bytes) -> None:
        del transaction, unit
        if self._asked:
            answered, _, _ = self._asked.pop(next(iter(self._asked)))
            answered(answer)

    def check_nothing(pdu: bytes) -> tuple[bytes, int]:
        return pdu[:1], 0

    monkeypatch.setattr(Transport, "_accept", accept_any)
    monkeypatch.setattr("tests.chaos.frames.expected", check_nothing)
    assert any(" got " in fault for fault in Frames(7).run(range(200)).faults)


def test_that_a_transport_that_forgets_requests_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Transport, "_expire", lambda self: self._asked.clear())
    assert any("0 outcomes" in fault for fault in Frames(7).run(range(200)).faults)
