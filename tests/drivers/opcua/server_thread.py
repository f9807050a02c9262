"""A secured server in a thread of its own, for what opens an event loop itself: commands and windows."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drivers.opcua.authority import Made
from tests.drivers.opcua.secured_server import secured_server


@dataclass(frozen=True)
class ServedUrl:
    """Where the server is."""

    url: str


@contextmanager
def served(own: Made, folder: Path, **wanted: Any) -> Iterator[ServedUrl]:  # noqa: ANN401 - those of `secured_server`
    """Run a server until the block ends."""
    ready: Future[ServedUrl] = Future()
    over = threading.Event()

    async def serve() -> None:
        async with secured_server(own, folder, **wanted) as url:
            ready.set_result(ServedUrl(url))
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    thread = threading.Thread(target=run, name="secured-server", daemon=True)
    thread.start()
    try:
        yield ready.result(timeout=30)
    finally:
        over.set()
        thread.join(timeout=10)
