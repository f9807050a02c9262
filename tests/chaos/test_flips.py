"""The harness of flipped bits; what the storage has to reach in it is `python -m tests.chaos flips`."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.flips import Flips


def test_that_every_flip_is_found_or_harmless_or_named_as_silent(folder: Path) -> None:
    report = Flips(folder, seed=20, batches=60).run(range(12))

    assert report.flips == 12
    assert report.found_by["anything"] + report.harmless + len(report.silent) == 12
    assert report.found_by["anything"] >= max(report.found_by.values()) > 0
