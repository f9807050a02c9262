"""The replayed source of a feed: the station at the playhead's instant, read from the history off the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, SignalInstance

from app.model import clock
from app.model.alarm import Priority
from app.model.block import empty
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import Command, Event
from widgets.replay.playhead import Playhead
from widgets.replay.station_past import StationPast, StationState
from widgets.source import ValuesChanged
from widgets.station_text import station_text
from widgets.translation import tr

FRAME_NS = 100 * clock.NS_PER_MS
"""So often the station is read while a replay runs, at any speed."""
RETRY_NS = 2 * clock.NS_PER_S

log = logging.getLogger(__name__)


class ReplaySource:
    """One instant is read at a time, by one thread that keeps the files open; what is shown follows what was read.

    So a slow disk makes a replay jump, and never the window wait. It has no way to the collector: nothing that is done
    in a replay can reach a device, an alarm or a case.
    """

    is_replay = True
    has_dropped = False

    def __init__(self, folder: PlantFolder, plant: Plant, playhead: Playhead) -> None:
        self.playhead = playhead
        self._past = StationPast(folder, plant)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="replay")
        self._reading: Future[StationState] | None = None
        self._questions: list[tuple[Future[Any], Callable[[Any], None]]] = []
        self._state: StationState | None = None
        self._events: list[Event] = []
        self._asked = 0
        self._not_before = 0
        self._failure = ""
        self._is_closed = False

    @property
    def is_linked(self) -> bool:
        """Whether what is shown was the present then."""
        return self._state is not None and self._state.is_collecting and not self._failure

    @property
    def problem(self) -> str:
        """Return why what is shown was not the present then."""
        if self._failure:
            return self._failure
        return tr("Reading the history…") if self._state is None else tr("Nothing was collected at this time")

    @property
    def refusal(self) -> str:
        """Return that nothing can be done in a replay."""
        return tr("This is a replay: go back to live (F8) to act")

    def begin(self, owner: QObject, news: SignalInstance) -> None:
        """Nothing is told but by the frame clock."""
        del owner, news

    def values(self) -> ValuesChanged | None:
        """Take what has been read, ask for what is wanted next."""
        self.playhead.advance()
        self._answer()
        change = self._take()
        self._ask()
        return change

    def events(self) -> list[Event]:
        """Return what is different from what was told before."""
        events, self._events = self._events, []
        return events

    def send(self, command: Command) -> bool:
        """Refuse."""
        log.info("replay.refused command=%s", type(command).__name__)
        return False

    def find_alarm(self, found: Callable[[int | None], None], *, is_forward: bool) -> None:
        """Tell `found` when the next alarm, or the one before, was raised, seen from what is wanted now."""
        at = self.playhead.wanted
        self._questions.append((self._thread.submit(self._past.raised, at, is_forward=is_forward), found))

    def find_raises(self, found: Callable[[tuple[tuple[int, Priority], ...]], None], start: int, end: int) -> None:
        """Tell `found` when alarms were raised in start <= time < end (int64 ns UTC), and of which priority."""
        self._questions.append((self._thread.submit(self._past.raises, start, end), found))

    def close(self) -> None:
        """Let go of the files; may be called twice."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._past.close)
            self._thread.shutdown()

    def _ask(self) -> None:
        now = clock.monotonic_ns()
        if self._reading is not None or now < self._not_before:
            return
        wanted = self.playhead.wanted
        is_due = self._state is None or (wanted != self._state.at and now - self._asked >= FRAME_NS)
        if is_due or self._failure:
            self._asked = now
            self._reading = self._thread.submit(self._past.read, wanted)

    def _take(self) -> ValuesChanged | None:
        if self._reading is None or not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        try:
            state = reading.result()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the past is asked for again
            self._fail(error)
            return None
        self._failure = ""
        former, self._state = self._state, state
        self._events += state.events
        self.playhead.arrive(state.at, state.extent)
        is_rewound = former is not None and state.at < former.at
        return ValuesChanged(empty(), state.latest, is_rewound=is_rewound)

    def _answer(self) -> None:
        """Tell what has been found; what could not be read is told as any failure."""
        done = [question for question in self._questions if question[0].done()]
        self._questions = [question for question in self._questions if question not in done]
        for search, found in done:
            error = search.exception()
            if error is None:
                found(search.result())
            else:
                self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._not_before = clock.monotonic_ns() + RETRY_NS
        if station_text(error) != self._failure:
            log.error("replay.unreadable", exc_info=error)
        self._failure = station_text(error) or type(error).__name__
