"""The real window with its list of alarms in view, off screen: `python -m tests.benchmarks.alarm_list_window FOLDER`.

Tells `heard` when occurrences have come from the collector, and `rows` at the end of the first paint with their rows
in the list: the instant, ns, and of each alarm and raised (ns). Tells `beat` once a second with the longest stretch
between two turns of the event loop in it (wall clock and processor time of the thread, s), and the number of rows.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QPaintEvent

from app.ending import wait_for_parent
from app.model import clock
from app.model.alarm import AlarmEvent, AlarmRecord
from app.plant.catalogue import home_folder
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, Event
from tests.benchmarks.child import tell
from widgets import desktop
from widgets.alarm import active_panel
from widgets.alarm.list_view import AlarmListView
from widgets.desktop import Services, run_desktop
from widgets.feed import Feed
from widgets.model.alarm_table import AlarmTable
from widgets.off_screen import OffScreen

BEAT_MS = 5
_unseen: dict[str, int] = {}


class ObservedList(AlarmListView):
    """A list that tells each occurrence whose row it has for the first time when it has been painted."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        table = self.model()
        if not isinstance(table, AlarmTable) or not _unseen:
            return
        now = clock.now_ns()
        seen = [record for record in table.rows if _unseen.get(record.alarm, -1) <= record.raised]
        seen = [record for record in seen if _unseen.pop(record.alarm, None) is not None]
        _tell("rows", now, seen)


class ObservedFeed(Feed):
    """A feed that tells each occurrence before the window does anything with it."""

    def receive(self, events: Sequence[Event]) -> None:
        now = clock.now_ns()
        for event in events:
            if isinstance(event, AlarmsChanged):
                raised = [record for record in event.alarms if record.event is AlarmEvent.RAISE]
                _unseen.update((record.alarm, record.raised) for record in raised)
                _tell("heard", now, raised)
        super().receive(events)


def _tell(word: str, instant: int, records: Sequence[AlarmRecord]) -> None:
    """Tell many occurrences in one line: one for each would hold up the loop that is measured."""
    if records:
        tell(word, instant, *(value for record in records for value in (record.alarm, record.raised)))


def watch(feed: Feed) -> None:
    """Measure how long the event loop is away."""
    timer = QTimer(feed)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    last, longest, since = [time.monotonic(), time.thread_time()], [0.0, 0.0], [time.monotonic()]

    def beat() -> None:
        now = [time.monotonic(), time.thread_time()]
        longest[:] = [max(long, new - old) for long, new, old in zip(longest, now, last, strict=True)]
        last[:] = now
        if now[0] - since[0] >= 1.0:
            tell("beat", *longest, len(feed.alarms))
            since[0], longest[:] = now[0], [0.0, 0.0]

    timer.timeout.connect(beat)
    timer.start(BEAT_MS)


def main(folder: PlantFolder) -> int:
    """Show the window until the parent's end."""
    chosen = QSettings(str(home_folder() / "window.ini"), QSettings.Format.IniFormat)
    chosen.setValue("window/page", "alarms")
    chosen.setValue("window/language", "en")
    chosen.sync()
    services = Services(ensure_collector=lambda _: None, open_demo=lambda: folder)
    threading.Thread(target=wait_for_parent, args=(lambda: os._exit(0),), name="parent-watch", daemon=True).start()
    with patch.object(active_panel, "AlarmListView", ObservedList), patch.object(desktop, "Feed", ObservedFeed):
        return run_desktop(folder, services, off_screen=OffScreen(), on_feed=watch)


if __name__ == "__main__":
    sys.exit(main(PlantFolder(Path(sys.argv[1]))))
