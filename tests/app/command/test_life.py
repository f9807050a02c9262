"""`foreshift life` learns a model, tells and shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main
from app.remaining_life.history import MachineHistory
from tests.app.remaining_life.machines import fleet, machine


def write(path: Path, machines: tuple[MachineHistory, ...]) -> Path:
    lines = ["machine,hours,load,heat,flow,still"]
    for each in machines:
        lines += [
            f"{each.machine},{row + 1},{each.conditions[row, 0]},{','.join(map(str, each.signals[row]))}"
            for row in range(len(each))
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_that_a_class_is_learned_told_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("lightgbm")
    failed = write(tmp_path / "failed.csv", fleet(20).machines)
    living = write(tmp_path / "living.csv", (machine(500).until(60), machine(501, life=120).until(118)))
    model = str(tmp_path / "pump.life")
    words = ["--class", "pump", "--unit", "hour", "--conditions", "load"]
    assert main(["life", "learn", str(failed), model, *words]) == 0
    assert "learned from 20 failures of pump" in capsys.readouterr().out
    assert main(["life", "tell", model, str(living)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("M500: ")
    assert "hours (P10" in second
    assert main(["life", "show", model]) == 0
    assert "signals: heat, flow, still" in capsys.readouterr().out


def test_that_what_is_wrong_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["life", "show", str(tmp_path / "none.life")]) != 0
    assert "none.life: cannot be read" in capsys.readouterr().err
