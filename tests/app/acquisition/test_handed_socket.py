"""A child of a virtual environment on Windows is the process that a socket is handed to."""

from __future__ import annotations

import os
import sys

import pytest

from app.acquisition.handed_socket import interpreter, read_whole

VENV, BASE = r"C:\plant\.venv\Scripts\python.exe", r"C:\Python311\python.exe"


def test_that_the_launcher_of_a_virtual_environment_on_windows_is_passed_by() -> None:
    program, environment = interpreter({"A": "1"}, platform="win32", executable=VENV, real=BASE)
    assert program == BASE
    assert environment == {"A": "1", "__PYVENV_LAUNCHER__": VENV}


@pytest.mark.parametrize(("platform", "real"), [("win32", VENV), ("win32", ""), ("linux", BASE), ("darwin", BASE)])
def test_that_an_interpreter_that_is_the_process_itself_is_started_as_it_is(platform: str, real: str) -> None:
    assert interpreter({"A": "1"}, platform=platform, executable=VENV, real=real) == (VENV, {"A": "1"})


def test_that_here_it_is_the_interpreter_that_runs() -> None:
    program, environment = interpreter(os.environ)
    assert (program, environment) == (sys.executable, dict(os.environ))


def test_that_a_pipe_that_gives_its_bytes_in_pieces_is_read_to_the_end() -> None:
    pieces = [b"ab", b"c", b"def"]
    assert read_whole(lambda size: pieces.pop(0)[:size], 6) == b"abcdef"


def test_that_a_pipe_that_ends_too_early_is_told() -> None:
    pieces = [b"ab", b""]
    with pytest.raises(EOFError, match="after 2 of 6 bytes"):
        read_whole(lambda _: pieces.pop(0), 6)
