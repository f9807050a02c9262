"""What is made one ahead is used in its order, and all of it is made in one thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import closing

import pytest

from app.history.one_ahead import one_ahead


def test_that_items_come_in_their_order_and_only_one_is_made_ahead() -> None:
    made: list[int] = []

    def make() -> Generator[int]:
        for number in range(1, 6):
            made.append(number)
            yield number

    used = []
    with closing(one_ahead(make)) as items:
        for number in items:
            used.append(number)
            assert number <= len(made) <= number + 1
    assert used == [1, 2, 3, 4, 5]


def test_that_the_next_is_made_while_one_is_used() -> None:
    is_made = threading.Event()

    def make() -> Generator[str]:
        yield "first"
        is_made.set()
        yield "second"

    with closing(one_ahead(make)) as items:
        assert next(items) == "first"
        assert is_made.wait(60.0)
        assert next(items) == "second"


def test_that_beginning_and_end_are_in_the_thread_that_makes() -> None:
    threads: list[int] = []

    def make() -> Generator[int]:
        threads.append(threading.get_ident())
        try:
            yield from range(1, 100)
        finally:
            threads.append(threading.get_ident())

    with closing(one_ahead(make)) as items:
        assert next(items) == 1
    assert len(threads) == 2
    assert threads[0] == threads[1] != threading.get_ident()


def test_that_what_is_raised_while_making_is_raised_where_it_is_used() -> None:
    def make() -> Generator[int]:
        yield 1
        raise ValueError("no more")

    items = one_ahead(make)
    assert next(items) == 1
    with pytest.raises(ValueError, match="no more"):
        next(items)
