"""One window of the benchmark `replay`: `python -m tests.benchmarks.replay_window MODE FOLDER TAGS SPEED SECONDS`.

`replay` plays the recorded day, `live` gets the same samples at the same pace, `leap` makes so many leaps instead of
seconds. They tell `ran` with processor seconds a second, pictures a second and the p99 of how late a timer of 5 ms was
(ms), `leapt` with the time of each leap (ms).
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

from app.model import clock
from app.model.block import Block, empty
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import Command, Event
from app.pubsub.live import LatestValues
from tests.benchmarks.child import tell
from tests.benchmarks.replay_day import SECOND, START, block_of, plant_of
from widgets import theme
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.window import ReplayWindow
from widgets.source import ValuesChanged

WARM_UP_S = 1.5
BEAT_MS = 5
FIRST_S = 300
"""The replay begins there: trends have a past then, live and replayed."""


class PlayedSource:
    """Gives a live window the samples of the day, `speed` seconds of it each second, as if they came just now."""

    is_replay, is_linked, has_dropped, problem, refusal = False, True, False, "", ""

    def __init__(self, tags: int, speed: int) -> None:
        self._tags, self._speed = tags, speed
        self._began = clock.monotonic_ns()
        self._given = 0

    def begin(self, owner: QObject, news: SignalInstance) -> None:
        """Nothing is told but by the frame clock."""

    def values(self) -> ValuesChanged | None:
        """Return the seconds of the day that have passed since the last pull."""
        until = int((clock.monotonic_ns() - self._began) / SECOND * self._speed)
        count, first, self._given = until - self._given, self._given, until
        if not count:
            return None
        now, step = clock.now_ns(), SECOND // self._speed
        parts = [block_of(self._tags, now - (count - 1 - each) * step, FIRST_S + first + each) for each in range(count)]
        newest = parts[-1]
        block = Block(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in
              ("handle", "time", "value", "status", "received"))
        )  # fmt: skip
        return ValuesChanged(block, LatestValues(newest.time, newest.value, newest.status))

    def events(self) -> list[Event]:
        """Return nothing: no alarms and no findings are played."""
        return []

    def send(self, command: Command) -> bool:
        """Refuse."""
        del command
        return False

    def close(self) -> None:
        """Nothing is open."""


def live_window(folder: PlantFolder, plant: Plant, tags: int, speed: int, preferences: Preferences) -> MainWindow:
    """Return the window on the present."""
    feed = Feed(plant, folder, source=PlayedSource(tags, speed))
    return MainWindow(feed, preferences=preferences, pages=lambda acknowledged: pages_of(folder, acknowledged))


def replay_window(folder: PlantFolder, plant: Plant, speed: int, preferences: Preferences) -> ReplayWindow:
    """Return the window on the past."""
    playhead = Playhead(START + FIRST_S * SECOND, speed=speed)
    clock.live_at(lambda: playhead.shown)
    source = ReplaySource(folder, plant, playhead)
    feed, live = Feed(plant, folder, source=source), Feed(plant, folder, source=PlayedSource(len(plant.tags), 1))
    return ReplayWindow(
        feed, live, source, preferences=preferences, pages=lambda acknowledged: pages_of(folder, acknowledged)
    )


def run(window: MainWindow, seconds: float) -> None:
    """Let the window show what comes, and tell what that took."""
    shown, late = [0], list[float]()
    last = [time.monotonic()]
    beat = QTimer(window)
    beat.setTimerType(Qt.TimerType.PreciseTimer)

    def count() -> None:
        now = time.monotonic()
        late.append(max(0.0, now - last[0] - BEAT_MS / 1e3))
        last[0] = now

    window.feed.values_changed.connect(lambda _: shown.__setitem__(0, shown[0] + 1))
    beat.timeout.connect(count)
    beat.start(BEAT_MS)
    _spend(WARM_UP_S)
    shown[0], cpu = 0, time.process_time()
    late.clear()
    began = time.monotonic()
    _spend(seconds)
    passed = time.monotonic() - began
    p99 = 1e3 * float(np.percentile(late, 99))
    tell("ran", (time.process_time() - cpu) / passed, shown[0] / passed, p99)


def leap(window: ReplayWindow, leaps: int) -> None:
    """Leap about, and tell how long each leap took until it was shown."""
    head = window.playhead
    assert head is not None
    _until(lambda: head.extent is not None)
    first, last = head.extent or (0, 0)
    times = []
    for place in range(leaps):
        wanted = first + (last - first) * ((37 * place + 11) % leaps) // leaps
        began = time.monotonic()
        head.jump(wanted)
        _until(lambda wanted=wanted: head.shown == wanted)
        times.append(1e3 * (time.monotonic() - began))
    tell("leapt", *times)


def _spend(seconds: float) -> None:
    due = time.monotonic() + seconds
    _until(lambda: time.monotonic() >= due)


def _until(is_so: object) -> None:
    while callable(is_so) and not is_so():
        QApplication.processEvents()
        time.sleep(0.001)


def main(mode: str, folder: PlantFolder, tags: int, speed: int, amount: float) -> int:
    """Show a window and measure it."""
    app = QApplication([])
    theme.apply(app, theme.load("dark"))
    plant = plant_of(tags)
    with tempfile.TemporaryDirectory() as home:
        preferences = Preferences(Path(home, "window.ini"))
        preferences.language, preferences.page = "en", "equipment"
        if mode == "live":
            window = live_window(folder, plant, tags, speed, preferences)
        else:
            window = replay_window(folder, replace(plant, is_read_only=True), speed, preferences)
        window.resize(1920, 1080)
        window.show()
        window.feed.receive_values(ValuesChanged(empty(), window.feed.latest))
        window.feed.start()
        if isinstance(window, ReplayWindow) and window.playhead is not None and mode == "replay":
            window.playhead.play()
        if mode == "leap" and isinstance(window, ReplayWindow):
            leap(window, int(amount))
        else:
            run(window, amount)
        window.feed.close()
    return 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(
        main(arguments[0], PlantFolder(Path(arguments[1])), int(arguments[2]), int(arguments[3]), float(arguments[4]))
    )
