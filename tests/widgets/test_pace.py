"""What is cheap is renewed at each change, what is costly in turns, and the last change is never left out."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.model.clock import NS_PER_MS
from widgets.pace import CHEAP_NS, Pace


@pytest.fixture
def _as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other tests find everything cheap."""
    monkeypatch.setattr("widgets.pace.CHEAP_NS", CHEAP_NS)
    assert CHEAP_NS < 8 * NS_PER_MS


def test_that_a_cheap_renewal_follows_each_change(qtbot: QtBot) -> None:
    seen: list[int] = []
    owner = QObject()
    pace = Pace(owner, lambda: seen.append(len(seen)))
    for _ in range(5):
        pace.ask()
    assert len(seen) == 5


@pytest.mark.usefixtures("_as_it_is")
def test_that_a_costly_renewal_waits_its_turn_and_shows_the_last_change(qtbot: QtBot) -> None:
    state, shown = [0], list[int]()

    def renew() -> None:
        shown.append(state[0])
        until = time.thread_time_ns() + 8_000_000
        while time.thread_time_ns() < until:
            pass

    owner = QObject()
    pace = Pace(owner, renew)
    for change in range(1, 6):
        state[0] = change
        pace.ask()
    assert shown == [1]
    qtbot.waitUntil(lambda: shown[-1] == 5)
    assert shown == [1, 5]


@pytest.mark.usefixtures("_as_it_is")
def test_that_what_has_become_costly_is_renewed_after_the_signal_and_not_within_it(qtbot: QtBot) -> None:
    calls = [0]

    def renew() -> None:
        calls[0] += 1
        until = time.thread_time_ns() + 8_000_000
        while time.thread_time_ns() < until:
            pass

    owner = QObject()
    pace = Pace(owner, renew)
    pace.ask()
    qtbot.wait(200)  # its share of the time is long over
    pace.ask()
    assert calls == [1], "a list that shows the same change would have to wait for it"
    qtbot.waitUntil(lambda: calls == [2])
