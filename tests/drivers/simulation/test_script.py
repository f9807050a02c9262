"""Fault scripts are read as they are written, and refused with their grammar."""

from __future__ import annotations

import pytest

from drivers.simulation.script import Entry, Script, ScriptError, read_script


def test_that_entries_are_read_in_the_order_of_their_times() -> None:
    script = read_script("undo3@4h, 3@0.5h/90min,1@30min", time_factor=60.0)
    assert script.entries == (
        Entry(1800.0, 1),
        Entry(1800.0, 3, hours=1.5),
        Entry(14_400.0, 3, is_undo=True),
    )


def test_that_seconds_of_the_wall_clock_become_plant_time() -> None:
    assert read_script("8@13wall", time_factor=300.0).entries == (Entry(3900.0, 8),)


def test_that_the_default_script_begins_with_the_strainer_soon_after_the_start() -> None:
    fast, slow = (read_script("default", time_factor=factor).entries[0] for factor in (300.0, 60.0))
    assert (fast.fault, fast.time_s / 300.0) == (3, 13.0)
    assert (slow.fault, slow.time_s / 60.0) == (3, 25.0)


@pytest.mark.parametrize("name", ["default", "all"])
def test_that_a_named_script_has_every_fault_and_undoes_each(name: str) -> None:
    entries = read_script(name, time_factor=60.0).entries
    assert {entry.fault for entry in entries if not entry.is_undo} == {1, 2, 3, 4, 5, 8}
    assert {entry.fault for entry in entries if entry.is_undo} == {1, 2, 3, 4, 5, 8}


def test_that_a_named_script_comes_again_after_its_period() -> None:
    script = read_script("all", time_factor=60.0)
    again = script.at(len(script.entries))
    assert again is not None
    assert again.time_s == script.entries[0].time_s + script.period_s
    assert again.time_s > script.entries[-1].time_s


def test_that_a_healthy_script_has_no_end_because_it_has_no_beginning() -> None:
    assert read_script("healthy", time_factor=60.0) == Script()
    assert Script().at(0) is None


@pytest.mark.parametrize("text", ["3", "3@", "3@x", "3@-1h", "redo3@1h", "3@1d", "9@1h", "3@1h/0x"])
def test_that_nonsense_is_refused_with_the_entry_and_the_grammar(text: str) -> None:
    with pytest.raises(ScriptError, match=text.replace("/", ".")):
        read_script(f"1@1h,{text}", time_factor=60.0)
