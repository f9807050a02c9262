"""The equipment hierarchy of the demo plant: site, areas, work units."""

from __future__ import annotations

from app.model.equipment import Equipment, EquipmentLevel
from app.model.maintenance import Nameplate
from app.model.text import LocalText
from drivers.simulation.tables.nameplates import NAMEPLATES

SITE = "huangdao"


def _area(name: str, en: str, zh: str) -> Equipment:
    return Equipment(name, LocalText(en, zh), level=EquipmentLevel.AREA, parent=SITE)


def _unit(name: str, area: str, kind: str, title: tuple[str, str]) -> Equipment:
    text = LocalText(f"{title[0]} {name}", f"{title[1]} {name}")
    plate = NAMEPLATES.get(name, Nameplate())
    return Equipment(name, text, level=EquipmentLevel.WORK_UNIT, parent=area, kind=kind, nameplate=plate)


EQUIPMENT: tuple[Equipment, ...] = (
    Equipment(SITE, LocalText("Huangdao Heat-Treat", "黄岛热处理线"), level=EquipmentLevel.SITE),
    _area("air", "Compressed air", "空压站"),
    _unit("AC01", "air", "screw_compressor", ("Compressor", "空压机")),
    _unit("AC02", "air", "screw_compressor", ("Compressor", "空压机")),
    _unit("DR01", "air", "refrigeration_dryer", ("Dryer", "冷干机")),
    _unit("AN01", "air", "air_receiver", ("Receiver and net", "储气罐及管网")),
    _area("water", "Cooling water", "循环冷却水"),
    _unit("PU01", "water", "centrifugal_pump", ("Pump", "循环水泵")),
    _unit("PU02", "water", "centrifugal_pump", ("Pump", "循环水泵")),
    _unit("CW01", "water", "pump_station", ("Pump station", "循环水泵站")),
    _unit("CT01", "water", "cooling_tower", ("Cooling tower", "冷却塔")),
    _area("heat", "Heat treatment", "热处理"),
    _unit("SQ01", "heat", "sealed_quench_furnace", ("Sealed quench furnace", "密封箱式多用炉")),
    _unit("OT01", "heat", "quench_oil_tank", ("Quench oil tank", "淬火油槽")),
    _area("power", "Power supply", "供配电"),
    _unit("TR01", "power", "transformer", ("Transformer", "变压器")),
    _unit("EM01", "power", "energy_meter", ("Meter, compressed air", "空压站电表")),
    _unit("EM02", "power", "energy_meter", ("Meter, cooling water", "循环水电表")),
    _unit("EM03", "power", "energy_meter", ("Meter, furnace", "多用炉电表")),
    _unit("EM04", "power", "energy_meter", ("Meter, oil tank", "油槽电表")),
    _unit("EM05", "power", "energy_meter", ("Meter, auxiliaries", "辅助用电电表")),
)
