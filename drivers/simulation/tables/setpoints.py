"""The set points of the demo plant that an operator may write, and under which conditions."""

from __future__ import annotations

from dataclasses import replace

from app.model.comparison import Comparison
from app.model.role import Role
from app.model.text import LocalText
from app.model.write_rule import StateRule, WriteRule
from drivers.simulation.recipe import Step
from drivers.simulation.tag import PlantTag, analog

_READ_BACK_S = 2.0


def _load_pressure(compressor: str) -> WriteRule:
    return WriteRule(
        5.8,
        7.2,
        step=0.05,
        tolerance=0.02,
        confirm=LocalText(
            "The pressure of the whole net follows: look at its consumers first.",
            "全厂管网压力随之变化：请先确认用气点。",
        ),
        interlocks=(Comparison(f"{compressor}.TRIP", "==", 0.0),),
        read_back_s=_READ_BACK_S,
    )


SETPOINTS: dict[str, WriteRule] = {
    "AC01.P_LD": _load_pressure("AC01"),
    "AC02.P_LD": _load_pressure("AC02"),
    "CT01.T_SP": WriteRule(
        26.0,
        36.0,
        step=0.5,
        tolerance=0.1,
        interlocks=(Comparison("CT01.LEVEL", ">", 30.0), Comparison("CW01.FLOW", ">", 20.0)),
        read_back_s=_READ_BACK_S,
    ),
    "SQ01.T_TRIM": WriteRule(
        -10.0,
        10.0,
        step=1.0,
        tolerance=0.1,
        confirm=LocalText("It holds for every further charge too.", "对后续炉次同样有效。"),
        role=Role.ENGINEER,
        interlocks=(Comparison("SQ01.DOOR", "==", 0.0),),
        state=StateRule("SQ01.STEP", (float(Step.HEAT), float(Step.BOOST), float(Step.DIFFUSE))),
        read_back_s=_READ_BACK_S,
    ),
}
"""By the name of the tag; a value beyond the range is cut off by the simulated PLC, as real ones do."""


def setpoint_tags() -> tuple[PlantTag, ...]:
    """Return the tags of set points that nothing measures; they stand last, so that no instrument's noise moves."""
    load = analog("P_LD", ("Load pressure set point", "加载压力设定"), unit="bar", span=(0, 16), decimals=2)
    trim = analog("T_TRIM", ("Temperature trim of the recipe", "工艺温度修正"), unit="K", span=(-50, 50))
    return tuple(with_rule(tag) for tag in (load.of("AC01"), load.of("AC02"), trim.of("SQ01")))


def with_rule(tag: PlantTag) -> PlantTag:
    """Return a tag with the rule of its writes, where it has one."""
    return replace(tag, write=SETPOINTS.get(tag.name))
