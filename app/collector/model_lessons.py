"""The station learns by itself: what is due on schedule is learned, tried, and counts if it is no worse."""

from __future__ import annotations

import asyncio
import logging

from app.collector.model_desk import ModelDesk
from app.database import DatabaseError
from app.model import clock
from app.model.actor import Actor
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.training.curriculum import STATION, Curriculum
from app.training.lesson import Lesson, open_school

log = logging.getLogger(__name__)

LESSON_S = 600.0
"""So often it is asked whether a lesson is due; one Equipment learns at a time."""
_WHO = Actor("collector", STATION)


class ModelLessons:
    """Looks what is due, and lets the desk of the models learn it as if somebody had asked."""

    def __init__(self, folder: PlantFolder, plant: Plant, desk: ModelDesk) -> None:
        """Prepare; `run` gives the lessons."""
        self._folder, self._plant, self._desk = folder, plant, desk
        self._curriculum = Curriculum(folder.path)

    async def run(self) -> None:
        """Give a lesson whenever one is due, until cancelled; one that fails ends the lessons, never the collecting."""
        while True:
            await asyncio.sleep(LESSON_S)
            try:
                await self.make_round()
            except Exception:  # whatever a history of years brings about
                log.exception("lessons.ended")
                return

    async def make_round(self) -> None:
        """Give the lesson that is due, if there is one."""
        try:
            lesson = await asyncio.to_thread(self._due)
        except DatabaseError as error:
            log.warning("lessons.not_looked %s", error)
            return
        if lesson is not None and not await self._desk.learn_due(lesson, _WHO):
            self._curriculum.refused(lesson)

    def _due(self) -> Lesson | None:
        with open_school(self._folder, self._plant) as school:
            return self._curriculum.due(school, clock.now_ns())
