"""The drivers that are installed, by name and by the scheme of a device's URL."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar, Self

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, Driver, Grammar
from drivers.grammar_fault import unopened

ENTRY_POINT_GROUP = "foreshift.drivers"


class DriverAbsent(BadAddress):
    """A driver needs a package that is not installed by default; the message says how to install it."""


@cache
def driver_names() -> tuple[str, ...]:
    """Return the names that a plant file may give to drivers, also those whose extra is not installed."""
    return tuple(sorted(point.name for point in _points().values()))


@cache
def driver_class(name: str) -> type[Driver]:
    """Return a driver; only now its library is imported, which can take a second. Raise KeyError or DriverAbsent."""
    point = _points()[name]
    try:
        driver: type[Driver] = point.load()
    except ModuleNotFoundError as error:
        if not point.extras:
            raise
        install = f'{sys.executable} -m pip install "foreshift[{",".join(point.extras)}]"'
        raise DriverAbsent(
            f"driver {name}: it needs the package {error.name}, which is not installed; install it with {install}"
        ) from error
    return driver


def grammars() -> dict[str, type[Grammar]]:
    """Return what each installed driver understands, by its name; their libraries are imported for it."""
    found: dict[str, type[Grammar]] = {}
    for name in driver_names():
        try:
            found[name] = driver_class(name)
        except DriverAbsent as reason:
            found[name] = _grammar_of_none(reason)
    return found


def make_driver(definition: ConnectionDefinition) -> Driver:
    """Return a fresh, unopened driver for a connection; raise BadAddress where none of that name is installed."""
    if definition.driver not in driver_names():
        installed = ", ".join(driver_names())
        message = f"connection {definition.id}: no driver {definition.driver!r}; installed are {installed}"
        raise BadAddress(message)
    return unopened(driver_class(definition.driver), definition)


def definition_of(url: str, *, options: dict[str, object] | None = None, folder: str = "") -> ConnectionDefinition:
    """Return a connection for a URL, with the driver that its scheme names; raise BadAddress for an unknown scheme.

    `folder`: where its driver may keep certificates.
    """
    scheme = url.partition("://")[0] if "://" in url else ""
    schemes: list[str] = []
    absent: list[str] = []
    for name in driver_names():  # the others are not imported once one is found: that can take a second
        try:
            understood = driver_class(name).schemes
        except DriverAbsent as reason:
            absent.append(str(reason))
            continue
        if scheme in understood:
            return ConnectionDefinition(id=name, driver=name, url=url, options=dict(options or {}), folder=folder)
        schemes += understood
    known = ", ".join(f"{each}://" for each in schemes)
    if scheme:
        message = f"{url}: no driver for the scheme {scheme!r}; give one of {known}"
    else:
        message = f"{url}: say how the device speaks: modbus://{url} or opc.tcp://{url}, or one of {known}"
    raise BadAddress("\n".join([message, *absent]))


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


def _grammar_of_none(reason: DriverAbsent) -> type[Grammar]:
    """Return the grammar of a driver that is absent: it says so of each connection, and leaves addresses alone."""

    class Absent:
        schemes: ClassVar[tuple[str, ...]] = ()

        @classmethod
        def from_definition(cls, definition: ConnectionDefinition) -> Self:
            raise DriverAbsent(f"connection {definition.id}: {reason}")

        @staticmethod
        def check_address(address: str) -> None:
            """Leave it to the driver, once it is installed."""

    return Absent
