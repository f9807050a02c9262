"""Pages of references from servers that know pages, forget them, or never end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TypeVar

import pytest
from asyncua import ua
from asyncua.client.client import Client

from drivers.driver import BadAddress, DriverError
from drivers.opcua.references import PAGE, References, release
from drivers.opcua.session import Session
from drivers.opcua.settings import OpcUaSettings

Result = TypeVar("Result")

FOLDER, OTHER = ua.NodeId(ua.Int32(1)), ua.NodeId(ua.Int32(2))
POINT_GONE = 0x804A_0000


class PagedServer(Session):
    """A server with `children` in every folder, `page` of them an answer, whose points are `point` for ever."""

    def __init__(self, children: int, *, page: int = PAGE, is_endless: bool = False) -> None:
        super().__init__(OpcUaSettings("opc.tcp://plc:4840"), lambda reason: None)
        self.namespaces = ["http://opcfoundation.org/UA/"]
        self.points: dict[bytes, int] = {}
        self.released: list[bytes] = []
        self._children, self._page, self._is_endless = children, page, is_endless
        self._next_point = 0

    async def request(self, call: Callable[[Client], Awaitable[Result]]) -> Result:
        self.requests += 1
        return await call(SimpleNamespace(uaclient=self))  # type: ignore[arg-type]

    async def browse(self, parameters: ua.BrowseParameters) -> list[ua.BrowseResult]:
        return [self._answer(0) for _ in parameters.NodesToBrowse]

    async def browse_next(self, parameters: ua.BrowseNextParameters) -> list[ua.BrowseResult]:
        if parameters.ReleaseContinuationPoints:
            self.released += [bytes(point) for point in parameters.ContinuationPoints]
            return []
        at = self.points.pop(bytes(parameters.ContinuationPoints[0]), None)
        if at is None:
            return [ua.BrowseResult(StatusCode=ua.StatusCode(ua.UInt32(POINT_GONE)))]
        return [self._answer(0 if self._is_endless else at)]

    def _answer(self, at: int) -> ua.BrowseResult:
        end = min(at + self._page, self._children)
        found = [ua.ReferenceDescription(NodeId=ua.ExpandedNodeId(ua.Int32(n), ua.Int16(0))) for n in range(at, end)]
        point = b""
        if end < self._children:
            self._next_point += 1
            point = b"" if self._page == self._children else f"p{self._next_point}".encode()
            self.points[point] = end
        return ua.BrowseResult(ContinuationPoint=ua.ByteString(point), References=found)


async def everything(references: References, node: ua.NodeId = FOLDER) -> list[int]:
    found, cursor = await references.page(node, b"")
    given = list(found)
    while cursor:
        found, cursor = await references.page(node, cursor)
        assert len(found) <= PAGE
        given += found
    return [int(reference.NodeId.Identifier) for reference in given]


@pytest.mark.parametrize("children", [0, 1, 199, 200, 201, 5_000])
@pytest.mark.parametrize("page", [PAGE, 70, 1_000_000])
async def test_that_every_child_comes_once_in_order_whatever_pages_a_server_makes(children: int, page: int) -> None:
    assert await everything(References(PagedServer(children, page=page))) == list(range(children))


async def test_that_a_point_that_the_server_has_given_up_costs_requests_but_no_child() -> None:
    server = PagedServer(1_000)
    references = References(server)
    first, cursor = await references.page(FOLDER, b"")
    server.points.clear()
    second, _ = await references.page(FOLDER, cursor)

    assert [reference.NodeId.Identifier for reference in [*first, *second]] == list(range(400))


async def test_that_few_points_are_kept_in_the_server_while_many_folders_are_half_open() -> None:
    server = PagedServer(1_000)
    references = References(server)
    folders = [ua.NodeId(ua.Int32(n)) for n in range(10)]
    cursors = [(await references.page(folder, b""))[1] for folder in folders]

    assert len(server.points) - len(server.released) <= 3
    for folder, cursor in zip(folders, cursors, strict=True):
        page, _ = await references.page(folder, cursor)
        assert page[0].NodeId.Identifier == PAGE


async def test_that_a_server_that_gives_the_same_page_for_ever_is_left() -> None:
    with pytest.raises(DriverError, match="again and again"):
        await everything(References(PagedServer(1_000, is_endless=True)))


async def test_that_a_cursor_that_nobody_gave_out_is_refused() -> None:
    with pytest.raises(BadAddress, match="cursor"):
        await References(PagedServer(10)).page(OTHER, b"x")


async def test_that_points_are_released_in_batches() -> None:
    server = PagedServer(10)
    await release(server, [f"p{n}".encode() for n in range(1_100)])

    assert (len(server.released), server.requests) == (1_100, 3)
