"""The drivers that are installed, by name and by the scheme of a device's URL."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, Driver, Grammar

ENTRY_POINT_GROUP = "foreshift.drivers"


@cache
def driver_names() -> tuple[str, ...]:
    """Return the names that a plant file may give to drivers."""
    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)}))


@cache
def driver_class(name: str) -> type[Driver]:
    """Return an installed driver; only now its library is imported, which can take a second. Raise KeyError."""
    driver: type[Driver] = entry_points(group=ENTRY_POINT_GROUP)[name].load()
    return driver


def grammars() -> dict[str, type[Grammar]]:
    """Return what each installed driver understands, by its name; their libraries are imported for it."""
    return {name: driver_class(name) for name in driver_names()}


def make_driver(definition: ConnectionDefinition) -> Driver:
    """Return a fresh, unopened driver for a connection; raise BadAddress where none of that name is installed."""
    if definition.driver not in driver_names():
        installed = ", ".join(driver_names())
        message = f"connection {definition.id}: no driver {definition.driver!r}; installed are {installed}"
        raise BadAddress(message)
    return driver_class(definition.driver).from_definition(definition)


def definition_of(url: str, *, options: dict[str, object] | None = None, folder: str = "") -> ConnectionDefinition:
    """Return a connection for a URL, with the driver that its scheme names; raise BadAddress for an unknown scheme.

    `folder`: where its driver may keep certificates.
    """
    scheme = url.partition("://")[0] if "://" in url else ""
    schemes = {name: driver_class(name).schemes for name in driver_names()}
    for name, understood in schemes.items():
        if scheme in understood:
            return ConnectionDefinition(id=name, driver=name, url=url, options=dict(options or {}), folder=folder)
    known = ", ".join(f"{known}://" for understood in schemes.values() for known in understood)
    message = f"{url}: no driver for the scheme {scheme!r}; give one of {known}"
    raise BadAddress(message)
