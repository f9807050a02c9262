"""Histories are read from CSV, and what is wrong in a file is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.remaining_life.history import LifeError
from app.remaining_life.table import read_fleet

HEADER = "machine,hours,load,heat\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "fleet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_machines_are_read_in_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "A,1,50,20.5\nA,2,50,21\n\nB,1,60,19\n")
    fleet = read_fleet(path, ["load"])
    assert (fleet.conditions, fleet.signals) == (("load",), ("heat",))
    assert [machine.machine for machine in fleet.machines] == ["A", "B"]
    assert fleet.machines[0].signals.tolist() == [[20.5], [21.0]]
    assert fleet.machines[1].conditions.tolist() == [[60.0]]
    assert read_fleet(path).signals == ("load", "heat")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", ":1: give a machine"),
        ("machine,hours\n", ":1: give a machine"),
        ("machine,hours,heat\nA,1,2\n", ":1: no column 'load'; there are heat"),
        ("machine,hours,load,load\n", ":1: two columns"),
        (HEADER, "it holds no machine"),
        (HEADER + "A,1,50\n", ":2: 3 columns, the header has 4"),
        (HEADER + "A,1,50,warm\n", ":2: heat is 'warm', not a number"),
        (HEADER + "A,1,50,nan\n", ":2: heat is 'nan'"),
        (HEADER + "A,2,50,1\nA,2,50,1\n", ":3: the life of A does not grow"),
        (HEADER + "A,1,5,1\nB,1,5,1\nA,2,5,1\n", ":4: the rows of A do not stand together"),
    ],
)
def test_that_what_is_wrong_is_named_by_its_line(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(LifeError) as failure:
        read_fleet(written(tmp_path, text), ["load"])
    assert wrong in str(failure.value)


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LifeError, match=r"nothing\.csv: cannot be read"):
        read_fleet(tmp_path / "nothing.csv")
