"""A renamed tag keeps its history, a former name that is used anew does not take it, and a return finds it again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np

from app.database import PlantConnection
from app.history.integrity import find_damage
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.tag_name import present_names
from app.history.writer import HistoryWriter
from app.maintenance.meter import MeterReading
from app.maintenance.meter_name import follow_meters
from app.maintenance.meter_store import meter_readings
from app.maintenance.store import WorkStore
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S


def write(connection: PlantConnection, names: list[tuple[str, tuple[str, ...]]], second: int) -> None:
    """Let a collector begin with a plant of these tags, each with its former names, and record one sample of each."""
    tags = [replace(tag(handle, name), former=former) for handle, (name, former) in enumerate(names)]
    writer = HistoryWriter(connection, tags, is_defining=True)
    values = [10.0 * second + handle for handle in range(len(tags))]
    writer.write(block_of(np.arange(len(tags)), np.full(len(tags), T0 + second * NS_PER_S), np.array(values)))


def values(connection: PlantConnection, name: str) -> list[float]:
    with closing(HistoryReader(connection.path)) as reader:
        found: list[float] = reader.raw(name, T0, T0 + 100 * NS_PER_S).value.tolist()
    return found


def test_that_a_renamed_tag_has_its_history_under_the_new_name(connection: PlantConnection) -> None:
    write(connection, [("A", ()), ("B", ())], 1)
    write(connection, [("B", ()), ("C", ("A",))], 2)
    assert values(connection, "C") == [10.0, 21.0]
    assert values(connection, "B") == [11.0, 20.0]
    assert values(connection, "A") == [10.0, 21.0], "who reads a plant file of then asks by the name of then"
    assert find_damage(connection) == []


def test_that_a_return_to_the_former_plant_file_has_all_of_it_again(connection: PlantConnection) -> None:
    write(connection, [("A", ())], 1)
    write(connection, [("C", ("A",))], 2)
    write(connection, [("A", ())], 3)
    assert values(connection, "A") == [10.0, 20.0, 30.0]
    write(connection, [("C", ("A",))], 4)
    assert values(connection, "C") == [10.0, 20.0, 30.0, 40.0]


def test_that_a_new_tag_under_a_former_name_begins_a_history_of_its_own(connection: PlantConnection) -> None:
    write(connection, [("A", ())], 1)
    write(connection, [("C", ("A",))], 2)
    write(connection, [("C", ("A",)), ("A", ())], 3)
    assert (values(connection, "C"), values(connection, "A")) == ([10.0, 20.0, 30.0], [31.0])
    write(connection, [("C", ("A",)), ("A", ())], 4)
    assert (values(connection, "C"), values(connection, "A")) == ([10.0, 20.0, 30.0, 40.0], [31.0, 41.0])


def test_that_two_tags_change_their_names_in_a_row(connection: PlantConnection) -> None:
    write(connection, [("A", ()), ("B", ())], 1)
    write(connection, [("B2", ("B",)), ("C", ("A", "A2"))], 2)
    write(connection, [("B3", ("B", "B2")), ("C", ("A", "A2"))], 3)
    assert (values(connection, "C"), values(connection, "B3")) == ([10.0, 21.0, 31.0], [11.0, 20.0, 30.0])


def test_that_the_hours_of_a_renamed_meter_go_along_and_return(connection: PlantConnection) -> None:
    works = WorkStore(connection)
    for second, (name, former) in enumerate([("A", ()), ("C", ("A",)), ("A", ())], 1):
        write(connection, [(name, former)], second)
        follow_meters(connection, present_names(connection, [tag(0, name)]))
        works.note_meters([(name, MeterReading(T0 + second * HOUR_NS, float(second), None))])
        readings = meter_readings(connection)
        assert {key: sorted({each.total for each in found}) for key, found in readings.items()} == {
            name: [float(each) for each in range(1, second + 1)]
        }


def test_that_an_import_of_a_former_name_leaves_the_renamed_tag_alone(connection: PlantConnection) -> None:
    write(connection, [("A", ())], 1)
    write(connection, [("C", ("A",))], 2)
    HistoryWriter(connection, [tag(0, "A")]).write(block_of([0], [T0 + 5 * NS_PER_S], [99.0]))
    assert (values(connection, "C"), values(connection, "A")) == ([10.0, 20.0], [99.0])
