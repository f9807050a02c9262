"""A damaged name, unit, data type or number of a tag is found, and one flipped bit is put back as it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import DatabaseDamaged, PlantConnection, transaction
from app.history.integrity import find_damage
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.repair import repair_steps
from app.history.retention import RetentionRules, retention_steps
from app.history.tag_table import TagRow, changing_tags, flipped_row, is_whole, stored_checksum, tag_rows
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.exact import DataType, ExactBlock
from app.model.retention import KEEP_ALL, Retention
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
TAGS = [tag(0, "AC01.T_D"), tag(1, "AC01.P_D", "bar"), tag(2, "炉.温度"), tag(3, "COUNT", "")]
LARGE = (1 << 53) + 1


@pytest.fixture
def connection(connection: PlantConnection) -> PlantConnection:
    """A history of four tags, of which the last holds whole numbers, in two hours and some commits."""
    writer = HistoryWriter(connection, TAGS)
    times = T0 + np.arange(0, 2 * 3_600, 60) * NS_PER_S
    for handle in range(3):
        writer.write(block_of(handle, times, np.sin(np.arange(len(times))) + handle))
    count = np.arange(len(times)) + LARGE
    whole = ExactBlock(np.full(len(times), 3, np.uint32), times, count, np.zeros(len(times), np.uint32), DataType.INT64)
    writer.write(block_of([0], [T0 + 1], [1.0]), [whole])
    HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
    return connection


def flip(connection: PlantConnection, number: int, column: str, bit: int) -> None:
    """Change one bit of a column of a tag's row."""
    content = getattr(next(row for row in tag_rows(connection) if row.number == number), column)
    place = bit // 8 % len(content)
    changed = bytes((*content[:place], content[place] ^ (1 << bit % 8), *content[place + 1 :]))
    with transaction(connection):
        connection.execute(f"UPDATE tag SET {column} = CAST(? AS TEXT) WHERE id = ?", (changed, number))  # noqa: S608
        connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'tags'")


def repair(connection: PlantConnection) -> None:
    for step in repair_steps(find_damage(connection)):
        step(connection)


def test_that_a_list_as_it_was_written_is_whole(connection: PlantConnection) -> None:
    assert is_whole(tag_rows(connection), stored_checksum(connection))
    assert stored_checksum(connection) is not None
    assert find_damage(connection) == []
    HistoryWriter(connection, [*TAGS, tag(4, "NEW"), tag(5, "NEWER", "m")])
    HistoryWriter(connection, [tag(0, "AC01.T_D", "K")])
    assert find_damage(connection) == []


@pytest.mark.parametrize("column", ["name", "unit", "data_type"])
@pytest.mark.parametrize("bit", [0, 5, 7, 14])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_that_one_flipped_bit_is_found_and_put_back(
    connection: PlantConnection, number: int, column: str, bit: int
) -> None:
    if number == 4 and column == "unit":
        column = "name"
    before = tag_rows(connection)
    flip(connection, number, column, bit)
    (damage, *others) = find_damage(connection)
    assert (damage.table, damage.key, damage.is_repairable) == ("tag", number, True)
    assert {other.table for other in others} <= {"hourly"}
    with HistoryReader(connection.path) as reader:
        assert len(reader.tags()) == 4  # the others can be read meanwhile
        repair(connection)
        assert tag_rows(connection) == before
        assert find_damage(connection) == []
        assert reader.exact("COUNT", T0, T0 + HOUR_NS).value.tolist()[:2] == [LARGE, LARGE + 1]


@pytest.mark.parametrize("bit", [0, 3, 12])
def test_that_samples_whose_number_has_changed_get_their_name_back(connection: PlantConnection, bit: int) -> None:
    before = tag_rows(connection)
    connection.execute("UPDATE tag SET id = ? WHERE id = 4", (4 ^ 1 << bit,))
    assert [(damage.table, damage.is_repairable) for damage in find_damage(connection)] == [("tag", True)]
    repair(connection)
    assert tag_rows(connection) == before
    assert find_damage(connection) == []


def test_that_damage_that_was_there_is_not_signed_by_the_next_start(connection: PlantConnection) -> None:
    before = tag_rows(connection)
    flip(connection, 2, "name", 3)
    HistoryWriter(connection, [tag(0, "AC01.T_D", "K"), tag(1, "LATER")])
    (damage,) = find_damage(connection)
    assert damage.key == 2
    repair(connection)
    assert [row.name for row in tag_rows(connection)] == [*(row.name for row in before), b"LATER"]


def test_that_what_no_single_bit_explains_is_told_and_made_readable(connection: PlantConnection) -> None:
    flip(connection, 4, "data_type", 0)
    flip(connection, 1, "name", 9)
    connection.execute("DELETE FROM tag WHERE id = 3")
    damages = [damage for damage in find_damage(connection) if damage.table == "tag"]
    assert [(damage.key, damage.is_repairable) for damage in damages] == [(0, False), (4, True), (3, True)]
    repair(connection)
    assert find_damage(connection) == []
    with HistoryReader(connection.path) as reader:
        assert reader.exact("COUNT", T0, T0 + HOUR_NS).value.tolist()[:2] == [LARGE, LARGE + 1]
        assert len(reader.raw("recovered-3", T0, T0 + HOUR_NS)) == 60


def test_that_a_file_of_an_older_version_gets_its_checksum_at_the_next_start(connection: PlantConnection) -> None:
    connection.execute("DELETE FROM history_state WHERE key = 'tag_checksum'")
    assert find_damage(connection) == []
    flip(connection, 4, "data_type", 0)
    assert [damage.key for damage in find_damage(connection) if damage.table == "tag"] == [4]
    repair(connection)
    assert tag_rows(connection, 4)[0].data_type == b"int64"
    assert stored_checksum(connection) is not None


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(
        st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12), unique=True, max_size=8
    ),
    data=st.data(),
)
def test_that_any_flipped_bit_of_a_name_leads_back_to_it(names: list[str], data: st.DataObject) -> None:
    rows = [TagRow(number + 1, name.encode(), b"Cel", b"float64") for number, name in enumerate(names)]
    if not rows:
        return
    total = sum(row.checksum for row in rows) % (1 << 32)
    place = data.draw(st.integers(0, len(rows) - 1))
    bit = data.draw(st.integers(0, 8 * len(rows[place].name) - 1))
    name = bytearray(rows[place].name)
    name[bit // 8] ^= 1 << bit % 8
    harmed = [*rows]
    harmed[place] = TagRow(place + 1, bytes(name), b"Cel", b"float64")
    assert flipped_row(harmed, total) == (harmed[place], rows[place])


def test_that_a_change_of_one_tag_keeps_the_checksum_right(connection: PlantConnection) -> None:
    with transaction(connection), changing_tags(connection, 2):
        connection.execute("UPDATE tag SET unit = 'kPa' WHERE id = 2")
    assert is_whole(tag_rows(connection), stored_checksum(connection))


def test_that_nothing_is_packed_anew_by_a_data_type_that_is_none(connection: PlantConnection) -> None:
    upkeep = HistoryUpkeep(connection.path, lambda step: step(connection))
    writer = HistoryWriter(connection, TAGS)
    more = ExactBlock(
        np.array([3], np.uint32), np.array([T0 + 7]), np.array([LARGE]), np.zeros(1, np.uint32), DataType.INT64
    )
    writer.write(block_of([], [], []), [more])
    flip(connection, 4, "data_type", 0)
    with pytest.raises(DatabaseDamaged, match=r"tag 4.*integrity --repair"):
        upkeep.seal()
    repair(connection)
    upkeep.settle()
    with HistoryReader(connection.path) as reader:
        assert LARGE in reader.exact("COUNT", T0 + 7, T0 + 8).value.tolist()


def test_that_no_sample_is_removed_by_the_rule_of_another_name(connection: PlantConnection) -> None:
    rules = RetentionRules(Retention(raw_days=1.0, minute_days=1.0, hour_days=1.0), {"AC01.T_D": KEEP_ALL})
    flip(connection, 1, "name", 3)
    with pytest.raises(DatabaseDamaged, match="list of tags"):
        list(retention_steps(connection, rules, T0 + 1_000 * HOUR_NS))
