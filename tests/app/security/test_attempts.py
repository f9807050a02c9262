"""Wrong PINs cost time, more with each; right ones do not."""

from __future__ import annotations

from app.model.clock import NS_PER_S
from app.security.attempts import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, Attempts


def test_that_a_few_wrong_tries_are_free_and_further_ones_wait_longer_each_time() -> None:
    attempts = Attempts()
    waits = []
    for _ in range(FREE_TRIES + 8):
        attempts.note_wrong("a", 0)
        waits.append(attempts.wait_s("a", 0))
    assert waits[: FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 1] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S


def test_that_a_wait_ends_and_others_do_not_share_it() -> None:
    attempts = Attempts()
    for _ in range(FREE_TRIES):
        attempts.note_wrong("a", 0)
    assert attempts.wait_s("b", 0) == 0.0
    assert attempts.wait_s("a", int(5 * NS_PER_S)) == FIRST_WAIT_S - 5
    assert attempts.wait_s("a", int(FIRST_WAIT_S * NS_PER_S)) == 0.0


def test_that_a_right_try_forgets_the_wrong_ones() -> None:
    attempts = Attempts()
    for _ in range(FREE_TRIES):
        attempts.note_wrong("a", 0)
    attempts.note_right("a")
    assert attempts.wait_s("a", 0) == 0.0
