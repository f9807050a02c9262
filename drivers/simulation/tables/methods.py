"""The methods of the demo plant that an operator may call, and under which conditions."""

from __future__ import annotations

from app.model.comparison import Comparison
from app.model.method import MethodArgument, MethodDefinition, MethodOutput
from app.model.role import Role
from app.model.text import LocalText
from app.model.value_rule import ValueRule
from drivers.simulation.exposure import OPC_UA
from drivers.simulation.tag import NAMESPACE

FURNACE_FOLDER = "heat/SQ01"
PURGE = MethodDefinition(
    name="SQ01.PURGE",
    equipment="SQ01",
    title=LocalText("Purge with nitrogen", "氮气吹扫"),
    connection=OPC_UA,
    owner=f"nsu={NAMESPACE};s=/{FURNACE_FOLDER}",
    method="Purge",
    arguments=(
        MethodArgument(
            name="Minutes",
            title=LocalText("Duration", "时长"),
            rule=ValueRule(5.0, 60.0, step=5.0),
            unit="min",
            decimals=0,
        ),
    ),
    outputs=(MethodOutput(LocalText("Nitrogen that it takes", "氮气用量"), "m3"),),
    is_enabled=True,
    confirm=LocalText(
        "The charge takes up no carbon meanwhile, and loses case depth.", "吹扫期间炉料不再渗碳，渗层深度将不足。"
    ),
    role=Role.ENGINEER,
    interlocks=(Comparison("SQ01.DOOR", "==", 0.0),),
)
METHODS: tuple[MethodDefinition, ...] = (PURGE,)
