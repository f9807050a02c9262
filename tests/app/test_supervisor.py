"""The supervisor with real child processes."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from app import supervisor
from app.supervisor import EXIT_UNUSABLE, AtExit, ChildSpec, Supervisor


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children run a line of Python instead of `foreshift`."""
    monkeypatch.setattr(supervisor, "own_command", lambda arguments: [sys.executable, "-c", *arguments])


def test_that_a_child_that_dies_is_started_again(scripts: None, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = f"open({str(marks)!r}, 'a').write('x'); import os; os._exit(1)"
    stopping = threading.Event()

    def wait(seconds: float) -> bool:
        return stopping.wait(seconds) or (marks.exists() and len(marks.read_text()) >= 3)

    assert Supervisor([ChildSpec("dies", (code,))], wait=wait).run() == 0
    assert len(marks.read_text()) >= 3


def test_that_the_end_of_the_window_ends_the_others(scripts: None) -> None:
    lasting = ChildSpec("lasting", ("import sys; sys.stdin.read()",))
    ending = ChildSpec("ending", ("pass",), AtExit.END_ALL)
    keeper = Supervisor([lasting, ending], wait=threading.Event().wait)
    assert keeper.run() == 0
    assert all(child.process is None or child.process.returncode is not None for child in keeper._children)


def test_that_a_crash_of_the_window_does_not_end_the_others(scripts: None, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"import os, pathlib; p = pathlib.Path({str(mark)!r}); e = p.exists(); p.touch(); os._exit(0 if e else 1)"
    assert Supervisor([ChildSpec("window", (code,), AtExit.END_ALL)], wait=threading.Event().wait).run() == 0
    assert mark.exists()


def test_that_a_child_that_can_never_work_ends_all_with_its_code(scripts: None) -> None:
    unusable = ChildSpec("unusable", (f"raise SystemExit({EXIT_UNUSABLE})",))
    assert Supervisor([unusable], wait=threading.Event().wait).run() == EXIT_UNUSABLE


def test_that_a_child_that_does_not_listen_is_killed(scripts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_S", 0.5)
    deaf = ChildSpec(
        "deaf", ("import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",)
    )
    turns = iter([False] * 20)
    keeper = Supervisor([deaf], wait=lambda seconds: threading.Event().wait(seconds) or next(turns, True))
    assert keeper.run() == 0
    process = keeper._children[0].process
    assert process is not None
    assert process.returncode is not None
