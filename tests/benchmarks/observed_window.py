"""The real window on a plant, off screen, which tells `seen` with tag, instant and value at the end of each paint.

`python -m tests.benchmarks.observed_window FOLDER`: the page of the plant's first equipment, whose trend panes show its
first four tags. What is told is the newest value that a pane's plot has just painted; its number in the pane's head is
painted before it, in the same pass.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QSettings
from PySide6.QtGui import QPaintEvent

from app.ending import wait_for_parent
from app.model import clock
from app.plant.catalogue import home_folder
from app.plant.folder import PlantFolder
from tests.benchmarks.child import tell
from widgets.desktop import Services, run_desktop
from widgets.off_screen import OffScreen
from widgets.trend import pane
from widgets.trend.trend_plot import TrendPlot


class ObservedPlot(TrendPlot):
    """A plot that tells each value that it paints for the first time."""

    _told = 0.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self.frame is not None and self.frame.newest.value > self._told:
            self._told = self.frame.newest.value
            tell("seen", self.frame.tag.name, clock.monotonic_ns() / clock.NS_PER_S, self._told)


def main(folder: PlantFolder) -> int:
    """Show the window until the parent's end."""
    chosen = QSettings(str(home_folder() / "window.ini"), QSettings.Format.IniFormat)
    chosen.setValue("window/page", "equipment")
    chosen.setValue("window/language", "en")
    chosen.sync()
    services = Services(ensure_collector=lambda _: None, open_demo=lambda: folder)
    threading.Thread(target=wait_for_parent, args=(_end,), name="parent-watch", daemon=True).start()
    with patch.object(pane, "TrendPlot", ObservedPlot):
        return run_desktop(folder, services, off_screen=OffScreen())


def _end() -> None:
    os._exit(0)  # what it told is on its way already; a benchmark's window keeps nothing


if __name__ == "__main__":
    sys.exit(main(PlantFolder(Path(sys.argv[1]))))
