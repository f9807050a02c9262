"""The cases of a past instant are those that were open then, without what was only known later."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.case.instant import CasesAt
from app.case.store import CaseStore, cases
from app.database import open_reader, open_writer
from app.model.case import Verdict
from tests.app.case.plants import STRAINER, at, book, close, said, step


def test_that_a_case_is_shown_as_it_was_at_each_instant(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    history = book()
    steps = [step(history, 0, said(0, 2.0)), step(history, 60), step(history, 70, said(70, 8.0))]
    steps.append(history.obey(close(1, Verdict.CONFIRMED, cause=STRAINER.id), by="Li", now=at(400)))
    with closing(open_writer(path)) as connection:
        CaseStore(connection).write(steps)
    with closing(open_reader(path)) as connection:
        (kept,) = cases(connection)
        then = CasesAt(connection)
        assert then.go_to(kept.opened - 1) == ()
        (young,) = then.go_to(kept.opened) or ()
        assert (young.number, young.is_open, young.by, young.work_order) == (1, True, "", "")
        assert young.peak < kept.peak
        assert young.evidence < kept.evidence
        assert then.go_to(kept.opened + 1) is None, "nothing has changed since"
        (grown,) = then.go_to(at(399)) or ()
        assert (grown.evidence, grown.peak, grown.causes) == (kept.evidence, kept.peak, kept.causes)
        assert grown.verdict is None
        assert then.go_to(at(400)) == ()
        (again,) = then.go_to(kept.opened) or ()
        assert again == young


def test_that_a_file_without_cases_has_none(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        assert CasesAt(connection).go_to(at(0)) == ()
