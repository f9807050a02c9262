"""What is made and used one after the other, made in a thread of its own while the former one is used."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(make: Callable[[], Generator[T]]) -> Generator[T]:
    """Yield what `make` yields; while one is used the next is made, and no more than that one.

    All of `make` runs in the same thread, also what it does at its end. What it raises is raised here.
    """
    with ThreadPoolExecutor(1, "history-ahead") as pool:
        items = make()
        try:
            coming = pool.submit(next, items, None)
            while (item := coming.result()) is not None:
                coming = pool.submit(next, items, None)
                yield item
        finally:
            pool.submit(items.close).result()
