"""The references of a node, page by page (Part 4, 5.9.2 Browse, 5.9.3 BrowseNext), whether a server knows pages or not.

Few continuation points are kept in the server, since some have five for everybody; where one is gone, what was given
already is passed over. Servers may give the same point again and again, but not the same references.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.object_ids import ObjectIds

from drivers.driver import BadAddress, DriverError
from drivers.opcua.limits import Service
from drivers.opcua.node_id import format_node_id
from drivers.opcua.refusal import status_name
from drivers.opcua.session import ServiceRefused, Session

PAGE = 200
FOLDER_LIMIT = 200_000
"""References of one folder at most: more is no folder that anybody looks at, but a server that never ends."""
_OPEN_POINTS = 3
_OBJECT_VARIABLE_OR_METHOD = 7
_CURSOR = struct.Struct("<I")
_POINT_GONE = {"BadContinuationPointInvalid", "BadNoContinuationPoints"}

Page = list[ua.ReferenceDescription]


class References:
    """Hands out the references of nodes; a cursor says how many were given, and at which point the server stands."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session
        self._rest: tuple[ua.NodeId, int, Page] = (ua.NodeId(), 0, [])
        self._points: list[bytes] = []
        self._seen: dict[ua.NodeId, set[int]] = {}

    async def page(self, node: ua.NodeId, cursor: bytes) -> tuple[Page, bytes]:
        """Return references of a node and the cursor behind them, b"" at the end.

        Raise BadAddress for a node that cannot be browsed, DriverError for a server that repeats itself.
        """
        if not cursor:
            self._seen = {node: set()}
            return await self._given(node, 0, *await self._first(node))
        if len(cursor) < _CURSOR.size:
            raise BadAddress("this is no cursor that was given out before")
        (count,), point = _CURSOR.unpack_from(cursor), cursor[_CURSOR.size :]
        at, begins, rest = self._rest
        if rest and at == node and begins == count:
            return await self._given(node, count, rest, point)
        if point in self._points:
            self._points.remove(point)
            try:
                return await self._given(node, count, *await self._next(point))
            except _PointGoneError:
                pass
        return await self._again(node, count)

    async def _given(self, node: ua.NodeId, count: int, found: Page, point: bytes) -> tuple[Page, bytes]:
        """Cut a page off what was found; keep what is beyond it, or the point where the server goes on."""
        page, rest = found[:PAGE], found[PAGE:]
        self._check(node, page, count)
        self._rest = (node, count + len(page), rest)
        if not rest and not point:
            return page, b""
        if point:
            await self._keep(point)
        return page, _CURSOR.pack(count + len(page)) + point

    def _check(self, node: ua.NodeId, page: Page, count: int) -> None:
        seen = self._seen.setdefault(node, set())
        before = len(seen)
        seen.update(hash((reference.NodeId, reference.ReferenceTypeId)) for reference in page)
        name = format_node_id(node, self._session.namespaces)
        if page and count and len(seen) == before and before >= count:
            raise DriverError(f"{self._session.url}: the server gives the same children of {name} again and again")
        if len(seen) > FOLDER_LIMIT:
            raise DriverError(f"{self._session.url}: {name} has more than {FOLDER_LIMIT:,} children")

    async def _again(self, node: ua.NodeId, count: int) -> tuple[Page, bytes]:
        """Begin anew and pass over what was given."""
        found, point = await self._first(node)
        passed = 0
        while passed + len(found) <= count and point:
            passed += len(found)
            if passed > FOLDER_LIMIT or not found:
                raise DriverError(f"{self._session.url}: the server has lost the place where it was browsed")
            found, point = await self._next(point)
        return await self._given(node, count, found[count - passed :], point)

    async def _first(self, node: ua.NodeId) -> tuple[Page, bytes]:
        async def ask(client: Client) -> list[ua.BrowseResult]:
            return await browse(client, [description(node)], page=PAGE)

        return self._result(await self._session.request(ask), format_node_id(node, self._session.namespaces))

    async def _next(self, point: bytes) -> tuple[Page, bytes]:
        return self._result(await self._session.request(lambda client: _browse_next(client, [point])), "the next page")

    def _result(self, results: Sequence[ua.BrowseResult], name: str) -> tuple[Page, bytes]:
        code = results[0].StatusCode.value if len(results) == 1 else 0
        if len(results) != 1 or not results[0].StatusCode.is_good():
            if status_name(code) in _POINT_GONE:
                raise _PointGoneError(name)
            told = status_name(code) if results else "no answer"
            raise BadAddress(f"{name} cannot be browsed: {told}: take an address that browsing from the top shows")
        return list(results[0].References or []), bytes(results[0].ContinuationPoint or b"")

    async def _keep(self, point: bytes) -> None:
        if point not in self._points:
            self._points.append(point)
        if len(self._points) > _OPEN_POINTS:
            await release(self._session, [self._points.pop(0)])


class _PointGoneError(BadAddress):
    """The server has given up a continuation point."""


async def release(session: Session, points: Sequence[bytes]) -> None:
    """Let the server forget continuation points; what it says to that is of no use."""
    most = session.limits.most(Service.BROWSE)
    for at in range(0, len(points), most):
        batch = list(points[at : at + most])
        try:
            await session.request(lambda client, batch=batch: _browse_next(client, batch, is_release=True))  # type: ignore[misc]
        except ServiceRefused:
            return


def description(node: ua.NodeId) -> ua.BrowseDescription:
    """Return what is asked of a node: its objects, variables (also properties) and methods, with their names."""
    return ua.BrowseDescription(
        NodeId=node,
        BrowseDirection=ua.BrowseDirection.Forward,
        ReferenceTypeId=ua.NodeId(ua.Int32(ObjectIds.HierarchicalReferences)),
        IncludeSubtypes=True,
        NodeClassMask=ua.UInt32(_OBJECT_VARIABLE_OR_METHOD),
        ResultMask=ua.UInt32(63),
    )


async def browse(client: Client, wanted: list[ua.BrowseDescription], *, page: int) -> list[ua.BrowseResult]:
    """Browse some nodes, `page` references of each."""
    return await client.uaclient.browse(
        ua.BrowseParameters(RequestedMaxReferencesPerNode=ua.UInt32(page), NodesToBrowse=wanted)
    )


async def _browse_next(client: Client, points: list[bytes], *, is_release: bool = False) -> list[ua.BrowseResult]:
    return await client.uaclient.browse_next(ua.BrowseNextParameters(is_release, [ua.ByteString(p) for p in points]))
