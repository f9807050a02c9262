"""Reads the pages of rollups, and keeps the newest of them unpacked: a view that is moved asks for them again."""

from __future__ import annotations

from app.database import PlantConnection
from app.history.codec import CodecError
from app.history.layout import tag_key
from app.history.rollup import Buckets, Tier, no_buckets
from app.history.rollup_page import unpack_page

_MOST_PAGES = 512
"""About 40 MB of full pages of minutes."""


class PageReader:
    """The pages of one state of the file; `forget` when it has changed."""

    def __init__(self) -> None:
        """Begin empty."""
        self._pages: dict[tuple[int, int], Buckets | CodecError] = {}

    def forget(self) -> None:
        """Forget all: pages may have been written anew."""
        self._pages.clear()

    def pages(self, connection: PlantConnection, tag: int, tier: Tier, first: int, last: int) -> list[Buckets]:
        """Return the pages of a tag from number `first` to `last`, as far as there are; raise CodecError for damage."""
        begin, end = tag_key(tag, first), tag_key(tag, last)
        keys = [(tier.width, key) for key in range(begin, end + 1)]
        pages = self._pages
        found = [pages[key] for key in keys if key in pages]
        if len(found) < len(keys):
            self._load(connection, tier, begin, end)
            found = [self._pages[key] for key in keys if key in self._pages]
        whole = []
        for page in found:
            if isinstance(page, CodecError):
                raise page
            whole.append(page)
        return whole

    def _load(self, connection: PlantConnection, tier: Tier, first: int, last: int) -> None:
        if len(self._pages) > _MOST_PAGES:
            self._pages.clear()
        rows = connection.execute(
            f"SELECT id, buckets, crc, data FROM {tier.table} WHERE id BETWEEN ? AND ?",  # noqa: S608 - ours
            (first, last),
        ).fetchall()
        for key in range(first, last + 1):
            self._pages[tier.width, key] = no_buckets()
        for key, *row in rows:
            try:
                self._pages[tier.width, key] = unpack_page(tier, *row)
            except CodecError as error:
                self._pages[tier.width, key] = error
