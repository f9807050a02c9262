"""The standard nodes of asyncua's servers, made once in a process that starts many of them.

Each server makes the 6 174 nodes of the OPC UA standard anew, which takes 0.7 s of the processor. Here they are made
once, and each server takes its own copy of those that are looked at.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, cast

from asyncua import ua
from asyncua.server.address_space import NodeData
from asyncua.server.internal_server import InternalServer

_load = InternalServer.load_standard_address_space


class CopiedNodes(MutableMapping[ua.NodeId, NodeData]):
    """The nodes of one server: those of its own, and those of the standard, copied when they are first asked for."""

    def __init__(self, kept: dict[ua.NodeId, bytes]) -> None:
        self._kept = dict(kept)
        self._nodes: dict[ua.NodeId, NodeData] = {}

    def __getitem__(self, key: ua.NodeId) -> NodeData:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = cast(NodeData, pickle.loads(self._kept[key]))  # noqa: S301 - made below
        return node

    def __setitem__(self, key: ua.NodeId, node: NodeData) -> None:
        self._kept.pop(key, None)
        self._nodes[key] = node

    def __delitem__(self, key: ua.NodeId) -> None:
        if self._kept.pop(key, None) is None or key in self._nodes:
            del self._nodes[key]

    def __contains__(self, key: object) -> bool:
        return key in self._nodes or key in self._kept

    def __iter__(self) -> Iterator[ua.NodeId]:
        yield from list(self._kept)
        yield from [key for key in self._nodes if key not in self._kept]

    def __len__(self) -> int:
        return len(self._kept.keys() | self._nodes.keys())


def keep_standard_nodes() -> None:
    """Let every server of this process from now on take its standard nodes from the first one."""
    kept: dict[ua.NodeId, bytes] = {}

    async def load(server: InternalServer, shelf_file: Path | None = None) -> None:
        if not kept:
            await _load(server, shelf_file)
            nodes = server.aspace._nodes
            kept.update(await asyncio.to_thread(lambda: {key: pickle.dumps(node, -1) for key, node in nodes.items()}))
        server.aspace._nodes = CopiedNodes(kept)  # type: ignore[assignment] # a mapping is all that it has to be

    cast(Any, InternalServer).load_standard_address_space = load
