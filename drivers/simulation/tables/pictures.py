"""The process pictures of the demo plant, one per area."""

from __future__ import annotations

from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.text import LocalText

_AIR = LocalText("Compressed air", "压缩空气")
_WATER = LocalText("Cooling water", "冷却水")
_OIL = LocalText("Quench oil", "淬火油")


def _pipe(*points: tuple[float, float], medium: LocalText, arrow: bool = False) -> Pipe:
    return Pipe(points, medium=medium, arrow=arrow)


def _machine(kind: str, name: str, at: tuple[float, float], size: float, *, value: str = "") -> Symbol:
    return Symbol(
        kind,
        at,
        (size, size),
        equipment=name,
        running=f"{name}.RUN",
        value=value and f"{name}.{value}",
        label=LocalText(name),
    )


COMPRESSED_AIR = Picture(
    id="air",
    title=LocalText("Compressed air", "空压站"),
    equipment="air",
    size=(1000.0, 620.0),
    symbols=(
        Symbol("filter", (90.0, 290.0), (70.0, 130.0), label=LocalText("Intake", "进气")),
        _machine("compressor", "AC01", (320.0, 150.0), 130.0, value="DUTY"),
        _machine("compressor", "AC02", (320.0, 430.0), 130.0, value="DUTY"),
        Symbol("tank", (580.0, 290.0), (100.0, 160.0), equipment="DR01", running="DR01.RUN", label=LocalText("DR01")),
        Symbol("tank", (800.0, 290.0), (100.0, 250.0), equipment="AN01", level="AN01.P", label=LocalText("AN01")),
    ),
    pipes=(
        _pipe((20.0, 290.0), (180.0, 290.0), medium=LocalText("Intake air", "进气")),
        _pipe((180.0, 290.0), (180.0, 150.0), (255.0, 150.0), medium=LocalText("Intake air", "进气")),
        _pipe((180.0, 290.0), (180.0, 430.0), (255.0, 430.0), medium=LocalText("Intake air", "进气")),
        _pipe((385.0, 150.0), (450.0, 150.0), (450.0, 290.0), medium=_AIR),
        _pipe((385.0, 430.0), (450.0, 430.0), (450.0, 290.0), medium=_AIR),
        _pipe((450.0, 290.0), (530.0, 290.0), medium=_AIR),
        _pipe((630.0, 290.0), (750.0, 290.0), medium=_AIR),
        _pipe((850.0, 290.0), (980.0, 290.0), medium=_AIR, arrow=True),
    ),
    readouts=(
        Readout("AC01.DP_FLT", (90.0, 390.0)),
        Readout("AC01.T_D", (320.0, 45.0)),
        Readout("AC02.T_D", (320.0, 545.0)),
        Readout("AC01.KW", (450.0, 100.0)),
        Readout("AC02.KW", (450.0, 480.0)),
        Readout("DR01.T_DP", (580.0, 410.0), label=LocalText("dew point", "露点")),
        Readout("AN01.P", (800.0, 455.0)),
        Readout("AN01.FLOW", (920.0, 240.0)),
        Readout("AN01.LEAK", (920.0, 350.0), label=LocalText("leaks", "泄漏")),
    ),
    sparklines=("AN01.KW", "AN01.FLOW", "AN01.SEC", "AN01.P"),
)

COOLING_WATER = Picture(
    id="water",
    title=LocalText("Cooling water", "循环冷却水"),
    equipment="water",
    size=(1000.0, 620.0),
    symbols=(
        Symbol(
            "tower",
            (130.0, 260.0),
            (170.0, 220.0),
            equipment="CT01",
            level="CT01.LEVEL",
            value="CT01.FAN",
            label=LocalText("CT01"),
        ),
        Symbol("filter", (350.0, 150.0), (60.0, 90.0), equipment="PU01", label=LocalText("Strainer", "滤网")),
        Symbol("filter", (350.0, 430.0), (60.0, 90.0), equipment="PU02", label=LocalText("Strainer", "滤网")),
        _machine("pump", "PU01", (520.0, 150.0), 110.0),
        _machine("pump", "PU02", (520.0, 430.0), 110.0),
        Symbol("meter", (760.0, 290.0), (70.0, 70.0), equipment="CW01", value="CW01.FLOW", label=LocalText("CW01")),
    ),
    pipes=(
        _pipe((215.0, 290.0), (270.0, 290.0), medium=_WATER),
        _pipe((270.0, 290.0), (270.0, 150.0), (465.0, 150.0), medium=_WATER),
        _pipe((270.0, 290.0), (270.0, 430.0), (465.0, 430.0), medium=_WATER),
        _pipe((575.0, 150.0), (650.0, 150.0), (650.0, 290.0), medium=_WATER),
        _pipe((575.0, 430.0), (650.0, 430.0), (650.0, 290.0), medium=_WATER),
        _pipe((650.0, 290.0), (725.0, 290.0), medium=_WATER),
        _pipe((795.0, 290.0), (960.0, 290.0), medium=_WATER, arrow=True),
        _pipe((960.0, 580.0), (130.0, 580.0), (130.0, 370.0), medium=LocalText("Return", "回水"), arrow=True),
    ),
    readouts=(
        Readout("CT01.T_WB", (130.0, 110.0), label=LocalText("wet bulb", "湿球")),
        Readout("PU01.DP_STR", (350.0, 230.0)),
        Readout("PU02.DP_STR", (350.0, 510.0)),
        Readout("PU01.FLOW", (520.0, 55.0)),
        Readout("PU02.FLOW", (520.0, 525.0)),
        Readout("PU01.V_DE", (640.0, 100.0)),
        Readout("PU02.V_DE", (640.0, 480.0)),
        Readout("CW01.P_SUP", (760.0, 225.0)),
        Readout("CT01.T_SUP", (890.0, 250.0)),
        Readout("CT01.T_RET", (560.0, 555.0)),
    ),
    sparklines=("PU02.DP_STR", "CW01.FLOW", "PU02.V_DE", "CT01.T_SUP"),
)

HEAT_TREATMENT = Picture(
    id="heat",
    title=LocalText("Heat treatment", "热处理"),
    equipment="heat",
    size=(1000.0, 620.0),
    symbols=(
        Symbol("furnace", (300.0, 210.0), (340.0, 220.0), equipment="SQ01", label=LocalText("SQ01")),
        Symbol("tank", (300.0, 480.0), (260.0, 150.0), equipment="OT01", level="OT01.LEVEL", label=LocalText("OT01")),
        Symbol("valve", (640.0, 480.0), (60.0, 60.0), equipment="OT01", value="OT01.VALVE"),
        Symbol("meter", (820.0, 210.0), (80.0, 80.0), equipment="EM03", value="EM03.KW", label=LocalText("EM03")),
    ),
    pipes=(
        _pipe((300.0, 320.0), (300.0, 405.0), medium=LocalText("Charge", "工件"), arrow=True),
        _pipe((430.0, 440.0), (560.0, 440.0), (560.0, 480.0), (610.0, 480.0), medium=_OIL),
        _pipe((670.0, 480.0), (900.0, 480.0), medium=_WATER, arrow=True),
        _pipe((780.0, 210.0), (470.0, 210.0), medium=LocalText("Power", "电力"), arrow=True),
    ),
    readouts=(
        Readout("SQ01.Z1_PV", (190.0, 70.0), label=LocalText("zone 1", "1 区")),
        Readout("SQ01.Z2_PV", (300.0, 70.0), label=LocalText("zone 2", "2 区")),
        Readout("SQ01.Z3_PV", (410.0, 70.0), label=LocalText("zone 3", "3 区")),
        Readout("SQ01.T_LOAD", (570.0, 130.0), label=LocalText("load", "工件")),
        Readout("SQ01.CP", (570.0, 290.0), label=LocalText("carbon", "碳势")),
        Readout("OT01.T", (300.0, 590.0)),
        Readout("OT01.Q_COOL", (800.0, 530.0)),
    ),
    sparklines=("SQ01.Z2_PV", "SQ01.CP", "OT01.T", "SQ01.KW"),
)

PICTURES: tuple[Picture, ...] = (COMPRESSED_AIR, COOLING_WATER, HEAT_TREATMENT)
