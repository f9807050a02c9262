"""A driver of others that fails over what a plant file says: it is told as a mistake there, by its place.

Whoever wrote the driver forgot a case; `foreshift check` has to go on to the next line all the same.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import TypeVar

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, DriverError, Grammar

log = logging.getLogger(__name__)

Understood = TypeVar("Understood", bound=Grammar)


def unopened(grammar: type[Understood], definition: ConnectionDefinition) -> Understood:
    """Return an unopened driver; raise BadAddress for what is not understood, also where the driver itself fails."""
    try:
        return grammar.from_definition(definition)
    except DriverError:
        raise
    except Exception as error:
        raise _fault(f"connection {definition.id}: {definition.url}", definition.driver, error) from error


def require_address(grammar: type[Grammar], address: str) -> None:
    """Raise BadAddress for what is no address, also where the driver itself fails."""
    try:
        grammar.check_address(address)
    except DriverError:
        raise
    except Exception as error:
        raise _fault(address, grammar.__name__, error) from error


def fault_text(error: BaseException) -> str:
    """Return an error that nobody has foreseen with the line of code that it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}: {error}"


def _fault(what: str, driver: str, error: Exception) -> BadAddress:
    log.info("driver.grammar.failed %s", driver, exc_info=error)
    told = f"{what}: the driver {driver} fails over it ({fault_text(error)})"
    return BadAddress(f"{told}: write it as its documentation says, or tell whoever wrote the driver")
