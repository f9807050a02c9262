"""What is wrong in a plant file, as much of it as a screen holds."""

from __future__ import annotations

from app.plant.problem import PlantFileError
from widgets.station_text import station_text
from widgets.translation import tr

MOST = 10


def problems_text(error: PlantFileError) -> str:
    """Return the file and its first problems, each at its line, and how the others are found."""
    told = [station_text(problem.at(error.path.name)) for problem in error.problems[:MOST]]
    rest = len(error.problems) - len(told)
    if rest:
        told.append(tr("and {n} more; all of them: foreshift check {path}", n=rest, path=error.path))
    return "\n".join([tr("{path} cannot be used:", path=error.path), *told])
