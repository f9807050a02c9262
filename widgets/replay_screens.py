"""The screens of a replay: the station as it was at the last urgent alarm, within the frame that says so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.model import clock
from widgets.alarm.wording import order_of_urgency
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.window import ReplayWindow
from widgets.screen import Screen

AFTER_NS = 2 * clock.NS_PER_S
"""So long after an alarm came it is looked at."""


@contextmanager
def replay_window(window: MainWindow) -> Iterator[tuple[MainWindow, Sequence[Screen]]]:
    """Hold a replay that stands still; meanwhile the whole process lives at its instant."""
    folder, plant = window.feed.folder, replace(window.feed.plant, is_read_only=True)
    urgent = order_of_urgency(window.feed.alarms.values())
    head = Playhead(urgent[0].raised + AFTER_NS if urgent else clock.now_ns() - AFTER_NS)
    with tempfile.TemporaryDirectory() as kept:
        clock.live_at(lambda: head.shown)
        source = ReplaySource(folder, plant, head)
        feed = Feed(plant, folder, source=source)
        replayed = ReplayWindow(
            feed,
            window.feed,
            source,
            preferences=Preferences(Path(kept) / "replay.ini"),
            pages=lambda acknowledgement: pages_of(folder, acknowledgement),
        )
        replayed.show()
        feed.start()
        if urgent:
            replayed.navigation.open_tag(urgent[0].tag)
        try:
            yield replayed, _screens(replayed)
        finally:
            replayed.close()
            feed.close()
            clock.live_at(None)
            replayed.deleteLater()


def _screens(window: ReplayWindow) -> list[Screen]:
    return [
        Screen("replay-overview", "overview"),
        Screen("replay-equipment", "equipment"),
        Screen("replay-alarms", "alarms"),
        Screen("replay-jump", "overview", (window.ask_instant,)),
    ]
