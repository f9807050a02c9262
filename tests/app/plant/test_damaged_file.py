"""Files that are no plant file, or were one: each is read or refused, and never anything else."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.plant.file import examine_plant, read_plant
from app.plant.problem import PlantFileError
from app.plant.toml.reading import MAX_BYTES
from tests.app.plant.sample import SAMPLE, only_problem, problems_of, write

NONSENSE = {
    "empty": (b"", "plant.toml: the file is empty"),
    "blank": (b" \n\n", "plant.toml: the file is empty"),
    "UTF-16": (SAMPLE.encode("utf-16"), "plant.toml:1: the file is in UTF-16"),
    "GB 18030": (SAMPLE.encode("gb18030"), "plant.toml:4: the text is not in UTF-8"),
    "zero bytes": (b'[plant]\nid = "a\x00"\n', "plant.toml:2: the file holds zero bytes"),
    "picture": (b"\x89PNG\r\n\x1a\n" * 1_000, "plant.toml:1: the text is not in UTF-8"),
    "one long line": (b"x" * (10 << 20), "plant.toml:1: the line has 10485760 characters"),
    "words": (b"lorem ipsum dolor\n" * 600_000, "plant.toml:1: this is not TOML"),
    "brackets": (b"a = " + b"[" * 10_000, "plant.toml: brackets are nested too deeply"),
    "digits": (b"a = " + b"9" * 10_000, "plant.toml: a value cannot be read"),
    "cut off": (b'[plant]\nid = "open', "plant.toml:2: this is not TOML"),
    "key twice": (b'[plant]\nid = "a"\nid = "b"', "plant.toml:3: this is not TOML"),
    "too large": (b"\n" * (MAX_BYTES + 1), "plant.toml: has 64 MiB"),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_that_a_file_of_nonsense_is_refused_with_one_message(tmp_path: Path, case: str) -> None:
    content, message = NONSENSE[case]
    assert only_problem(tmp_path, content).startswith(message)


def test_that_a_missing_file_and_a_folder_are_refused_with_one_message(tmp_path: Path) -> None:
    with pytest.raises(PlantFileError, match=r"absent\.toml: there is no such file: check the path"):
        read_plant(tmp_path / "absent.toml")
    with pytest.raises(PlantFileError, match="is a folder: give the path"):
        read_plant(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read every file")
def test_that_a_file_without_read_rights_is_refused_with_one_message(tmp_path: Path) -> None:
    path = write(tmp_path, SAMPLE)
    path.chmod(0)
    with pytest.raises(PlantFileError, match=r"cannot be read \(Permission denied\)"):
        read_plant(path)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Return the sample with some lines and characters removed, doubled, moved or overwritten."""
    lines = SAMPLE.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "character", "insert", "value"])):
            case "drop":
                lines[place] = ""
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case "character":
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.characters(codec="utf-8")) + lines[place][at + 1 :]
            case "insert":
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.sampled_from('[]{}"=.,#\n')) + lines[place][at:]
            case _:
                value = draw(st.sampled_from(VALUES))
                lines[place] = lines[place].partition("=")[0] + "= " + value
    return "\n".join(lines)


VALUES = [
    "nan",
    "-inf",
    "0",
    "-1",
    "1e308",
    "[]",
    "{}",
    "[[]]",
    "true",
    '""',
    "2020-01-01",
    "[0]",
    "{ en = {} }",
    "'''x'''",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutations())
def test_that_a_damaged_file_is_read_or_refused_with_lines_that_exist(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    examination = examine_plant(path, drivers=("modbus", "opcua"))
    lines = text.count("\n") + 1
    assert all(0 <= problem.line <= lines and problem.message for problem in examination.problems)
    if examination.plant is None:
        with pytest.raises(PlantFileError):
            read_plant(path, drivers=("modbus", "opcua"))
    else:
        assert len({tag.name for tag in examination.plant.tags}) == len(examination.plant.tags)


@pytest.mark.parametrize("opening", ["[", "{ a = "])
def test_that_any_depth_of_brackets_is_refused(tmp_path: Path, opening: str) -> None:
    for depth in range(100, 600, 7):
        closing = ("]" if opening == "[" else "}") * depth
        assert problems_of(tmp_path, f"b = {opening * depth}1{closing}\n")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_that_arbitrary_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PlantFileError):
        read_plant(write(tmp_path, content))
