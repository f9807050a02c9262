"""Displays that are not there: how many a process without a display has, of which sizes, and at which scales."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

DPI = 96
"""Of a display whose ratio is 1."""
PLATFORM = "offscreen"
_FILE = "displays.json"


@dataclass(frozen=True, slots=True)
class Display:
    """`width`, `height`: device pixels. `ratio`: so many of them are a px; 1.5 is what Windows calls 150 %."""

    width: int
    height: int
    ratio: float = 1.0


@contextmanager
def off_screen_displays(displays: Sequence[Display], *, apart: int = 0) -> Iterator[None]:
    """Let the QApplication that is made within draw off screen, and have these displays side by side, the first first.

    `apart`: device pixels between two of them, so that a window which is too wide for one does not reach the next.

    Their scale is that of the system, as under Windows and X11: windows change their ratio as they go from one to
    another. Processes that this one starts get no such displays: the file that tells of them is gone by then.
    """
    with TemporaryDirectory() as folder:
        Path(folder, _FILE).write_text(json.dumps(_configuration(displays, apart)), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"{PLATFORM}:configfile={_FILE}"
        try:
            with chdir(folder):  # an address with a colon, as of a drive, Qt would take for two
                yield
        finally:
            os.environ["QT_QPA_PLATFORM"] = PLATFORM


def _configuration(displays: Sequence[Display], apart: int) -> dict[str, object]:
    lefts = accumulate((each.width + apart for each in displays), initial=0)
    screens = [
        {
            "name": f"{number}",  # Qt orders them by their names
            "x": left,
            "y": 0,
            "width": each.width,
            "height": each.height,
            "logicalDpi": round(DPI * each.ratio),
            "logicalBaseDpi": DPI,
            "dpr": 1,
        }
        for number, (left, each) in enumerate(zip(lefts, displays, strict=False))
    ]
    return {"synchronousWindowSystemEvents": False, "windowFrameMargins": True, "screens": screens}
