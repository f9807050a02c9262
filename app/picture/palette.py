"""The colours of both looks as numbers: contrast (WCAG 2.2), chroma and distance (CIE 1976 L*a*b*, white D65)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LOOKS = ("dark", "light")
_WHITE = (0.95047, 1.0, 1.08883)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look by their meaning, as "#RRGGBB"."""

    look: str
    colors: Mapping[str, str]

    @property
    def ground(self) -> str:
        """Return what pictures are drawn on."""
        return self.colors["panel"]


@cache
def palettes() -> tuple[Palette, ...]:
    """Return the colours of the dark and the light look."""
    return tuple(_palette(look) for look in LOOKS)


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' luminances, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def chroma(color: str) -> float:
    """Return how far a colour is from grey."""
    _, a, b = _lab(color)
    return math.hypot(a, b)


def distance(one: str, other: str) -> float:
    """Return how different two colours look (Delta E 1976)."""
    return math.dist(_lab(one), _lab(other))


def _palette(look: str) -> Palette:
    document = tomllib.loads((files("resources") / "themes" / f"{look}.toml").read_text("utf-8"))
    tables = [table for table in document.values() if isinstance(table, dict)]
    return Palette(look, {key: value for table in tables for key, value in table.items()})


def _linear(color: str) -> tuple[float, float, float]:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(color: str) -> tuple[float, float, float]:
    red, green, blue = _linear(color)
    x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    fx, fy, fz = (_root(part / white) for part, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _root(share: float) -> float:
    return math.cbrt(share) if share > _EPSILON else (_KAPPA * share + 16) / 116
