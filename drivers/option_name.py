"""An option of a connection that its driver does not know: the one that was probably meant is named first."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from drivers.driver import BadOption


def unknown_option(place: str, name: str, known: Iterable[str]) -> BadOption:
    """Return the error about an option of a connection; `place`: its URL, `known`: all options that there are."""
    names = list(known)
    meant = get_close_matches(name, names, 1)
    hint = f" (did you mean {meant[0]}?)" if meant else ""
    return BadOption(name, f'"{place}": unknown option "{name}"{hint}; there are {", ".join(names)}')
