"""What an OPC UA server has kept of its variables, read page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

import numpy as np
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.ua_binary import nodeid_to_binary

from app.model import status
from app.model.block import Block, empty
from drivers.driver import ConnectionLost, DriverError, SubscribeResult, TagSpec
from drivers.historian import HistoryEnd, HistoryPage
from drivers.opcua.data_types import DataTypes
from drivers.opcua.history_course import HistoryCourse
from drivers.opcua.history_message import HistoryAnswer, history_answers, history_request
from drivers.opcua.limits import TOO_LARGE, Service
from drivers.opcua.notification import Changes
from drivers.opcua.read import node_of
from drivers.opcua.refusal import status_name
from drivers.opcua.sample import code_of
from drivers.opcua.session import ServiceRefused, Session
from drivers.opcua.slots import Slots
from drivers.opcua.transport import ColumnClient

PAGE = 1_000
"""Values of one node in one answer."""
MOST_NODES = 10
"""Nodes in one request: a server keeps a continuation point for each, and has few of them."""
_HISTORY_READ = 4
"""The bit of the AccessLevel that says that there is a history to be read (Part 3, 8.57)."""


class HistoryService:
    """Reads the history of a server's variables through its session."""

    def __init__(self, session: Session, types: DataTypes) -> None:
        """Read through `session`; `types`: of its server."""
        self._session = session
        self._types = types

    async def read(
        self, tags: Sequence[TagSpec], start: int, end: int, *, limit: int = 0
    ) -> AsyncGenerator[HistoryPage, None]:
        """Yield the values of `tags` with start <= time < end (ns UTC); see `drivers.historian.Historian`."""
        self._session.require_open()
        await self._types.learn(tags)
        slots = Slots(tags, self._types.shaped)
        waiting, ends = await self._begin(tags, start, end, limit=limit)
        if ends:
            yield HistoryPage(empty(), tuple(ends))
        while waiting:
            batch = waiting[: min(MOST_NODES, self._session.limits.most(Service.HISTORY))]
            del waiting[: len(batch)]
            try:
                while going := [course for course in batch if course.over is None]:
                    for group in _alike(going):
                        yield await self._page(group, slots)
            finally:
                await self._release(batch)

    async def _begin(
        self, tags: Sequence[TagSpec], start: int, end: int, *, limit: int
    ) -> tuple[list[HistoryCourse], list[HistoryEnd]]:
        """Return the courses of the tags that have a history, and the ends of the others."""
        skew = self._session.skew_ns
        nodes = [node_of(tag, self._session.namespaces) for tag in tags]
        ends = [
            HistoryEnd(node.handle, node.status, node.reason) for node in nodes if isinstance(node, SubscribeResult)
        ]
        known = [(row, node) for row, node in enumerate(nodes) if isinstance(node, ua.NodeId)]
        wanted = [ua.ReadValueId(node, AttributeIds.UserAccessLevel) for _, node in known]
        levels = await self._session.in_batches(wanted, _read, refused=_refused)
        courses = []
        for (row, node), level in zip(known, levels, strict=True):
            tag, bits = tags[row], None if level.Value is None else level.Value.Value
            code = code_of(level)
            if code >= status.BAD:
                ends.append(HistoryEnd(tag.handle, code, f"{tag.address}: no variable here: {status_name(code)}"))
            elif isinstance(bits, int) and not bits & _HISTORY_READ:
                reason = f"{tag.address}: the server keeps no history of it, or shows none to this user (AccessLevel)"
                ends.append(HistoryEnd(tag.handle, status.BAD_HISTORY_OPERATION_UNSUPPORTED, reason))
            else:
                encoded = bytes(nodeid_to_binary(node))
                courses.append(HistoryCourse(tag, row, encoded, start + skew, end + skew, limit))
        return courses, ends

    async def _page(self, courses: Sequence[HistoryCourse], slots: Slots) -> HistoryPage:
        """Ask once for the next values of courses that begin alike."""
        first = courses[0]
        most = min(PAGE, first.limit) if first.limit else PAGE
        answers = await self._ask(courses, most=most, is_exact=slots.is_exact)
        found = [
            _of_row(changes, course.row)
            for course, answer in zip(courses, answers, strict=True)
            if (changes := course.take(answer, most=most)) is not None
        ]
        ends = tuple(course.over for course in courses if course.over is not None)
        return HistoryPage(self._block(found, slots), ends)

    async def _ask(self, courses: Sequence[HistoryCourse], *, most: int, is_exact: bool) -> list[HistoryAnswer]:
        wanted = [(course.node, course.point) for course in courses]
        request = history_request(wanted, courses[0].since, courses[0].end, most=most)

        async def read(client: Client) -> list[HistoryAnswer]:
            assert isinstance(client, ColumnClient)  # noqa: S101 - the session makes no other
            return history_answers(await client.publishing.send(request), is_exact=is_exact)

        try:
            answers = await self._session.request(read)
        except ServiceRefused as error:
            if len(courses) > 1 and status_name(error.code) in TOO_LARGE:
                self._session.limits.lower(Service.HISTORY, len(courses) // 2)
                middle = len(courses) // 2
                halves = [await self._ask(part, most=most, is_exact=is_exact) for part in _halves(courses, middle)]
                return [answer for half in halves for answer in half]
            return [HistoryAnswer(error.code)] * len(courses)
        if len(answers) != len(courses):
            raise ConnectionLost(f"{self._session.url}: the server answered {len(answers)} of {len(courses)} histories")
        return answers

    async def _release(self, courses: Sequence[HistoryCourse]) -> None:
        """Let the server go of the points that are not used any more."""
        held = [(course.node, course.point) for course in courses if course.point]
        if not held:
            return
        request = history_request(held, courses[0].start, courses[0].end, most=0, is_release=True)

        async def release(client: Client) -> None:
            assert isinstance(client, ColumnClient)  # noqa: S101
            await client.publishing.send(request)

        with suppress(DriverError):  # its session, or its time-out, lets go of them too
            await self._session.request(release)

    def _block(self, found: Sequence[Changes], slots: Slots) -> Block:
        if not found:
            return empty()
        is_exact = any(part.raw is not None for part in found)
        whole = Changes(
            np.concatenate([part.handle for part in found]),
            np.concatenate([part.value for part in found]),
            np.concatenate([part.status for part in found]),
            np.concatenate([part.time for part in found]),
            np.concatenate([_raw(part) for part in found]) if is_exact else None,
        )
        return slots.block_of(whole, skew_ns=self._session.skew_ns)


def _alike(courses: Sequence[HistoryCourse]) -> list[list[HistoryCourse]]:
    """Return the courses in groups that one request can ask for: it has one start, and either points or none."""
    groups: dict[tuple[object, ...], list[HistoryCourse]] = {}
    for course in courses:
        key = (course.row,) if course.is_alone else ("point",) if course.point else ("since", course.since)
        groups.setdefault(key, []).append(course)
    return list(groups.values())


def _halves(courses: Sequence[HistoryCourse], middle: int) -> tuple[Sequence[HistoryCourse], Sequence[HistoryCourse]]:
    return courses[:middle], courses[middle:]


def _of_row(changes: Changes, row: int) -> Changes:
    return Changes(np.full(len(changes), row, np.uint32), changes.value, changes.status, changes.time, changes.raw)


def _raw(part: Changes) -> object:
    return np.full(len(part), None, np.object_) if part.raw is None else part.raw


def _refused(code: int) -> ua.DataValue:
    return ua.DataValue(StatusCode=ua.StatusCode(ua.UInt32(code)))


async def _read(client: Client, wanted: list[ua.ReadValueId]) -> list[ua.DataValue]:
    return await client.uaclient.read(ua.ReadParameters(NodesToRead=wanted))
