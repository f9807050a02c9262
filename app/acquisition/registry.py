"""The drivers that are installed, by name and by the scheme of a device's URL."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from urllib.parse import urlsplit

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, Driver

ENTRY_POINT_GROUP = "foreshift.drivers"


@cache
def driver_classes() -> dict[str, type[Driver]]:
    """Return the installed drivers by the name that a plant file gives them."""
    return {point.name: point.load() for point in entry_points(group=ENTRY_POINT_GROUP)}


def make_driver(definition: ConnectionDefinition) -> Driver:
    """Return a fresh, unopened driver for a connection; raise BadAddress where none of that name is installed."""
    classes = driver_classes()
    if definition.driver not in classes:
        message = (
            f"connection {definition.id}: no driver {definition.driver!r}; installed are {', '.join(sorted(classes))}"
        )
        raise BadAddress(message)
    return classes[definition.driver].from_definition(definition)


def definition_of(url: str, *, options: dict[str, object] | None = None) -> ConnectionDefinition:
    """Return a connection for a URL, with the driver that its scheme names; raise BadAddress for an unknown scheme."""
    scheme = urlsplit(url).scheme
    for name, driver in driver_classes().items():
        if scheme in driver.schemes:
            return ConnectionDefinition(id=name, driver=name, url=url, options=dict(options or {}))
    known = sorted(scheme for driver in driver_classes().values() for scheme in driver.schemes)
    message = f"{url}: no driver for the scheme {scheme!r}; give one of {', '.join(f'{name}://' for name in known)}"
    raise BadAddress(message)
