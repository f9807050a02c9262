"""A command that is forked from a warm Python is a process of its own like one begun anew."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.warm_start import CAN_FORK, run, run_anew, start

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system forks no process")


@pytest.mark.parametrize("arguments", [["stop", "--help"], ["stop", "nowhere"], ["-v", "read", "http://h", "x"]])
def test_that_exit_code_and_outputs_are_those_of_a_python_begun_anew(arguments: list[str], tmp_path: Path) -> None:
    environment = os.environ | {"FORESHIFT_HOME": str(tmp_path)}
    warm, anew = (each(arguments, environment) for each in (run, run_anew))
    assert (warm.returncode, warm.stdout, warm.stderr) == (anew.returncode, anew.stdout, anew.stderr)


def test_that_it_runs_beside_the_test_and_is_ended_by_a_signal(tmp_path: Path) -> None:
    watch = ["watch", "modbus://127.0.0.1:1", "HR0"]
    with start(watch, {"FORESHIFT_HOME": str(tmp_path)}, stdout=subprocess.DEVNULL) as process:
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL


def test_that_one_that_does_not_end_in_its_time_is_killed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"modbus://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(subprocess.TimeoutExpired):
            run(["watch", url, "HR0"], {"FORESHIFT_HOME": str(tmp_path)}, timeout_s=0.1)
