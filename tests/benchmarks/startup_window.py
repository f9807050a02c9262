"""The window as the command opens it, off screen, which tells `seen` when the first live value has been painted.

`python -m tests.benchmarks.startup_window FOLDER`; FORESHIFT_HOME holds the window's settings.
"""

from __future__ import annotations

import math
import os
import sys
import threading

from PySide6.QtGui import QPaintEvent

from app.__main__ import main
from app.ending import wait_for_parent
from app.model import clock
from tests.benchmarks.child import tell
from widgets.trend.trend_plot import TrendPlot

_paint = TrendPlot.paintEvent
_told: list[bool] = []


def paint_event(plot: TrendPlot, event: QPaintEvent) -> None:
    """Paint, and tell the first time that a plot has shown a live value."""
    _paint(plot, event)
    frame = plot.frame
    if not _told and frame is not None and frame.newest.time and not math.isnan(frame.newest.value):
        _told.append(True)
        tell("seen", clock.monotonic_ns() / clock.NS_PER_S)


if __name__ == "__main__":
    TrendPlot.paintEvent = paint_event  # type: ignore[method-assign,assignment] # the command makes its plots itself
    threading.Thread(target=wait_for_parent, args=(lambda: os._exit(0),), name="parent-watch", daemon=True).start()
    sys.argv = ["foreshift", "open", sys.argv[1], "--off-screen"]
    sys.exit(main())
