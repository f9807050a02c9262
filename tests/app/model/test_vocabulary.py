from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

import app.model
from app.model import status
from app.model.alarm import AlarmState
from app.model.byte_size import byte_size
from app.model.datavalue import DataValue
from app.model.plant import Plant
from app.model.series import empty_series
from app.model.tag import TagDefinition
from app.model.text import LocalText


def tag(handle: int, name: str, equipment: str) -> TagDefinition:
    return TagDefinition(handle, name, equipment, LocalText(name), "c", "a")


PLANT = Plant("p", LocalText("Plant"), (), (), (tag(0, "A", "E1"), tag(1, "B", "E2"), tag(2, "C", "E1")))


@pytest.mark.parametrize("module", [module.name for module in pkgutil.iter_modules(app.model.__path__)])
def test_that_every_value_of_the_vocabulary_is_frozen_and_slotted(module: str) -> None:
    contents = vars(importlib.import_module(f"app.model.{module}")).values()
    values = [thing for thing in contents if isinstance(thing, type) and dataclasses.is_dataclass(thing)]
    for value in values:
        assert vars(value)["__dataclass_params__"].frozen, value
        assert "__slots__" in vars(value), value


def test_that_sizes_are_scaled() -> None:
    assert [byte_size(size) for size in (0, 999, 1000, 99_600, 12_400_000_000, 2_500_000_000_000)] == [
        "0 B", "999 B", "1.0 kB", "100 kB", "12.4 GB", "2.5 TB",
    ]  # fmt: skip


def test_that_a_tag_is_found_by_its_name() -> None:
    assert PLANT.tag("B").handle == 1
    with pytest.raises(KeyError):
        PLANT.tag("X")


def test_that_the_tags_of_an_equipment_are_found() -> None:
    assert [found.name for found in PLANT.tags_of("E1")] == ["A", "C"]
    assert PLANT.tags_of("E3") == ()


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        (LocalText("Oil", "油"), "zh", "油"),
        (LocalText("Oil", "油"), "zh_CN", "油"),
        (LocalText("Oil", "油"), "en", "Oil"),
        (LocalText("Oil"), "zh", "Oil"),
    ],
)
def test_that_a_text_falls_back_to_english(text: LocalText, language: str, shown: str) -> None:
    assert text.in_language(language) == shown


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        (AlarmState.NORMAL, (False, False)),
        (AlarmState.UNACKNOWLEDGED, (True, True)),
        (AlarmState.ACKNOWLEDGED, (True, False)),
        (AlarmState.RETURNED, (False, True)),
    ],
)
def test_that_an_alarm_state_says_what_it_asks_for(state: AlarmState, facts: tuple[bool, bool]) -> None:
    assert (state.is_active, state.needs_acknowledge) == facts


def test_that_only_a_good_sample_is_good() -> None:
    assert DataValue(1.0, status.GOOD | status.OVERFLOW, 5).is_good
    assert not DataValue(1.0, status.UNCERTAIN, 5).is_good
    assert not DataValue(1.0, status.BAD, 5).is_good


def test_that_an_empty_series_has_typed_columns() -> None:
    series = empty_series()
    assert len(series) == 0
    assert [str(column.dtype) for column in (series.time, series.value, series.status)] == [
        "int64",
        "float64",
        "uint32",
    ]
