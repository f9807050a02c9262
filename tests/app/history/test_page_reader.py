"""Pages of rollups that are kept as runs are what the file holds, whatever was asked before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import PlantConnection, open_reader, open_writer, transaction
from app.history import page_reader
from app.history.codec import CodecError
from app.history.layout import HOUR_NS, tag_key
from app.history.page_reader import PageReader
from app.history.rollup import HOUR, MINUTE, TIERS, Buckets, bucketed
from app.history.rollup_page import pack_page

DAY_NS = 24 * HOUR_NS
T0 = 19_000 * DAY_NS
TAGS = (1, 2, 3)
DAYS = 40
PRESENT = [day for day in range(DAYS) if day % 7 != 3]  # some days have nothing


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with pages of three tags over forty days, of which the fifth page of the second tag is damaged."""
    path = tmp_path_factory.mktemp("pages") / "pages.sqlite"
    with closing(open_writer(path)) as connection, transaction(connection):
        for tier in TIERS:
            connection.execute(
                f"CREATE TABLE {tier.table} (id INTEGER PRIMARY KEY, buckets INTEGER, crc INTEGER, data BLOB)"
            )
            for tag in TAGS:
                _store(connection, tag, page_ns=tier.page_ns)
        connection.execute("UPDATE minute_rollup SET crc = crc + 1 WHERE id = ?", (tag_key(2, T0 // DAY_NS + 4),))
    return path


def _store(connection: PlantConnection, tag: int, *, page_ns: int) -> None:
    tier = next(each for each in TIERS if each.page_ns == page_ns)
    for page in sorted({(T0 + day * DAY_NS) // page_ns for day in PRESENT}):
        times = page * page_ns + np.arange(0, page_ns, page_ns // 9, dtype=np.int64)
        buckets = bucketed(times, np.sin(times / 1e13) * tag, np.zeros(len(times), np.uint32), tier.width)
        row = (tag_key(tag, page), *pack_page(buckets, tier))
        connection.execute(f"INSERT INTO {tier.table} VALUES (?, ?, ?, ?)", row)  # noqa: S608 - a table of this test


@pytest.fixture(scope="module")
def connection(file: Path) -> Iterator[PlantConnection]:
    """A connection that reads it."""
    with closing(open_reader(file)) as connection:
        yield connection


def content(buckets: Buckets) -> list[tuple[int, float, float, int]]:
    columns = (buckets.time, buckets.minimum, buckets.last, buckets.last_time)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def asked(reader: PageReader, connection: PlantConnection, question: tuple[int, int, int, int]) -> object:
    tag, tier, start, length = question
    try:
        return content(reader.between(connection, tag, TIERS[tier], T0 + start, T0 + start + length))
    except CodecError as error:
        return str(error)


questions = st.tuples(
    st.sampled_from(TAGS),
    st.integers(0, 1),
    st.integers(-2 * DAY_NS, DAYS * DAY_NS),
    st.one_of(st.integers(1, 3 * DAY_NS), st.integers(1, DAYS * DAY_NS)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asking=st.lists(questions, min_size=1, max_size=12), most=st.sampled_from([10, 60, 100_000]))
def test_that_what_was_asked_before_changes_no_answer(
    connection: PlantConnection,
    asking: list[tuple[int, int, int, int]],
    most: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_reader, "_MOST_BUCKETS", most)
        patch.setattr(page_reader, "_LONGEST_RUN", most // 2)
        kept = PageReader()
        for question in asking:
            assert asked(kept, connection, question) == asked(PageReader(), connection, question)


def test_that_a_run_beside_a_damaged_page_is_still_told(connection: PlantConnection) -> None:
    reader = PageReader()
    with pytest.raises(CodecError, match="checksum"):
        reader.between(connection, 2, MINUTE, T0, T0 + 6 * DAY_NS)
    assert len(reader.between(connection, 2, MINUTE, T0, T0 + 3 * DAY_NS)) > 0
    assert len(reader.between(connection, 2, HOUR, T0, T0 + 6 * DAY_NS)) > 0
    with pytest.raises(CodecError, match="checksum"):
        reader.between(connection, 2, MINUTE, T0 + 4 * DAY_NS, T0 + 5 * DAY_NS)


def test_that_a_stretch_that_moves_on_asks_only_for_what_is_new(file: Path) -> None:
    statements: list[str] = []
    with closing(open_reader(file)) as connection:
        reader = PageReader()
        reader.between(connection, 1, MINUTE, T0, T0 + 2 * DAY_NS)
        connection.set_trace_callback(statements.append)
        for shift in range(0, 24, 6):
            reader.between(connection, 1, MINUTE, T0 + shift * HOUR_NS, T0 + 2 * DAY_NS)
        assert statements == []
        reader.between(connection, 1, MINUTE, T0 + DAY_NS, T0 + 3 * DAY_NS)
    (statement,) = statements
    assert f"BETWEEN {tag_key(1, T0 // DAY_NS + 2)} AND {tag_key(1, T0 // DAY_NS + 2)}" in statement


def test_that_a_page_with_buckets_of_another_day_is_damaged(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "wrong.sqlite")) as connection:
        connection.execute(
            "CREATE TABLE minute_rollup (id INTEGER PRIMARY KEY, buckets INTEGER, crc INTEGER, data BLOB)"
        )
        page = pack_page(bucketed(np.array([T0]), np.ones(1), np.zeros(1, np.uint32), MINUTE.width), MINUTE)
        connection.execute("INSERT INTO minute_rollup VALUES (?, ?, ?, ?)", (tag_key(1, T0 // DAY_NS + 1), *page))
        with pytest.raises(CodecError, match="lie elsewhere"):
            PageReader().between(connection, 1, MINUTE, T0, T0 + 2 * DAY_NS)
