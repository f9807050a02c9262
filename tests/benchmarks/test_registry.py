"""The list of benchmarks."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.child import ROOT


@pytest.mark.parametrize("name", BENCHMARKS)
def test_that_every_benchmark_has_its_module_and_is_found_in_the_reference(name: str) -> None:
    assert find_spec(f"tests.benchmarks.{name.replace('-', '_')}") is not None
    assert name in (ROOT / "docs" / "reference" / "benchmarks.md").read_text("utf-8")
