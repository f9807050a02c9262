"""The reference page names every aggregate once, with its value and its status."""

from __future__ import annotations

import re
from pathlib import Path

from app.history.aggregate.kind import Aggregate

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "aggregates.md"


def test_that_the_page_says_of_every_aggregate_what_it_is_and_how_good() -> None:
    rows = re.findall(r"^\| (\w+) \((\d+)\) \| (.+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(name for name, *_ in rows) == sorted(kind.value for kind in Aggregate)
    assert len({clause for _, clause, *_ in rows}) == len(rows)
