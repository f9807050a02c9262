"""What the symbols, groups, levels and layers of process pictures are called on the screen."""

from __future__ import annotations

from app.model.picture import DisplayLevel
from widgets.translation import tr


def kind_name(kind: str) -> str:
    """Return what a symbol is called; its own word where it is none of the library."""
    names = {
        "compressor": tr("Compressor"),
        "pump": tr("Pump"),
        "fan": tr("Fan"),
        "motor": tr("Motor"),
        "conveyor": tr("Conveyor"),
        "tank": tr("Tank"),
        "receiver": tr("Receiver"),
        "column": tr("Column"),
        "agitator": tr("Stirred vessel"),
        "cyclone": tr("Cyclone"),
        "tower": tr("Cooling tower"),
        "furnace": tr("Furnace"),
        "boiler": tr("Boiler"),
        "heat_exchanger": tr("Heat exchanger"),
        "dryer": tr("Dryer"),
        "valve": tr("Valve"),
        "control_valve": tr("Control valve"),
        "check_valve": tr("Check valve"),
        "three_way_valve": tr("Three-way valve"),
        "filter": tr("Strainer"),
        "meter": tr("Dial"),
        "indicator": tr("Instrument"),
        "transformer": tr("Transformer"),
        "breaker": tr("Breaker"),
        "part": tr("Part of a class"),
        "text": tr("Text"),
        "frame": tr("Frame"),
    }
    return names.get(kind, kind)


def level_name(level: DisplayLevel) -> str:
    """Return what a display level is called."""
    return {
        DisplayLevel.OVERVIEW: tr("1 Overview"),
        DisplayLevel.UNIT: tr("2 Unit"),
        DisplayLevel.DETAIL: tr("3 Detail"),
        DisplayLevel.DIAGNOSTIC: tr("4 Diagnostic"),
    }[level]


def layer_name(layer: str) -> str:
    """Return what a layer is called; its own word where somebody named it."""
    names = {"pipes": tr("Pipes"), "equipment": tr("Equipment"), "values": tr("Values")}
    return names.get(layer, layer)
