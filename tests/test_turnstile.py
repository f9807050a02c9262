"""A test that is alone has no other beside it; all others go on at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.turnstile import Turnstile

WORKERS = ("gw0", "gw1", "gw2")


def worker(folder: Path, name: str) -> Turnstile:
    return Turnstile(folder, name, WORKERS)


@pytest.mark.parametrize("alone", [0, 7])
def test_that_a_test_that_is_alone_has_no_other_beside_it(tmp_path: Path, alone: int) -> None:
    """`alone`: how many of each worker's twenty tests are."""
    running: set[str] = set()
    beside: list[set[str]] = []

    def run(name: str) -> None:
        turnstile = worker(tmp_path, name)
        for number in range(20):
            with turnstile.pass_through(alone=number < alone):
                running.add(name)
                if number < alone:
                    beside.append(running - {name})
                running.discard(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in WORKERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert beside == [set()] * (alone * len(WORKERS))


def test_that_two_ordinary_tests_run_beside_each_other(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=10)

    def run(name: str) -> None:
        with worker(tmp_path, name).pass_through(alone=False):
            both.wait()

    threads = [threading.Thread(target=run, args=(name,)) for name in WORKERS[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both.broken


def test_that_the_gate_opens_again_after_a_test_that_failed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError), worker(tmp_path, "gw0").pass_through(alone=True):
        raise AssertionError
    with worker(tmp_path, "gw1").pass_through(alone=True):
        pass
