"""A loop can be asked to end at any instant, also in the midst of its own waiting."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.ending import StopRequest

# hundreds of signals a second while the loop waits: a handler that takes the lock of what it interrupts stands for ever
PROGRAM = """
import signal
from app.ending import StopRequest

heard = 0
def hear(*_):
    global heard
    heard += 1
    stopping.ask()

signal.signal(signal.SIGALRM, hear)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
while heard < 500:
    stopping = StopRequest()
    while not stopping.wait(0.0):
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
"""


def test_that_a_request_ends_the_waiting_and_stays() -> None:
    stopping = StopRequest()
    assert not stopping.wait(0.0)
    stopping.ask()
    assert stopping.wait(3_600.0)
    assert stopping.wait(3_600.0)


@pytest.mark.skipif(os.name == "nt", reason="there is no interval timer")
def test_that_a_signal_in_the_midst_of_waiting_does_not_stop_the_loop_for_good() -> None:
    found = subprocess.run([sys.executable, "-P", "-c", PROGRAM], timeout=40, check=False, capture_output=True)
    assert found.returncode == 0, found.stderr
