"""Reads the pages of rollups, and keeps the newest of them unpacked: a view that is moved asks for them again.

Neighbouring pages of a tag are kept as one run, so that a stretch of it is cut out without being put together anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.database import PlantConnection
from app.history.codec import CodecError
from app.history.layout import position_of, tag_key
from app.history.rollup import Buckets, Tier, concatenated
from app.history.unpacked_pages import UnpackedPages

_MOST_BUCKETS = 600_000
"""About 40 MB of them; a run of a sixteenth of that is not made longer."""
_LONGEST_RUN = _MOST_BUCKETS // 16
_UNPACKED = UnpackedPages()


@dataclass(frozen=True, slots=True)
class _Run:
    """The buckets of the pages `first` to `last` of a tag, and what is wrong with the first that is damaged."""

    first: int
    last: int
    buckets: Buckets
    damage: CodecError | None


class PageReader:
    """The pages of one state of the file; `forget` when it has changed."""

    def __init__(self) -> None:
        """Begin empty."""
        self._runs: dict[tuple[int, int], _Run] = {}
        self._held = 0

    def forget(self) -> None:
        """Forget all: pages may have been written anew."""
        self._runs.clear()
        self._held = 0

    def between(self, connection: PlantConnection, tag: int, tier: Tier, start: int, end: int) -> Buckets:
        """Return the buckets of a tag with start <= time < end (ns UTC); raise CodecError where a page is damaged."""
        first, last = start // tier.page_ns, (end - 1) // tier.page_ns
        run = self._runs.get((tier.width, tag))
        if run is None or first < run.first or last > run.last:
            run = self._longer(connection, tag, tier, first, last)
        if run.damage is not None:
            # what of the run is damaged is found out by reading the pages alone
            run = _read(connection, tag, tier, first, last)
            if run.damage is not None:
                raise run.damage
        return run.buckets.between(start, end)

    def _longer(self, connection: PlantConnection, tag: int, tier: Tier, first: int, last: int) -> _Run:
        """Return a run that holds pages `first` to `last`, with the known ones where it touches them; remember it."""
        run = self._runs.get((tier.width, tag))
        if run is not None:
            self._drop(tier.width, tag)
        touches = run is not None and first <= run.last + 1 and last >= run.first - 1
        if run is None or not touches or len(run.buckets) > _LONGEST_RUN:
            made = _read(connection, tag, tier, first, last)
        else:
            parts = [run]
            if first < run.first:
                parts.insert(0, _read(connection, tag, tier, first, run.first - 1))
            if last > run.last:
                parts.append(_read(connection, tag, tier, run.last + 1, last))
            made = _joined(parts)
        while self._runs and self._held + len(made.buckets) > _MOST_BUCKETS:
            self._drop(*next(iter(self._runs)))
        self._runs[tier.width, tag] = made
        self._held += len(made.buckets)
        return made

    def _drop(self, width: int, tag: int) -> None:
        self._held -= len(self._runs.pop((width, tag)).buckets)


def _joined(parts: list[_Run]) -> _Run:
    damage = next((part.damage for part in parts if part.damage is not None), None)
    return _Run(parts[0].first, parts[-1].last, concatenated([part.buckets for part in parts]), damage)


def _read(connection: PlantConnection, tag: int, tier: Tier, first: int, last: int) -> _Run:
    rows = connection.execute(
        f"SELECT id, buckets, crc, data FROM {tier.table} WHERE id BETWEEN ? AND ? ORDER BY id",  # noqa: S608 - ours
        (tag_key(tag, first), tag_key(tag, last)),
    ).fetchall()
    pages, damage = [], None
    for key, *row in rows:
        try:
            pages.append(_at_home(_UNPACKED.page(tier, *row), tier, position_of(key)))
        except CodecError as error:
            damage = damage or error
    return _Run(first, last, concatenated(pages), damage)


def _at_home(page: Buckets, tier: Tier, number: int) -> Buckets:
    """Return a page whose buckets lie in it, as its key says: those of a run must rise."""
    if len(page) and not number * tier.page_ns <= page.time[0] <= page.time[-1] < (number + 1) * tier.page_ns:
        raise CodecError(f"the buckets of page {number} lie elsewhere")
    return page
