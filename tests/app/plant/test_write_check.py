"""What a plant file says of writing: how it is read, and how each thing that is wrong is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.comparison import Comparison
from app.model.role import Role
from app.model.text import LocalText
from app.model.write_rule import StateRule, WriteRule
from app.plant.file import examine_plant, read_plant
from app.plant.writer import write_plant
from tests.app.plant.sample import SAMPLE, WRITABLE, line_of


def write(folder: Path, text: str) -> Path:
    path = folder / "plant.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_a_tag_has_the_rule_of_its_writes(tmp_path: Path) -> None:
    rule = read_plant(write(tmp_path, WRITABLE)).tag("AC01.P_SP").write
    assert rule is not None
    assert (rule.low, rule.high, rule.step, rule.tolerance, rule.role) == (5.5, 7.0, 0.05, 0.01, Role.ENGINEER)
    assert rule.interlocks == (Comparison("AC01.T_D", "<", 105.0), Comparison("AC01.T_D", ">=", -15.0))
    assert rule.state == StateRule("AC01.E", (1.0, 2.0))
    assert (rule.read_back_s, rule.expiry_s, rule.select_s) == (2.0, 4.0, 30.0)
    assert rule.confirm == LocalText("Tell the furnace", "通知炉区")


def test_that_a_short_write_has_the_step_that_is_shown_and_half_of_it_as_tolerance(tmp_path: Path) -> None:
    text = WRITABLE.partition("write = {")[0] + "write = { range = [5.5, 7.0] }\n"
    rule = read_plant(write(tmp_path, text)).tag("AC01.P_SP").write
    assert rule == WriteRule(5.5, 7.0, step=0.01, tolerance=0.005)


def test_that_nothing_is_written_unless_the_file_allows_it(tmp_path: Path) -> None:
    assert read_plant(write(tmp_path, SAMPLE)).is_read_only
    plant = read_plant(write(tmp_path, WRITABLE))
    assert not plant.is_read_only
    assert plant.tag("AC01.T_D").write is None


def test_that_a_rule_reads_back_as_it_was_written(tmp_path: Path) -> None:
    plant = read_plant(write(tmp_path, WRITABLE))
    write_plant(tmp_path / "second.toml", plant)
    assert repr(read_plant(tmp_path / "second.toml")) == repr(plant)


WRONG = {
    "write outside": ("range = [5.5, 7.0]", "range = [5.5, 17.0]", "write =", "leaves the range 0 to 16 of the tag"),
    "empty write": ("range = [5.5, 7.0]", "range = [7.0, 5.5]", "write =", "is empty: write the lower number first"),
    "endless write": ("range = [5.5, 7.0]", "range = [5.5, inf]", "write =", "the highest that may be written"),
    "write of nothing": ("range = [5.5, 7.0], ", "", "write =", "`range` is missing"),
    "step": ("step = 0.05", "step = 5", "write =", "is more than the whole range 5.5 to 7"),
    "role": ('role = "engineer"', 'role = "boss"', "role =", '"viewer", "operator", "engineer"'),
    "interlock": ('"AC01.T_D < 105"', '"AC01.T_D < hot"', "< hot", 'write one such as "PU01.RUN == 0"'),
    "code as interlock": ('"AC01.T_D < 105"', '"exit() == 0"', "exit()", 'there is no tag "exit()"'),
    "unknown interlock": ('"AC01.T_D < 105"', '"AC01.T < 105"', "AC01.T <", 'there is no tag "AC01.T"'),
    "unknown state": ('{ tag = "AC01.E", all', '{ tag = "X", all', 'tag = "X"', 'there is no tag "X"'),
    "late write": ("expiry_s = 4.0", "expiry_s = 61", "expiry_s", "at most 60"),
    "write of a counter": ("width_bits = 32", "write = { range = [0, 1] }", "[0, 1]", "a counter is not written"),
    "late read-back": ("tolerance = 0.01", "read_back_s = 0", "read_back_s", "a number of seconds above 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_that_a_wrong_rule_is_told_with_its_line_and_remedy(tmp_path: Path, case: str) -> None:
    old, new, place, message = WRONG[case]
    assert WRITABLE.count(old) == 1, old
    text = WRITABLE.replace(old, new)
    (problem,) = examine_plant(write(tmp_path, text)).problems
    assert problem.line == line_of(text, place)
    assert message in problem.message
