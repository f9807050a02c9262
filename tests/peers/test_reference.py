"""The table of what was run with software of others."""

from __future__ import annotations

import re
from pathlib import Path

from tests.peers import installed, node

ROOT = Path(__file__).parents[2]


def test_that_the_table_names_all_tests_with_others_none_that_is_not_there_and_their_versions() -> None:
    table = (ROOT / "docs" / "reference" / "interoperability.md").read_text("utf-8")
    named = set(re.findall(r"`(tests/\S+\.py)`", table))
    assert [name for name in named if not (ROOT / name).exists()] == []
    there = {f"tests/peers/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert there - named == {"tests/peers/test_reference.py"}
    rows = table.splitlines()
    missing = [
        package
        for package, version in {**installed.VERSIONS, **node.VERSIONS}.items()
        if not any(package in row and version in row for row in rows)
    ]
    assert missing == []
