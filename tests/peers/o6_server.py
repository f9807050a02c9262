"""o6 (the C stack open62541) as an OPC UA server: typed variables in a folder; values come as JSON lines on stdin."""

from __future__ import annotations

import json
import sys

import o6  # type: ignore[import-not-found] # a peer, installed for its tests only

_TYPES = {"T": o6.Double, "N": o6.Int16, "RUN": o6.Boolean, "SP": o6.UInt16}


def main(port: int, *secured: str) -> None:
    """Serve on a port; `secured`: certificate, key, ApplicationUri and the certificates of trusted clients."""
    server = o6.Server(port=port)
    if secured:
        certificate, key, uri, *trusted = secured
        server = o6.Server(
            port=port, certificate=certificate, privateKey=key, applicationUri=uri, trustList=trusted, secureOnly=True
        )
    folder = server.addObject("air", server.objectsNode, nodeId="ns=1;s=air")
    for name, made in _TYPES.items():
        server.addVariable(name, folder, made(0), nodeId=f"ns=1;s={name}", writable=name == "SP")
    server.start()
    sys.stdout.write("\nready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        for address, value in json.loads(line).items():
            name = address.rpartition("=")[2]
            server.write(f"ns=1;s={name}", _TYPES[name](int(value) if name != "T" else value))
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
