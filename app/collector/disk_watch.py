"""Watches the room on the disk of the history, so that a full one is told while there is time to act."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.database import DatabaseError
from app.history.retention import RetentionRules
from app.history.size_forecast import SizeForecast, days_text, forecast_file
from app.model import clock

log = logging.getLogger(__name__)

LOOK_S = 5.0
FORECAST_S = 3_600.0
SCARCE_BYTES = 1_000_000_000
SCARCE_SHARE = 0.05
CALM_DAYS = 365.0
"""A share of a large disk that lasts for longer asks nothing of anybody yet."""
_RECOVERED = 1.1
"""A disk is no longer nearly full when it has a tenth more room than made it so."""
_REMEDY = "free some space, or keep the history for fewer days ([history] in plant.toml)"


class DiskRoom(Protocol):
    """What shutil.disk_usage tells, in bytes."""

    @property
    def total(self) -> int:
        """The size of the disk."""

    @property
    def free(self) -> int:
        """What this user may still write."""


class DiskWatch:
    """Looks at the disk; `problem` says what is wrong, with the remedy, or is empty."""

    def __init__(
        self, history: Path, rules: RetentionRules, *, room: Callable[[Path], DiskRoom] = shutil.disk_usage
    ) -> None:
        """Watch the disk of the file `history`, which keeps `rules`."""
        self.problem = ""
        self._history = history
        self._rules = rules
        self._room = room
        self._is_short = False
        self._is_scarce = False
        self._forecast: SizeForecast | None = None
        self._foreseen: int | None = None

    async def run(self) -> None:
        """Look until cancelled; nothing that is slow is done in the event loop."""
        while True:
            if self.look():
                self.foresee(await asyncio.to_thread(self.forecast))
            await asyncio.sleep(LOOK_S)

    def look(self) -> bool:
        """Bring `problem` up to date; return whether it should be told how long the room lasts."""
        try:
            room = self._room(self._history.parent)
        except OSError as error:
            log.warning("disk.unknown path=%s %s", self._history.parent, error)
            return False
        self._is_short = _is_below(SCARCE_BYTES, room.free, was_below=self._is_short)
        share = round(SCARCE_SHARE * room.total)
        self._is_scarce = self._is_short or _is_below(share, room.free, was_below=self._is_scarce)
        if not self._is_scarce:
            self._foreseen = None
        self._tell(room.free)
        return self._is_scarce and (
            self._foreseen is None or clock.monotonic_ns() - self._foreseen > FORECAST_S * clock.NS_PER_S
        )

    def forecast(self) -> SizeForecast | None:
        """Return the forecast of the file, None where there is none; may take a second."""
        try:
            return forecast_file(self._history, self._rules, room=self._room(self._history.parent).free)
        except (DatabaseError, OSError) as error:
            log.warning("disk.without_forecast %s", error)
            return None

    def foresee(self, forecast: SizeForecast | None) -> None:
        """Take a forecast, which stands for an hour."""
        self._forecast, self._foreseen = forecast, clock.monotonic_ns()
        self.look()

    def _tell(self, free: int) -> None:
        problem = self._problem(free) if self._is_scarce else ""
        if bool(problem) != bool(self.problem):
            log.warning("disk.%s free_mb=%d %s", "nearly_full" if problem else "recovered", free >> 20, problem)
        self.problem = problem

    def _problem(self, free: int) -> str:
        is_known = self._foreseen is not None
        if not self._is_short and (not is_known or self._is_calm()):
            return ""
        return f"disk nearly full: {free / 1e9:.1f} GB free, {self._lasting()}: {_REMEDY}"

    def _is_calm(self) -> bool:
        if self._forecast is None:
            return False
        return self._forecast.days_left is None or self._forecast.days_left > CALM_DAYS

    def _lasting(self) -> str:
        if self._forecast is None:
            return "too little history to say for how long"
        if self._forecast.days_left is None:
            return "which the history itself will not fill"
        return f"about {days_text(self._forecast.days_left)} left"


def _is_below(limit: float, free: int, *, was_below: bool) -> bool:
    return free < limit * (_RECOVERED if was_below else 1.0)
