"""A written plant file reads back as the same plant, and replaces the old one as a whole."""

import math
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.comparison import Comparison
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment, EquipmentLevel
from app.model.forecast import ForecastDefinition
from app.model.plant import Plant
from app.model.retention import Retention
from app.model.role import Role
from app.model.tag import CleaningRule, TagDefinition, TagKind
from app.model.text import LocalText
from app.model.write_rule import StateRule, WriteRule
from app.plant import writer
from app.plant.file import examine_plant, read_plant
from app.plant.writer import plant_text, write_plant
from tests.app.plant.sample import SAMPLE

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Z")), min_size=1, max_size=8)
TEXTS = st.builds(LocalText, en=st.text(min_size=1, max_size=8), zh=st.text(max_size=8))
NUMBERS = st.floats(-1e9, 1e9).map(lambda number: number + 0.0)  # a zero without a sign, as engineers write it
OPTIONS = st.recursive(
    st.booleans() | st.integers() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def limits() -> st.SearchStrategy[Retention]:
    """Return limits of which a coarser one is never below a finer one."""
    days = st.lists(st.floats(0, 1e4, exclude_min=True), min_size=3, max_size=3).map(sorted)
    return st.just(Retention()) | days.map(lambda sorted_days: Retention(*sorted_days))


def rule_of(draw: st.DrawFn, names: list[str]) -> WriteRule | None:
    """Return a rule of writes for about half of the tags."""
    return draw(st.none() | rules(names)) if names else None


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    """Return plants of a few tags whose texts and numbers are arbitrary."""
    equipment = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    links = draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    comparable = [name for name in names if is_named_in_comparisons(name)]
    return Plant(
        id=draw(NAMES),
        name=draw(TEXTS),
        equipment=tuple(
            Equipment(name, draw(TEXTS), draw(st.sampled_from(EquipmentLevel)), "", draw(st.text(max_size=5)))
            for name in equipment
        ),
        connections=tuple(
            ConnectionDefinition(
                link,
                draw(NAMES),
                draw(NAMES),
                draw(st.dictionaries(NAMES.filter(lambda key: key not in {"driver", "url"}), OPTIONS, max_size=3)),
            )
            for link in links
        ),
        tags=tuple(
            TagDefinition(
                handle=handle,
                name=name,
                equipment=draw(st.sampled_from(equipment)),
                title=draw(TEXTS),
                connection=draw(st.sampled_from(links)),
                address=draw(st.text(min_size=1, max_size=8)),
                unit=draw(st.text(max_size=4)),
                kind=TagKind.DISCRETE if (rule := rule_of(draw, comparable)) else draw(st.sampled_from(TagKind)),
                low=-1e9,
                high=math.inf if draw(st.booleans()) else 1e9,
                decimals=draw(st.integers(0, 9)),
                scan_ms=draw(st.integers(10, 10_000)),
                gain=draw(NUMBERS.filter(bool)),
                offset=draw(NUMBERS),
                cleaning=CleaningRule(spike=draw(st.floats(0, 1e6))),
                keep_days=draw(st.none() | st.floats(0, 1e4)),
                write=rule,
            )
            for handle, name in enumerate(names)
        ),
        alarms=tuple(
            AlarmDefinition(
                id=f"{name}.H",
                tag=name,
                condition=ConditionKind.HIGH,
                limit=draw(NUMBERS),
                priority=draw(st.sampled_from(Priority)),
                message=draw(TEXTS),
                on_delay_s=draw(st.floats(0, 1e6)),
            )
            for name in names
        ),
        forecasts=tuple(
            ForecastDefinition(
                id=name,
                equipment=equipment[0],
                tag=name,
                limit=draw(NUMBERS),
                direction=ConditionKind.LOW,
                cause=draw(TEXTS),
                action=draw(TEXTS),
            )
            for name in names
        ),
        time_scale=draw(st.floats(0.001, 1e6)),
        retention=draw(limits()),
        is_read_only=draw(st.booleans()),
    )


@st.composite
def rules(draw: st.DrawFn, names: list[str]) -> WriteRule:
    """Return rules of writes whose conditions are on tags of these names."""
    comparisons = st.builds(Comparison, st.sampled_from(names), st.sampled_from(["==", "!=", "<", ">="]), NUMBERS)
    states = st.builds(StateRule, st.sampled_from(names), st.lists(NUMBERS, min_size=1, max_size=2).map(tuple))
    return WriteRule(
        low=draw(st.floats(-1e9, 0).map(lambda number: number + 0.0)),
        high=draw(st.floats(1, 1e9)),
        step=draw(st.floats(0, 1)),
        tolerance=draw(st.floats(0, 1)),
        confirm=draw(TEXTS),
        role=draw(st.sampled_from(Role)),
        interlocks=tuple(draw(st.lists(comparisons, max_size=2))),
        state=draw(st.none() | states),
        expiry_s=draw(st.floats(0.1, 60)),
        select_s=draw(st.floats(0.1, 600)),
    )


def is_named_in_comparisons(name: str) -> bool:
    """Return whether a comparison tells a name from the relation and the number beside it."""
    return not set("=<>!") & set(name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plant=plants())
def test_that_any_plant_reads_back_as_it_was_written(tmp_path: Path, plant: Plant) -> None:
    path = tmp_path / "plant.toml"
    write_plant(path, plant)
    assert examine_plant(path).problems == () or plant.tags == ()
    assert repr(read_plant(path)) == repr(plant)


def test_that_a_negative_zero_reads_back_as_such(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(SAMPLE.replace("offset = -2.5", "offset = -0.0"), encoding="utf-8")
    write_plant(second, read_plant(first))
    assert repr(read_plant(second)) == repr(read_plant(first))
    assert "offset = -0.0" in second.read_text(encoding="utf-8")


def test_that_every_key_of_the_sample_reads_back(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(SAMPLE, encoding="utf-8")
    plant = read_plant(first)
    write_plant(second, plant)
    assert repr(read_plant(second)) == repr(plant)
    assert second.read_text(encoding="utf-8") == plant_text(plant)


def test_that_a_written_file_is_laid_out_for_people(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    text = plant_text(read_plant(path))
    assert (
        '\n\n[connection.utilities]\ndriver = "modbus"\nurl = "modbus://127.0.0.1:15020?unit=1"\norder = "ABCD"\n'
        in text
    )
    assert '[connection."line 2"]\n' in text
    assert "\nclean = { spike = 20.0, stuck_s = 60.0, stale_s = 5.0 }\n" in text


def test_that_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    broken = replace(
        read_plant(path), connections=(ConnectionDefinition("a", "modbus", "modbus://a", {"option": object()}),)
    )
    with pytest.raises(TypeError, match="TOML has no object"):
        write_plant(path, broken)
    assert path.read_text(encoding="utf-8") == SAMPLE
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_that_a_disk_failure_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    plant = read_plant(path)

    def fail(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        writer.write_plant(path, plant)
    assert path.read_text(encoding="utf-8") == SAMPLE
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
