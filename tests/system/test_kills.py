"""`kill -9` of any process of a station, in any order.

The window is live again by itself, nothing acknowledged is lost.
"""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from app.history.reader import HistoryReader
from app.model import clock
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.live import LiveSubscriber, LiveUnavailable
from tests.system.station import Station

RECOVERY_S = 5.0
USUAL_START_S = 5.0
"""What a station takes to its first fresh values; where a busy computer takes longer for that, so may a recovery."""


class Ledger:
    """An independent witness: what was published on the live border, and how much of it was acknowledged as stored."""

    def __init__(self, folder: PlantFolder) -> None:
        self.acknowledged: set[tuple[int, int]] = set()
        self.generations = 0
        self._folder = folder
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ledger")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            with suppress(LiveUnavailable), LiveSubscriber(self._folder.live) as live:
                self.generations += 1
                self._follow(live)
            self._stopping.wait(0.02)

    def _follow(self, live: LiveSubscriber) -> None:
        seen: list[tuple[int, int]] = []
        position = done = 0
        while not live.is_replaced:
            stored = live.stored
            read = live.since(position)
            assert read.lost == 0
            position = read.position
            seen.extend(zip(read.block.handle.tolist(), read.block.time.tolist(), strict=True))
            self.acknowledged.update(seen[done:stored])
            done = max(done, min(stored, len(seen)))
            if self._stopping.wait(0.02):
                return


@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_that_kills_lose_nothing_and_the_window_is_live_again_within_five_seconds(tmp_path: Path, kills: int) -> None:
    options = ("--off-screen", "--seconds=280", "--time-factor=60", "--summary=0.25", f"--pictures={tmp_path / 'p'}")
    chance = random.Random(20)
    order = [name for _ in range(kills // 3 + 1) for name in chance.sample(("collector", "simulator", "window"), 3)]
    times: list[tuple[str, float]] = []
    with Station(tmp_path / "home", "demo", *options) as station:
        start_s = station.live_after(clock.monotonic_ns(), timeout_s=60)
        limit_s = RECOVERY_S * max(1.0, start_s / USUAL_START_S)
        folder = PlantFolder(tmp_path / "home" / "plants" / "demo")
        with Ledger(folder) as ledger:
            for name in order[:kills]:
                victim = station.child(name)
                victim.kill()
                victim.wait(5)
                times.append((name, station.live_after(clock.monotonic_ns(), timeout_s=limit_s)))
        assert station.end() == 0
    assert {name for name, _ in times} == {"collector", "simulator", "window"}
    assert ledger.generations > 1
    assert len(ledger.acknowledged) > 1_000
    assert missing(folder, ledger) == set()


def missing(folder: PlantFolder, ledger: Ledger) -> set[tuple[int, int]]:
    """Return the acknowledged samples (handle, time) that the history does not hold."""
    plant = read_plant(folder.configuration)
    lost = set(ledger.acknowledged)
    with HistoryReader(folder.history) as reader:
        for tag in plant.tags:
            times = reader.raw(tag.name, 0, clock.now_ns() + clock.NS_PER_S).time
            lost.difference_update((tag.handle, time) for time in times.tolist())
    return lost
