"""The library of symbols for process pictures: what there is to draw, how large, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class SymbolKind:
    """`size`: width and height of a new one, picture units. `group`: the part of the palette that it stands in.

    `turns`: whether it may lie on its side. `holds`: whether a level may fill it. `is_plain`: it stands for nothing in
    the plant, as a text or a frame.
    """

    size: tuple[float, float]
    group: str
    turns: bool = True
    holds: bool = False
    is_plain: bool = False


SYMBOL_KINDS: Mapping[str, SymbolKind] = MappingProxyType(
    {
        "compressor": SymbolKind((100, 100), "machine"),
        "pump": SymbolKind((90, 90), "machine"),
        "fan": SymbolKind((90, 90), "machine"),
        "motor": SymbolKind((70, 70), "machine", turns=False),
        "conveyor": SymbolKind((180, 50), "machine"),
        "tank": SymbolKind((110, 180), "vessel", turns=False, holds=True),
        "receiver": SymbolKind((110, 180), "vessel", turns=False, holds=True),
        "column": SymbolKind((80, 260), "vessel", turns=False),
        "agitator": SymbolKind((120, 180), "vessel", turns=False, holds=True),
        "cyclone": SymbolKind((90, 160), "vessel", turns=False),
        "tower": SymbolKind((160, 200), "heat", turns=False),
        "furnace": SymbolKind((220, 160), "heat", turns=False),
        "boiler": SymbolKind((160, 180), "heat", turns=False),
        "heat_exchanger": SymbolKind((90, 90), "heat"),
        "dryer": SymbolKind((110, 150), "heat", turns=False),
        "valve": SymbolKind((60, 60), "fitting"),
        "control_valve": SymbolKind((60, 70), "fitting"),
        "check_valve": SymbolKind((60, 50), "fitting"),
        "three_way_valve": SymbolKind((60, 60), "fitting"),
        "filter": SymbolKind((60, 90), "fitting"),
        "meter": SymbolKind((80, 80), "instrument", turns=False),
        "indicator": SymbolKind((60, 60), "instrument", turns=False),
        "transformer": SymbolKind((70, 110), "electric"),
        "breaker": SymbolKind((50, 50), "electric"),
        "part": SymbolKind((240, 160), "plain", turns=False),
        "text": SymbolKind((160, 30), "plain", turns=False, is_plain=True),
        "frame": SymbolKind((300, 200), "plain", turns=False, is_plain=True),
    }
)
"""Each kind by its name in a picture's file."""
