"""Adding a device to a plant from the window: planned without a trace, then kept, written and audited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.acquisition.registry import driver_names, grammars
from app.command.login_keeping import kept_connection
from app.command.plant_change import change_plant
from app.plant.addition import Addition, AdditionPlan, plan_addition
from app.plant.folder import PlantFolder


def plan_device(folder: PlantFolder, addition: Addition) -> AdditionPlan:
    """Return what adding a device would write; nothing is kept yet. Raise CannotRevise, DriverError or OSError."""
    connection = kept_connection(addition.connection, folder.path, is_dry=True)
    addition = replace(addition, connection=connection)
    return plan_addition(folder.configuration, addition, drivers=driver_names(), grammars=grammars())


def add_device(folder: PlantFolder, addition: Addition, plan: AdditionPlan, user: str) -> Path:
    """Write what was planned, and return the copy of the former file.

    Raise UsageFailure where somebody has changed the file since, PlantFileError, DriverError or OSError.
    """
    kept_connection(addition.connection, folder.path)
    reason = f"device {addition.connection.id} ({addition.connection.url}) with {len(addition.tags)} tags was added"
    return change_plant(folder, plan.before, plan.after, reason=reason, window="window", user=user)
