"""A server in a process of its own: prints its URL, then offers T = 1.0 for good, and Vn = n, as many as asked for."""

from __future__ import annotations

import asyncio
import sys

from app.model.clock import now_ns
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher

ADDRESS = "nsu=urn:foreshift:served;s=T"


async def _serve(more: int) -> None:
    values = {"T": 1.0, **{f"V{number}": float(number) for number in range(more)}}
    publisher = OpcUaPublisher("127.0.0.1", 0, "urn:foreshift:served", [OpcUaPoint(name) for name in values])
    await publisher.start()
    publisher.publish(values, now_ns())
    sys.stdout.write(f"{publisher.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
