"""What the quality files of our drivers say is so."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from drivers.conformance.quality import RULES, quality_problems

ROOT = Path(__file__).parents[2]
DRIVERS = sorted(
    point.value.split(".")[1] for point in entry_points(group="foreshift.drivers") if point.value.startswith("drivers.")
)


@pytest.mark.parametrize("driver", DRIVERS)
def test_that_a_driver_answers_all_rules_and_names_the_tests(driver: str) -> None:
    assert quality_problems(ROOT / "drivers" / driver / "quality.toml", ROOT) == []


@pytest.mark.parametrize("driver", DRIVERS)
def test_that_a_driver_describes_its_grammar_and_its_traps(driver: str) -> None:
    text = (ROOT / "drivers" / driver / "README.md").read_text(encoding="utf-8")
    assert "**URL**" in text
    assert "**Address**" in text
    assert "Traps" in text


def test_that_a_file_that_claims_too_much_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("def test_it(): pass\n")
    file = tmp_path / "quality.toml"
    rules = dict.fromkeys(RULES, 'status = "done", by = ["test_mine.py"]')

    def problems(changed: str, rule: str) -> list[str]:
        lines = "\n".join(f"{name} = {{ {text} }}" for name, text in {**rules, changed: rule}.items() if text)
        file.write_text(f'driver = "mine"\nlibrary = "none"\n[rules]\n{lines}\n')
        return [problem.removeprefix(f"{file}: ") for problem in quality_problems(file, tmp_path)]

    assert problems("events", 'status = "exempt", reason = "none"') == []
    assert problems("events", "") == [f"rule events is missing ({RULES['events']})"]
    assert problems("events", 'status = "done", by = []') == ["events is done, but no test says so"]
    assert problems("events", 'status = "done", by = ["gone.py"]') == ["events: gone.py is no file with tests"]
    assert problems("events", 'status = "exempt", reason = ""') == ["events: say why"]
    assert problems("speed", 'status = "open", missing = "all"') == [
        "speed is no rule of all drivers: put it into [own]"
    ]
    assert "status" in problems("events", 'by = ["test_mine.py"]')[0]
