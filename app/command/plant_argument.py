"""How a plant is named on the command line: by its folder, its plant.toml, or the name of a known plant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.plant.catalogue import PlantCatalogue, folder_of
from app.plant.folder import PlantFolder

if TYPE_CHECKING:
    from app.model.plant import Plant


def plant_folder(name: str) -> PlantFolder:
    """Return the folder that `name` means; raise UsageFailure where it is none."""
    catalogue = PlantCatalogue()
    for folder in (folder_of(Path(name)), catalogue.new_folder(name)):
        if folder.configuration.is_file():
            return folder
    known = catalogue.home / "plants"
    message = f"{name}: no plant there; give a folder that holds plant.toml, or the name of a plant in {known}"
    raise UsageFailure(message)


def plant_in(folder: PlantFolder) -> Plant:
    """Return the plant that a folder configures; raise PlantFileError with every problem found."""
    from app.acquisition.registry import driver_names
    from app.plant.file import read_plant

    return read_plant(folder.configuration, drivers=driver_names())
