"""How long a thread of the collector waits for its turn while another one computes."""

from __future__ import annotations

import sys

TURN_S = 0.000_5
"""Python lets a thread that computes go on for 5 ms before another one has its turn, and a commit gives its own up with
each statement: beside the packing of a seal it may wait as long four times over, without any need of the disk."""


def shorten_turns() -> None:
    """Let each thread of this process have its turn soon; what changing costs is 2 % of a thread that only computes."""
    sys.setswitchinterval(TURN_S)
