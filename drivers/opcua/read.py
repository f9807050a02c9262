"""Read of many values at once: the request from bytes that are kept, the answer as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import Primitives

from app.model import status
from app.model.block import Block
from drivers.driver import BadAddress, SubscribeResult, TagSpec
from drivers.opcua.data_types import DataTypes
from drivers.opcua.encoded import read_request, read_value_id, take_head
from drivers.opcua.node_id import UnknownNamespace, parse_node_id
from drivers.opcua.notification import Changes, decode
from drivers.opcua.part import split_address
from drivers.opcua.session import Session
from drivers.opcua.slots import Slots
from drivers.opcua.transport import ColumnClient


def node_of(tag: TagSpec, namespaces: Sequence[str]) -> ua.NodeId | SubscribeResult:
    """Return the NodeId of a tag, or why it has none in this server."""
    try:
        return parse_node_id(split_address(tag.address)[1], namespaces)
    except UnknownNamespace as error:
        return SubscribeResult(tag.handle, status.BAD_NODE_ID_UNKNOWN, str(error))
    except BadAddress as error:
        return SubscribeResult(tag.handle, status.BAD_NODE_ID_INVALID, str(error))


class Reader:
    """Reads tags through a session; what was made for a list of tags serves as long as the same tags are read."""

    def __init__(self, session: Session, types: DataTypes) -> None:
        """Read through `session`; `types`: of its server."""
        self._session = session
        self._types = types
        self._tags: list[TagSpec] = []
        self._plan = _Plan([], [], types)

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Return one sample per tag, in their order; raise ConnectionLost."""
        wanted = list(tags)
        if wanted != self._tags:
            await self._types.learn(wanted)
            self._plan = _Plan(wanted, [node_of(tag, self._session.namespaces) for tag in wanted], self._types)
            self._tags = wanted
        plan, is_exact = self._plan, self._plan.slots.is_exact

        async def read(client: Client, items: list[bytes]) -> Changes:
            assert isinstance(client, ColumnClient)  # noqa: S101 - the session makes no other
            return read_response(await client.publishing.send(read_request(items)), is_exact=is_exact)

        answers = [answer async for answer in self._session.each_batch(plan.wanted, read, refused=_refused)]
        return plan.block_of(answers, skew_ns=self._session.skew_ns)


class _Plan:
    """What is asked for some tags, and how the answers become a Block."""

    def __init__(self, tags: Sequence[TagSpec], nodes: Sequence[ua.NodeId | SubscribeResult], types: DataTypes) -> None:
        self.slots = Slots(tags, types.shaped)
        self.wanted = [read_value_id(node) for node in nodes if isinstance(node, ua.NodeId)]
        self._asked = np.array([row for row, node in enumerate(nodes) if isinstance(node, ua.NodeId)], np.uint32)
        self._unknown = [(row, node.status) for row, node in enumerate(nodes) if isinstance(node, SubscribeResult)]

    def block_of(self, answers: Sequence[Changes], *, skew_ns: int) -> Block:
        """Return the Block of the answers, with the codes of the tags that could not be asked for."""
        absent = _bad([code for _, code in self._unknown])
        parts = [*answers, absent]
        handle = np.concatenate([self._asked, np.array([row for row, _ in self._unknown], np.uint32)])
        is_exact = any(part.raw is not None for part in parts)
        block = self.slots.block_of(
            Changes(
                handle,
                np.concatenate([part.value for part in parts]),
                np.concatenate([part.status for part in parts]),
                np.concatenate([part.time for part in parts]),
                np.concatenate([_raw(part) for part in parts]) if is_exact else None,
            ),
            skew_ns=skew_ns,
        )
        return block if not self._unknown else block.select(np.argsort(handle, kind="stable"))


def read_response(data: Buffer, *, is_exact: bool = False) -> Changes:
    """Return the columns of a ReadResponse (Part 4, 5.11.2); raise UaError, or the StatusCode of the service."""
    take_head(data)
    count = max(0, int(Primitives.Int32.unpack(data)))
    return decode(bytes(data), 0, count, is_exact=is_exact)[0]


def _raw(part: Changes) -> object:
    return np.full(len(part), None, np.object_) if part.raw is None else part.raw


def _refused(items: list[bytes], code: int) -> Changes:
    return _bad([code] * len(items))


def _bad(codes: Sequence[int]) -> Changes:
    n = len(codes)
    return Changes(np.zeros(n, np.uint32), np.full(n, np.nan), np.array(codes, np.uint32), np.zeros(n, np.int64))
