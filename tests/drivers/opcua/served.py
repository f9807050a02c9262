"""A server in a process of its own, for tests that stop or kill it: prints its URL, then offers T = 1.0 for good."""

from __future__ import annotations

import asyncio
import sys

from app.model.clock import now_ns
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher

ADDRESS = "nsu=urn:foreshift:served;s=T"


async def _serve() -> None:
    publisher = OpcUaPublisher("127.0.0.1", 0, "urn:foreshift:served", [OpcUaPoint("T")])
    await publisher.start()
    publisher.publish({"T": 1.0}, now_ns())
    sys.stdout.write(f"{publisher.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
