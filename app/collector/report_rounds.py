"""Lets a child process of the lowest priority write the reports that are due, and says what prevents it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.model import clock
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.report.schedule import ReportDiary, next_end

log = logging.getLogger(__name__)

LONGEST_S = 3_600.0
RETRY_S = 600.0
MOST_WAIT_S = 3_600.0
LEAST_WAIT_S = 5.0
_LONGEST_TEXT = 500

WriteReports = Callable[[Path], Awaitable[str]]
"""Writes what is due of the plant in a folder; returns "", or why something could not be written."""


class ReportRounds:
    """`problem` says which report could not be written and why, or is empty."""

    def __init__(self, folder: PlantFolder, plant: Plant, write: WriteReports | None = None) -> None:
        """Prepare; `write`: the way to write them, for which a child process stands where it is None."""
        self.problem = ""
        self._folder, self._plant = folder, plant
        self._write = write or write_apart
        self._diary = ReportDiary.of(folder)

    async def run(self) -> None:
        """Write what is due, wait until something else is, until cancelled; never end the collecting."""
        while self._plant.report.every:
            try:
                wait_s = await self.make_round()
            except Exception:  # whatever a report brings about
                log.exception("report.rounds_ended")
                self.problem = "reports are not written any more: see the log, and start the collector again"
                return
            await asyncio.sleep(wait_s)

    async def make_round(self) -> float:
        """Write what is due; return after how many seconds to look again: soon where something could not be written."""
        now = clock.now_ns()
        try:
            await asyncio.to_thread(self._diary.begin, self._plant, now)
            missing = await asyncio.to_thread(self._diary.missing, self._plant, now)
        except OSError as error:
            self._tell(f"reports cannot be planned: {self._diary.path}: {error.strerror or error}")
            return RETRY_S
        if missing:
            log.info("report.due count=%d first=%s", len(missing), missing[0].key)
            self._tell(await self._write(self._folder.path))
        if self.problem:
            return RETRY_S
        wait_s = (next_end(self._plant, now) - clock.now_ns()) / clock.NS_PER_S
        return min(max(wait_s, LEAST_WAIT_S), MOST_WAIT_S)

    def _tell(self, problem: str) -> None:
        if problem != self.problem:
            log.log(logging.WARNING if problem else logging.INFO, "report.%s", problem or "written again")
        self.problem = problem


async def write_apart(folder: Path) -> str:
    """Write what is due in a child process, which is ended with this one; return why something was not written."""
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "app", "report", str(folder), "--scheduled"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        return f"reports cannot be written: no process can be started: {error.strerror or error}"
    try:
        _, said = await asyncio.wait_for(child.communicate(), LONGEST_S)
    except TimeoutError:
        return f"reports were not written within {LONGEST_S / 60:.0f} minutes: tell fewer tags under [report]"
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if not child.returncode:
        return ""
    lines = said.decode(errors="replace").strip().splitlines() or [f"writing reports ended with {child.returncode}"]
    return lines[-1].removeprefix("foreshift: ")[:_LONGEST_TEXT]
