"""When a worker that says nothing hangs, and when the computer has no turn for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.acquisition.silence import LONGEST_S, LOOK_S, Silence, Turns, turns_of
from app.model.clock import NS_PER_MS, NS_PER_S

LOOKS = 20


def looked_at(turns: list[Turns | None], passed_s: float = LOOK_S) -> Silence:
    silence = Silence()
    for each in turns:
        silence.look(passed_s, each)
    return silence


def test_that_a_worker_that_sleeps_is_silent_of_itself() -> None:
    silence = looked_at([Turns(5, 7, is_ready=False)] * LOOKS)
    assert silence.own_s == pytest.approx(LOOKS * LOOK_S)


def test_that_a_worker_that_computes_all_the_time_is_silent_of_itself() -> None:
    look = int(LOOK_S * NS_PER_S)
    silence = looked_at([Turns(look * number, 0, is_ready=True) for number in range(LOOKS)])
    assert silence.own_s == pytest.approx(LOOKS * LOOK_S)


def test_that_waiting_for_a_processor_is_not_its_own() -> None:
    waits = int(LOOK_S * NS_PER_S) - 5 * NS_PER_MS
    turns = [Turns(5 * NS_PER_MS * number, waits * number, is_ready=bool(number % 2)) for number in range(LOOKS)]
    silence = looked_at([*turns])
    assert silence.own_s == pytest.approx(LOOK_S + (LOOKS - 1) * 0.005)
    assert silence.whole_s == pytest.approx(LOOKS * LOOK_S)


def test_that_a_wait_that_has_not_ended_is_not_its_own_either_but_not_for_ever() -> None:
    silence = looked_at([Turns(5, 7, is_ready=True)] * LOOKS)
    assert silence.own_s == pytest.approx(LOOK_S)
    assert not silence.is_longest
    for _ in range(int(LONGEST_S / LOOK_S)):
        silence.look(LOOK_S, Turns(5, 7, is_ready=True))
    assert silence.is_longest


def test_that_who_is_heard_begins_anew() -> None:
    silence = looked_at([Turns(5, 7, is_ready=False)] * LOOKS)
    silence.end()
    assert (silence.own_s, silence.whole_s) == (0.0, 0.0)


def test_that_without_turns_every_silence_counts_up_to_two_looks_at_once() -> None:
    assert looked_at([None, None], passed_s=60.0).own_s == pytest.approx(4 * LOOK_S)


def test_that_the_turns_of_a_process_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "17"
    folder.mkdir()
    (folder / "schedstat").write_text("81000000 17000000 12\n", encoding="ascii")
    (folder / "stat").write_text("17 (py) S (x) R 1 17 17 0 -1", encoding="ascii")
    assert turns_of(17, tmp_path) == Turns(81_000_000, 17_000_000, is_ready=True)
    (folder / "stat").write_text("17 (python) S 1 17 17 0 -1", encoding="ascii")
    assert turns_of(17, tmp_path) == Turns(81_000_000, 17_000_000, is_ready=False)
    assert turns_of(18, tmp_path) is None
    (folder / "schedstat").write_text("nonsense", encoding="ascii")
    assert turns_of(17, tmp_path) is None


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system tells no turns")
def test_that_this_process_runs_while_it_asks() -> None:
    first = turns_of(os.getpid())
    sum(range(300_000))
    second = turns_of(os.getpid())
    assert first is not None
    assert second is not None
    assert second.ran > first.ran
    assert second.is_ready
