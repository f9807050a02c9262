"""o6 (the C stack open62541) as an OPC UA server with a history: its samples come as JSON lines on stdin."""

from __future__ import annotations

import json
import sys

import o6  # type: ignore[import-not-found] # a peer, installed for its tests only


def main(port: int) -> None:
    """Serve A, B and C, of which all is kept, and `unkept`; each line holds the values that follow next."""
    server = o6.Server(port=port)
    server.config.setHistoryDatabase(capacity=5_000)
    for name in ("A", "B", "C", "unkept"):
        server.addVariable(
            name, server.objectsNode, o6.Double(0), nodeId=f"ns=1;s={name}", historizing=name != "unkept"
        )
    server.start()
    sys.stdout.write("\nready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        for address, value in json.loads(line).items():
            server.write(address, o6.Double(value))
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
