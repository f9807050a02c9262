"""The learned models in the collector: a round now and then in a thread of its own, so that no sample waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from app.collector.case_desk import CaseDesk
from app.collector.score_desk import ScoreDesk
from app.database import DatabaseError
from app.model import clock
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import LivesChanged
from app.training.live_models import LiveModels

log = logging.getLogger(__name__)

ROUND_S = 10.0
STORED_NS = 2 * clock.NS_PER_S
"""So old, what was collected is in the file."""


class ModelRounds:
    """Asks the active models, and hands what they say to the cases and the scoreboard; `tell` hears remaining lives."""

    def __init__(
        self,
        folder: PlantFolder,
        plant: Plant,
        cases: CaseDesk,
        scores: ScoreDesk,
        tell: Callable[[LivesChanged], None],
    ) -> None:
        """Prepare; `run` makes the rounds."""
        self._models, self._cases = LiveModels(folder, plant), cases
        self._scores, self._tell = scores, tell
        self._told: tuple[str, ...] = ()

    async def run(self) -> None:
        """Make a round now and then until cancelled; a model that fails ends the rounds, and never the collecting."""
        while True:
            await asyncio.sleep(ROUND_S)
            try:
                await self.make_round()
            except Exception:  # whatever arrays that came as a file bring about
                log.exception("models.rounds_ended")
                return

    async def make_round(self) -> None:
        """Make one round."""
        try:
            until = clock.now_ns() - STORED_NS
            finding = await asyncio.to_thread(self._models.round, self._cases.open_cases(), until)
        except DatabaseError as error:
            log.warning("models.round_failed %s", error)
            return
        if finding.problems != self._told:
            self._told = finding.problems
            for problem in finding.problems:
                log.warning("models.unusable %s", problem)
        open_cases = {case.number: case for case in self._cases.open_cases()}
        self._cases.learn(finding)
        self._scores.hear_models(finding, open_cases)
        if finding.lives:
            self._tell(LivesChanged(finding.lives))
