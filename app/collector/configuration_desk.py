"""Taking another plant file while collecting: asked for by a window, checked here, refused with the reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from app.acquisition.registry import driver_names
from app.audit.pictures import note_pictures
from app.collector.controls import Controls
from app.database import DatabaseError
from app.model.plant import Plant
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError
from app.pubsub.channel import Reply
from app.pubsub.frame import CommandDone, ConfigurationTaken, Event, TakeConfiguration

log = logging.getLogger(__name__)

TELL_S = 0.3
"""How long windows have to hear of it before their connections end."""
_MOST = 5


class ConfigurationDesk:
    """Called from the collector's event loop; `take` gets the plant that is to be collected from now on."""

    def __init__(
        self,
        folder: PlantFolder,
        controls: Controls,
        tell: Callable[[Event], None],
        take: Callable[[Plant], None],
        *,
        plant: Plant,
    ) -> None:
        """Let the engineers of the plant in `folder` change what is collected, anybody where it has no users.

        `plant`: the one that is collected now.
        """
        self._folder = folder
        self._plant = plant
        self._controls = controls
        self._tell = tell
        self._take = take
        self._answer: asyncio.Task[None] | None = None

    def obey(self, command: TakeConfiguration, window: Reply) -> None:
        """Carry out a command of a window, and answer it."""
        if self._answer is not None and not self._answer.done():
            window(CommandDone(command.request, done=False, reason="another configuration is being taken already"))
            return
        self._answer = asyncio.get_running_loop().create_task(self._obey(command, window))

    async def _obey(self, command: TakeConfiguration, window: Reply) -> None:
        refusal = self._refusal(window)
        plant: Plant | None = None
        if not refusal:
            try:
                plant = await asyncio.to_thread(read_plant, self._folder.configuration, drivers=driver_names())
            except PlantFileError as error:
                told = [problem.at(error.path.name) for problem in error.problems[:_MOST]]
                refusal = "\n".join(["the collector goes on with the former configuration:", *told])
        if plant is None or refusal:
            log.warning("configuration.refused reason=%s", refusal)
            window(CommandDone(command.request, done=False, reason=refusal))
            return
        window(CommandDone(command.request, done=True))
        if await asyncio.to_thread(_differs_by_pictures_alone, self._plant, plant):
            self._plant = plant
            await asyncio.to_thread(self._note_pictures)
            log.info("configuration.pictures_taken pictures=%d", len(plant.pictures) + len(plant.faceplates))
            self._tell(ConfigurationTaken(is_of_pictures=True))
            return
        self._tell(ConfigurationTaken())
        await asyncio.sleep(TELL_S)
        self._take(plant)

    def _note_pictures(self) -> None:
        """Put what was changed by hand into the log; the next start of a collector does where that cannot be now."""
        try:
            note_pictures(self._folder.history, window="collector")
        except DatabaseError as error:
            log.warning("configuration.pictures_not_noted reason=%s", error)

    def _refusal(self, window: Reply) -> str:
        people = self._controls.people
        role = people.actor(window).role
        if people.has_users and (role is None or not role.includes(Role.ENGINEER)):
            return "not done: sign in as engineer first"
        if self._controls.is_writing:
            return "not done: somebody is writing to a device; try again when that has ended"
        return ""


def _differs_by_pictures_alone(former: Plant, plant: Plant) -> bool:
    """Return whether nothing that a collector works by has changed, but pictures have.

    Compared as text: a number that is not given is NaN, which equals nothing.
    """

    def without(each: Plant) -> str:
        return repr(replace(each, pictures=(), faceplates=()))

    are_others = (former.pictures, former.faceplates) != (plant.pictures, plant.faceplates)
    return are_others and without(former) == without(plant)
