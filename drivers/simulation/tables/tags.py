"""All tags of the demo plant in one table; every server, the plant file and the instruments are made from it."""

from __future__ import annotations

from drivers.simulation.tables.air_tags import air_tags
from drivers.simulation.tables.heat_tags import heat_tags
from drivers.simulation.tables.power_tags import power_tags
from drivers.simulation.tables.setpoints import setpoint_tags, with_rule
from drivers.simulation.tables.water_tags import water_tags
from drivers.simulation.tag import PlantTag

_MEASURED = (*air_tags(), *water_tags(), *heat_tags(), *power_tags())
TAGS: tuple[PlantTag, ...] = (*map(with_rule, _MEASURED), *setpoint_tags())
