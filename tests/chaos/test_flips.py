"""The short form of `python -m tests.chaos flips`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.flips import Flips


@pytest.mark.timeout(120)
def test_that_every_flip_in_used_space_is_found_and_none_makes_a_wrong_sample(folder: Path) -> None:
    report = Flips(folder, seed=20, batches=500).run(range(30))

    assert report.flips == 30
    assert report.harmless < 15, report.as_text()
    assert report.found == 1.0, report.as_text()
    assert report.silent == [], report.as_text()
    assert report.mended + report.gaps + report.to_restore == 30 - report.harmless, report.as_text()
