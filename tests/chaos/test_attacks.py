"""The short form of `python -m tests.chaos attacks`."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.attacks import KINDS, Attacks


def test_that_every_attack_on_the_log_is_found_given_an_older_checkpoint(folder: Path) -> None:
    report = Attacks(folder, seed=5, records=300).run(range(250))

    assert report.holds, report.as_text()
    assert set(report.attacks) == set(KINDS)
