"""The benchmark as it is run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks.child import ROOT
from tests.benchmarks.test_figure import KEYS


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_the_command_prints_a_line_of_json_per_figure_and_loses_nothing() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "device-to-screen", "--quick", "--json"]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    figures = [json.loads(line) for line in ended.stdout.splitlines()]

    assert all(list(figure) == KEYS for figure in figures)
    assert ended.returncode == any(figure["holds"] is False for figure in figures)
    assert all(figure["ours"] > 0 for figure in figures if figure["unit"] in {"ms", "s", "1/s"})
    by_name = {figure["figure"]: figure["ours"] for figure in figures}
    assert by_name["acknowledged samples that are not in the file"] == 0
    assert {f"{name}, scan {scan} ms" for name in ("Modbus", "OPC UA") for scan in (100, 500)} == {
        name.partition(":")[0] for name in by_name if "to paint" in name
    }
