"""The process pictures of the demo plant, one per area."""

from __future__ import annotations

from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.picture_port import attached
from app.model.text import LocalText

_INTAKE = LocalText("Intake air", "进气")
_AIR = LocalText("Compressed air", "压缩空气")
_WATER = LocalText("Cooling water", "冷却水")
_OIL = LocalText("Quench oil", "淬火油")


def _pipe(*points: tuple[float, float], medium: LocalText, arrow: bool = False, start: str = "", end: str = "") -> Pipe:
    """Return a pipe through points from one symbol's side to another's."""
    ends = [(0.0, 0.0)]
    through = (*(ends if start else []), *points, *(ends if end else []))
    return Pipe(through, medium=medium, arrow=arrow, start=start, end=end)


def _led(*pipes: Pipe, symbols: tuple[Symbol, ...]) -> tuple[Pipe, ...]:
    return tuple(attached(pipe, symbols) for pipe in pipes)


def _machine(kind: str, name: str, at: tuple[float, float], size: float, *, value: str = "") -> Symbol:
    return Symbol(
        kind,
        at,
        (size, size),
        equipment=name,
        running=f"{name}.RUN",
        value=value and f"{name}.{value}",
        label=LocalText(name),
        id=name,
    )


def _pump_line(name: str, at: tuple[float, float]) -> Symbol:
    """Return the part that a pump with its strainer is: a picture of its class, in faceplates.py."""
    return Symbol("part", at, (420.0, 200.0), equipment=name, id=name, part="pump-line")


_COMPRESSED_AIR_SYMBOLS: tuple[Symbol, ...] = (
    Symbol("filter", (100.0, 330.0), (70.0, 130.0), equipment="AC01", id="intake", label=LocalText("Intake", "进气")),
    _machine("compressor", "AC01", (340.0, 190.0), 140.0, value="DUTY"),
    _machine("compressor", "AC02", (340.0, 450.0), 140.0, value="DUTY"),
    Symbol(
        "tank", (600.0, 330.0), (110.0, 160.0), equipment="DR01", running="DR01.RUN", id="DR01", label=LocalText("DR01")
    ),
    Symbol(
        "tank", (800.0, 330.0), (110.0, 260.0), equipment="AN01", level="AN01.P", id="AN01", label=LocalText("AN01")
    ),
)

COMPRESSED_AIR = Picture(
    id="air",
    title=LocalText("Compressed air", "空压站"),
    equipment="air",
    size=(1000.0, 660.0),
    symbols=_COMPRESSED_AIR_SYMBOLS,
    pipes=_led(
        _pipe((20.0, 330.0), end="intake.left", medium=_INTAKE),
        _pipe((200.0, 330.0), (200.0, 190.0), start="intake.right", end="AC01.left", medium=_INTAKE),
        _pipe((200.0, 330.0), (200.0, 450.0), end="AC02.left", medium=_INTAKE),
        _pipe((470.0, 190.0), (470.0, 330.0), start="AC01.right", end="DR01.left", medium=_AIR),
        _pipe((470.0, 450.0), (470.0, 330.0), start="AC02.right", medium=_AIR),
        _pipe(start="DR01.right", end="AN01.left", medium=_AIR),
        _pipe((985.0, 330.0), start="AN01.right", medium=_AIR, arrow=True),
        symbols=_COMPRESSED_AIR_SYMBOLS,
    ),
    readouts=(
        Readout("AC01.DP_FLT", (100.0, 440.0)),
        Readout("AC01.T_D", (340.0, 55.0), label=LocalText("discharge", "排气"), indicator=True),
        Readout("AC02.T_D", (340.0, 600.0), label=LocalText("discharge", "排气"), indicator=True),
        Readout("AC01.P_LD", (560.0, 120.0), label=LocalText("loads at", "加载压力")),
        Readout("AC02.P_LD", (560.0, 570.0), label=LocalText("loads at", "加载压力")),
        Readout("DR01.T_DP", (600.0, 460.0), label=LocalText("dew point", "露点"), indicator=True),
        Readout("AN01.P", (800.0, 510.0), indicator=True),
        Readout("AN01.FLOW", (880.0, 90.0), label=LocalText("to the net", "至管网")),
    ),
    sparklines=("AN01.KW", "AN01.FLOW", "AN01.SEC", "AN01.P"),
)

_COOLING_WATER_SYMBOLS: tuple[Symbol, ...] = (
    Symbol(
        "tower", (110.0, 300.0), (180.0, 220.0), equipment="CT01", value="CT01.FAN", id="CT01", label=LocalText("CT01")
    ),
    _pump_line("PU01", (505.0, 170.0)),
    _pump_line("PU02", (505.0, 470.0)),
)

COOLING_WATER = Picture(
    id="water",
    title=LocalText("Cooling water", "循环冷却水"),
    equipment="water",
    size=(1000.0, 700.0),
    symbols=_COOLING_WATER_SYMBOLS,
    pipes=_led(
        _pipe((225.0, 300.0), (225.0, 170.0), start="CT01.right", end="PU01.left", medium=_WATER),
        _pipe((225.0, 300.0), (225.0, 470.0), end="PU02.left", medium=_WATER),
        _pipe((785.0, 170.0), (785.0, 330.0), (985.0, 330.0), start="PU01.right", medium=_WATER, arrow=True),
        _pipe((785.0, 470.0), (785.0, 330.0), start="PU02.right", medium=_WATER),
        _pipe((985.0, 660.0), (110.0, 660.0), end="CT01.bottom", medium=LocalText("Return", "回水"), arrow=True),
        symbols=_COOLING_WATER_SYMBOLS,
    ),
    readouts=(
        Readout("CW01.FLOW", (895.0, 260.0), label=LocalText("flow", "流量")),
        Readout("CT01.T_SUP", (895.0, 395.0), label=LocalText("supply", "供水"), indicator=True),
        Readout("CT01.T_SP", (110.0, 90.0), label=LocalText("set point", "设定值")),
        Readout("CT01.T_RET", (895.0, 590.0), label=LocalText("return", "回水")),
    ),
    sparklines=("PU02.DP_STR", "CW01.FLOW", "PU02.V_DE", "CT01.T_SUP"),
)

_HEAT_TREATMENT_SYMBOLS: tuple[Symbol, ...] = (
    Symbol(
        "furnace",
        (330.0, 220.0),
        (360.0, 220.0),
        equipment="SQ01",
        value="SQ01.T_LOAD",
        id="SQ01",
        label=LocalText("SQ01"),
    ),
    Symbol(
        "tank", (330.0, 510.0), (260.0, 150.0), equipment="OT01", level="OT01.LEVEL", id="OT01", label=LocalText("OT01")
    ),
    Symbol("valve", (660.0, 510.0), (70.0, 70.0), equipment="OT01", value="OT01.VALVE", id="valve"),
    Symbol(
        "meter", (860.0, 220.0), (110.0, 110.0), equipment="EM03", value="EM03.KW", id="EM03", label=LocalText("EM03")
    ),
)

HEAT_TREATMENT = Picture(
    id="heat",
    title=LocalText("Heat treatment", "热处理"),
    equipment="heat",
    size=(1000.0, 660.0),
    symbols=_HEAT_TREATMENT_SYMBOLS,
    pipes=_led(
        _pipe(start="SQ01.bottom", end="OT01.top", medium=LocalText("Charge", "工件"), arrow=True),
        _pipe(start="OT01.right", end="valve.left", medium=_OIL),
        _pipe((960.0, 510.0), start="valve.right", medium=_WATER, arrow=True),
        _pipe(start="EM03.left", end="SQ01.right", medium=LocalText("Power", "电力"), arrow=True),
        symbols=_HEAT_TREATMENT_SYMBOLS,
    ),
    readouts=(
        Readout("SQ01.Z1_PV", (180.0, 40.0), label=LocalText("zone 1", "1 区"), indicator=True),
        Readout("SQ01.Z2_PV", (330.0, 40.0), label=LocalText("zone 2", "2 区"), indicator=True),
        Readout("SQ01.Z3_PV", (480.0, 40.0), label=LocalText("zone 3", "3 区"), indicator=True),
        Readout("SQ01.T_TRIM", (660.0, 90.0), label=LocalText("trim", "温度修正")),
        Readout("SQ01.CP", (640.0, 300.0), label=LocalText("carbon", "碳势"), indicator=True),
        Readout("OT01.T", (330.0, 610.0), label=LocalText("oil", "油"), indicator=True),
        Readout("OT01.Q_COOL", (860.0, 570.0), label=LocalText("heat", "热量")),
    ),
    sparklines=("SQ01.Z2_PV", "SQ01.CP", "OT01.T", "SQ01.KW"),
)

PICTURES: tuple[Picture, ...] = (COMPRESSED_AIR, COOLING_WATER, HEAT_TREATMENT)
