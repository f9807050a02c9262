"""Servers in a thread of their own, for what opens an event loop itself: commands and windows."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.drivers.opcua.authority import Made
from tests.drivers.opcua.secured_server import secured_server


@dataclass(frozen=True)
class ServedUrl:
    """Where the server is."""

    url: str


@contextmanager
def served(own: Made, folder: Path, **wanted: Any) -> Iterator[ServedUrl]:  # noqa: ANN401 - those of `secured_server`
    """Run a secured server until the block ends."""
    with running(secured_server(own, folder, **wanted)) as url:
        yield ServedUrl(url)


Thing = TypeVar("Thing")


@contextmanager
def running(server: AbstractAsyncContextManager[Thing]) -> Iterator[Thing]:
    """Run a server until the block ends."""
    ready: Future[Thing] = Future()
    over = threading.Event()

    async def serve() -> None:
        async with server as thing:
            ready.set_result(thing)
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    thread = threading.Thread(target=run, name="server", daemon=True)
    thread.start()
    try:
        yield ready.result(timeout=30)
    finally:
        over.set()
        thread.join(timeout=10)
