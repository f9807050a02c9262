"""The faceplates of the demo plant: one picture per class of equipment, which each of its instances has."""

from __future__ import annotations

from app.model.picture import DisplayLevel, Picture, Pipe, Readout, Symbol
from app.model.picture_port import attached
from app.model.text import LocalText

_AIR = LocalText("Air", "空气")
_OIL = LocalText("Air and oil", "油气混合物")
_WATER = LocalText("Cooling water", "冷却水")
_NOWHERE = (0.0, 0.0)


def _between(start: str, end: str, *bends: tuple[float, float], medium: LocalText) -> Pipe:
    return Pipe((_NOWHERE, *bends, _NOWHERE), medium=medium, start=start, end=end)


def _drawn(template: Picture) -> Picture:
    """Return a picture whose pipes lie at what they are attached to."""
    pipes = tuple(attached(pipe, template.symbols) for pipe in template.pipes)
    return Picture(
        template.id,
        template.title,
        template.equipment,
        template.size,
        template.symbols,
        pipes,
        template.readouts,
        template.sparklines,
        template.level if template.is_part else DisplayLevel.DETAIL,
        equipment_class=template.equipment_class,
        is_part=template.is_part,
    )


SCREW_COMPRESSOR = _drawn(
    Picture(
        id="screw-compressor",
        title=LocalText("Screw compressor", "螺杆空压机"),
        equipment="",
        equipment_class="screw_compressor",
        size=(1000.0, 660.0),
        symbols=(
            Symbol("filter", (150.0, 220.0), (70.0, 110.0), id="intake", label=LocalText("Intake", "进气")),
            Symbol(
                "compressor",
                (360.0, 220.0),
                (150.0, 150.0),
                equipment="{id}",
                running="{id}.RUN",
                value="{id}.DUTY",
                id="stage",
                label=LocalText("{id}"),
            ),
            Symbol("tank", (610.0, 220.0), (110.0, 200.0), id="separator", label=LocalText("Separator", "油分离器")),
            Symbol("heat_exchanger", (820.0, 180.0), (90.0, 90.0), id="cooler"),
            Symbol("motor", (360.0, 480.0), (100.0, 100.0), id="motor", value="{id}.KW"),
        ),
        pipes=(
            Pipe(((20.0, 220.0), _NOWHERE), medium=_AIR, end="intake.left"),
            _between("intake.right", "stage.left", medium=_AIR),
            _between("stage.right", "separator.left", medium=_OIL),
            _between("separator.right", "cooler.left", (720.0, 220.0), (720.0, 180.0), medium=_AIR),
            Pipe((_NOWHERE, (985.0, 180.0)), medium=_AIR, arrow=True, start="cooler.right"),
            Pipe(((820.0, 640.0), _NOWHERE), medium=_WATER, end="cooler.bottom"),
        ),
        readouts=(
            Readout("{id}.DP_FLT", (150.0, 330.0)),
            Readout("{id}.VIB", (220.0, 440.0), label=LocalText("vibration", "振动"), indicator=True),
            Readout("{id}.T_BRG", (220.0, 540.0), label=LocalText("bearing", "轴承"), indicator=True),
            Readout("{id}.T_W", (500.0, 440.0), label=LocalText("winding", "绕组"), indicator=True),
            Readout("{id}.I", (500.0, 540.0)),
            Readout("{id}.T_D", (490.0, 90.0), label=LocalText("discharge", "排气"), indicator=True),
            Readout("{id}.DP_SEP", (610.0, 370.0), indicator=True),
            Readout("{id}.T_OIL", (720.0, 440.0), label=LocalText("oil", "油")),
            Readout("{id}.P_D", (910.0, 90.0)),
            Readout("{id}.FLOW", (930.0, 260.0)),
            Readout("{id}.T_CWI", (910.0, 540.0), label=LocalText("water in", "进水")),
        ),
        sparklines=("{id}.T_D", "{id}.VIB", "{id}.DP_SEP", "{id}.SPC"),
    )
)

CENTRIFUGAL_PUMP = _drawn(
    Picture(
        id="centrifugal-pump",
        title=LocalText("Centrifugal pump", "离心泵"),
        equipment="",
        equipment_class="centrifugal_pump",
        size=(1000.0, 660.0),
        symbols=(
            Symbol("filter", (160.0, 300.0), (70.0, 110.0), id="strainer", label=LocalText("Strainer", "过滤器")),
            Symbol(
                "pump",
                (500.0, 300.0),
                (150.0, 150.0),
                equipment="{id}",
                running="{id}.RUN",
                id="pump",
                label=LocalText("{id}"),
            ),
            Symbol("motor", (500.0, 530.0), (100.0, 100.0), id="motor", value="{id}.KW"),
            Symbol("check_valve", (720.0, 300.0), (60.0, 50.0), id="check"),
        ),
        pipes=(
            Pipe(((20.0, 300.0), _NOWHERE), medium=_WATER, end="strainer.left"),
            _between("strainer.right", "pump.left", medium=_WATER),
            _between("pump.right", "check.left", medium=_WATER),
            Pipe((_NOWHERE, (985.0, 300.0)), medium=_WATER, arrow=True, start="check.right"),
        ),
        readouts=(
            Readout("{id}.DP_STR", (160.0, 420.0), indicator=True),
            Readout("{id}.P_S", (340.0, 190.0), label=LocalText("suction", "吸入")),
            Readout("{id}.P_D", (650.0, 190.0), label=LocalText("discharge", "排出")),
            Readout("{id}.FLOW", (870.0, 190.0)),
            Readout("{id}.V_DE", (340.0, 480.0), label=LocalText("drive end", "驱动端"), indicator=True),
            Readout("{id}.V_NDE", (340.0, 580.0), label=LocalText("other end", "非驱动端")),
            Readout("{id}.T_BDE", (670.0, 480.0), label=LocalText("bearing", "轴承"), indicator=True),
            Readout("{id}.T_W", (670.0, 580.0), label=LocalText("winding", "绕组"), indicator=True),
            Readout("{id}.EFF", (870.0, 420.0), label=LocalText("efficiency", "效率"), indicator=True),
            Readout("{id}.SEAL", (500.0, 110.0), label=LocalText("seal", "密封")),
        ),
        sparklines=("{id}.DP_STR", "{id}.FLOW", "{id}.V_DE", "{id}.EFF"),
    )
)

PUMP_LINE = _drawn(
    Picture(
        id="pump-line",
        title=LocalText("Pump with its strainer", "泵及过滤器"),
        equipment="",
        equipment_class="centrifugal_pump",
        is_part=True,
        size=(420.0, 200.0),
        symbols=(
            Symbol("filter", (70.0, 100.0), (60.0, 90.0), equipment="{id}", id="strainer"),
            Symbol(
                "pump",
                (245.0, 100.0),
                (110.0, 110.0),
                equipment="{id}",
                running="{id}.RUN",
                id="pump",
                label=LocalText("{id}"),
            ),
        ),
        pipes=(
            Pipe(((0.0, 100.0), _NOWHERE), medium=_WATER, end="strainer.left"),
            _between("strainer.right", "pump.left", medium=_WATER),
            Pipe((_NOWHERE, (420.0, 100.0)), medium=_WATER, start="pump.right"),
        ),
        readouts=(
            Readout("{id}.DP_STR", (70.0, 12.0), indicator=True),
            Readout("{id}.V_DE", (385.0, 22.0), label=LocalText("vibration", "振动"), indicator=True),
        ),
    )
)
"""What one pump of the picture of the cooling water looks like; each has it with its own tags."""

FACEPLATES: tuple[Picture, ...] = (CENTRIFUGAL_PUMP, PUMP_LINE, SCREW_COMPRESSOR)
