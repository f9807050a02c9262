"""The real window with its trends in view, off screen: `python -m tests.benchmarks.loop_window FOLDER`.

Tells `beat` once a second: the longest stretch of the thread's own processor time between two turns of its event loop
(s), how many samples have come since the beginning, and how late each turn of a timer of 5 ms was (s, wall clock).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer

from app.ending import wait_for_parent
from app.plant.catalogue import home_folder
from app.plant.folder import PlantFolder
from tests.benchmarks.child import tell
from widgets.desktop import Services, run_desktop
from widgets.feed import Feed, ValuesChanged
from widgets.off_screen import OffScreen

BEAT_MS = 5


def watch(feed: Feed) -> None:
    """Measure how late the event loop comes to what is due."""
    timer = QTimer(feed)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    late: list[float] = []
    longest = [0.0]
    last, since = [time.monotonic(), time.thread_time()], [time.monotonic()]
    samples = [0]

    def count(changed: ValuesChanged) -> None:
        samples[0] += len(changed.block)

    def beat() -> None:
        now = [time.monotonic(), time.thread_time()]
        late.append(max(0.0, now[0] - last[0] - BEAT_MS / 1e3))
        longest[0] = max(longest[0], now[1] - last[1])
        last[:] = now
        if now[0] - since[0] >= 1.0:
            tell("beat", longest[0], samples[0], *(round(each, 6) for each in late))
            since[0], longest[0] = now[0], 0.0
            late.clear()

    feed.values_changed.connect(count)
    timer.timeout.connect(beat)
    timer.start(BEAT_MS)


def main(folder: PlantFolder) -> int:
    """Show the window until the parent's end."""
    chosen = QSettings(str(home_folder() / "window.ini"), QSettings.Format.IniFormat)
    chosen.setValue("window/page", "equipment")
    chosen.setValue("window/language", "en")
    chosen.sync()
    services = Services(ensure_collector=lambda _: None, open_demo=lambda: folder)
    threading.Thread(target=wait_for_parent, args=(lambda: os._exit(0),), name="parent-watch", daemon=True).start()
    return run_desktop(folder, services, off_screen=OffScreen(), on_feed=watch)


if __name__ == "__main__":
    sys.exit(main(PlantFolder(Path(sys.argv[1]))))
